package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.Leakage.LeakagePoint;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Interim;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.People;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeakageTest {
  private static final List<String> NAMES = List.of("ann", "bob", "cem", "dot");
  private static final double[] END = {1, 1, 1, 0};
  private static final double[] START = {1, 0, 0, 0};
  private static final Map<String, double[]> ENDS =
      Map.of(Reconstructions.RECOGNISED, END, Reconstructions.BASELINE_START, START);

  private static Reconstructions rebuilt(List<CurvePoint> curve) {
    return Reconstructions.of(
        new Shape(1),
        new float[4],
        new float[4],
        new int[] {0, 1, 2, 3},
        NAMES,
        new double[4],
        new int[4],
        curve);
  }

  private static Reconstructions asked() {
    return rebuilt(List.of(new CurvePoint(100, .2), new CurvePoint(900, .9)));
  }

  private static List<Double> shares(Leakage leakage) {
    return leakage.points().stream().map(point -> point.recognised().value()).toList();
  }

  @Test
  void goesFromTheStartOverWhatWasKeptToWhatIsReported() {
    Interim interim = new Interim(List.of(100L, 300L), new int[] {0, 1, 2, 3}, new float[8]);
    Reconstructions judged =
        asked()
            .after(interim)
            .judged(with(Reconstructions.INTERIM_RECOGNISED, 0, 0, 0, 0, 1, 1, 0, 0), Map.of());
    Leakage leakage = Leakage.of(judged).orElseThrow();
    assertThat(leakage.points())
        .extracting(LeakagePoint::queries)
        .containsExactly(0L, 100L, 300L, 900L);
    assertThat(shares(leakage)).containsExactly(.25, 0., .5, .75);
    assertThat(leakage.counted()).isEqualTo(4);
    assertThat(leakage.endsOnly()).isFalse();
    Finding finding =
        InversionAssessor.assess(
            new Ran(
                new AttackInfo("mi-search", "", "", Family.INVERSION, Access.SCORES, "", true, ""),
                900,
                1,
                null),
            judged,
            true,
            Run.of(1));
    assertThat(leakage.points().get(3).recognised())
        .as("the reported share, interval and all")
        .isEqualTo(finding.metrics().get("recognised"));
    assertThat(leakage.points().get(0).recognised()).isEqualTo(finding.baselines().get("start"));
  }

  /** Of drawn classes, start and end are counted as well. */
  @Test
  void everyPointCountsTheSamePeople() {
    Reconstructions judged =
        asked()
            .after(new Interim(List.of(100L), new int[] {0, 3}, new float[2]))
            .judged(with(Reconstructions.INTERIM_RECOGNISED, 0, 1), Map.of());
    Leakage leakage = Leakage.of(judged).orElseThrow();
    assertThat(shares(leakage)).containsExactly(.5, .5, .5);
    assertThat(leakage.counted()).isEqualTo(2);
    assertThat(leakage.classes()).isEqualTo(4);
  }

  @Test
  void whereNothingWasKeptOnTheWayStartAndEndAreAllThereIs() {
    Leakage leakage = Leakage.of(asked().judged(ENDS, Map.of())).orElseThrow();
    assertThat(shares(leakage)).containsExactly(.25, .75);
    assertThat(leakage.endsOnly()).isTrue();
  }

  @Test
  void whoAsksNothingLeaksByNoQuery() {
    assertThat(Leakage.of(rebuilt(List.of()).judged(ENDS, Map.of()))).isEmpty();
  }

  @Test
  void withoutAnEvaluatorNothingIsSaid() {
    assertThat(Leakage.of(asked())).isEmpty();
  }

  @Test
  void picturesOfSingleRecordsAreNobodysBest() {
    People two = new People(List.of("a", "b"), List.of("a", "b"), new int[] {0, 1});
    People others = new People(List.of("c", "d"), List.of("c", "d"), new int[] {2, 3});
    Reconstructions ofRecords = asked().from(new Origins(two, others));
    assertThat(Leakage.of(ofRecords.judged(ENDS, Map.of()))).isEmpty();
  }

  private static Map<String, double[]> with(String name, double... answers) {
    return Map.of(
        name, answers, Reconstructions.RECOGNISED, END, Reconstructions.BASELINE_START, START);
  }
}
