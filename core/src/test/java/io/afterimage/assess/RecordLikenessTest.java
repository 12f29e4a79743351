package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.People;
import io.afterimage.evidence.Reconstructions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordLikenessTest {
  private static final String PSNR = Reconstructions.RECORD_PSNR;
  private static final String MEAN = PSNR + Reconstructions.OF_POPULATION_MEAN;

  @Test
  void membersAreHeldAgainstOthersAndBothAgainstAPictureOfNobody() {
    double[] alike = {20, 22, 24, 26, 17, 19};
    double[] mean = {10, 11, 14, 15, 16, 20};
    RecordLikeness likeness = likeness(4, 1, Map.of(PSNR, alike, MEAN, mean), Map.of(), 1);
    Map<String, Metric> metrics = likeness.metrics();
    assertThat(value(metrics, "recordPsnr@members")).isEqualTo(23);
    assertThat(value(metrics, "recordPsnr@nonmembers")).isEqualTo(18);
    assertThat(value(metrics, "recordPsnr/membersOverNonmembers")).isEqualTo(5);
    assertThat(value(metrics, "recordPsnr/overPopulationMean@members"))
        .isCloseTo(10.5, within(1e-12));
    assertThat(value(metrics, "recordPsnr/overPopulationMean@nonmembers")).isZero();
    // Gains of 10, 11, 10 and 11: half a root of a third wide, 3.182 for three degrees.
    assertThat(metric(metrics, "recordPsnr/overPopulationMean@members").low())
        .isCloseTo(10.5 - 3.18245 * Math.sqrt(1 / 12.0), within(1e-4));
    assertThat(metric(metrics, "recordPsnr/membersOverNonmembers").n()).isEqualTo(6);
    Map<String, Metric> baselines = likeness.baselines();
    assertThat(baselines)
        .containsOnlyKeys(
            "population-mean/recordPsnr@members", "population-mean/recordPsnr@nonmembers");
    assertThat(value(baselines, "population-mean/recordPsnr@members")).isEqualTo(12.5);
    assertThat(value(baselines, "population-mean/recordPsnr@nonmembers")).isEqualTo(18);
  }

  @Test
  void theDifferenceCoversTheTruthThoughPeopleHaveSeveralRecords() {
    Coverage.covers(100, 2, seed -> difference(seed, 60, 1));
    Coverage.covers(100, 2, seed -> difference(seed, 60, 3));
  }

  /** Members' records are 2 dB nearer; each person's vary about a level of the person's own. */
  private static Metric difference(int seed, int people, int each) {
    RandomGenerator random = Draws.random("alike", seed);
    double[] level = new double[2 * people];
    Arrays.setAll(level, person -> (person < people ? 2 : 0) + 3 * random.nextGaussian());
    double[] alike =
        IntStream.range(0, 2 * people * each)
            .mapToDouble(row -> level[row / each] + random.nextGaussian())
            .toArray();
    Map<String, double[]> judged = Map.of(PSNR, alike, MEAN, new double[alike.length]);
    return Objects.requireNonNull(
        likeness(people * each, each, judged, Map.of(), seed)
            .metrics()
            .get("recordPsnr/membersOverNonmembers"));
  }

  @Test
  void oneNonMemberGivesNoDifference() {
    double[] alike = {20, 22, 17};
    Map<String, Metric> metrics =
        likeness(2, 1, Map.of(PSNR, alike, MEAN, alike), Map.of(), 1).metrics();
    assertThat(metric(metrics, "recordPsnr/membersOverNonmembers").reason())
        .isEqualTo("an interval needs at least 2 members and 2 non-members");
    assertThat(metric(metrics, "recordPsnr@nonmembers").resolved()).isFalse();
  }

  @Test
  void whatWasNotJudgedHasTheReason() {
    double[] alike = DoubleStream.generate(() -> 20).limit(4).toArray();
    String small = "it needs pictures of at least 11x11 pixels, not 8x8";
    Map<String, Metric> metrics =
        likeness(
                2,
                1,
                Map.of(PSNR, alike, MEAN, alike),
                Map.of(Reconstructions.RECORD_SSIM, small),
                1)
            .metrics();
    assertThat(metric(metrics, "recordSsim@members").reason()).isEqualTo(small);
    assertThat(metrics).doesNotContainKey("recordSsim/membersOverNonmembers");
  }

  @Test
  void ofClassesThereIsNothing() {
    Reconstructions classes = pictures(4);
    RecordLikeness likeness = new RecordLikeness(classes, new Resampling(Run.of(1), "x"));
    assertThat(likeness.metrics()).isEmpty();
    assertThat(likeness.baselines()).isEmpty();
  }

  private static double value(Map<String, Metric> metrics, String name) {
    return Objects.requireNonNull(metric(metrics, name).value(), name);
  }

  private static RecordLikeness likeness(
      int members, int each, Map<String, double[]> judged, Map<String, String> unjudged, int seed) {
    int rows = Objects.requireNonNull(judged.get(PSNR)).length;
    Origins origins = new Origins(people("m", members, each), people("n", rows - members, each));
    return new RecordLikeness(
        pictures(rows).from(origins).judged(judged, unjudged),
        new Resampling(Run.of(seed), "records"));
  }

  private static People people(String name, int rows, int each) {
    return new People(
        IntStream.range(0, rows).mapToObj(i -> name + i).toList(),
        IntStream.range(0, rows).mapToObj(i -> name + " person " + i / each).toList(),
        new int[rows]);
  }

  private static Reconstructions pictures(int rows) {
    return Reconstructions.of(
        new Shape(1),
        new float[rows],
        new float[rows],
        new int[rows],
        List.of("ann"),
        new double[rows],
        new int[rows],
        List.of());
  }

  private static Metric metric(Map<String, Metric> metrics, String name) {
    return Objects.requireNonNull(metrics.get(name), name);
  }
}
