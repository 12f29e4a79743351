package io.afterimage.judge;

import static io.afterimage.evidence.Reconstructions.COVERAGE;
import static io.afterimage.evidence.Reconstructions.DENSITY;
import static io.afterimage.evidence.Reconstructions.DRAWN;
import static io.afterimage.evidence.Reconstructions.FRECHET;
import static io.afterimage.evidence.Reconstructions.OF_START;
import static io.afterimage.evidence.Reconstructions.OVER_ALL;
import static io.afterimage.evidence.Reconstructions.PRECISION;
import static io.afterimage.evidence.Reconstructions.RECALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.tensor.NoLeakedTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Classes far apart, each normal around a place of its own, in two features. */
@ExtendWith(NoLeakedTensors.class)
class DistributionsTest {
  private static final List<String> NAMES = List.of("ann", "bob", "cem");
  private static final String[] NEIGHBOURLY = {PRECISION, RECALL, DENSITY, COVERAGE};

  @Test
  void picturesOfTheirOwnClassesAreWithinThemAndNearOverAll() {
    Reconstructions judged = judge(features(1, 40, 0, 1, 2), features(2, 40, 0, 1, 2));
    assertThat(mean(judged, PRECISION)).isGreaterThan(.8);
    assertThat(mean(judged, COVERAGE)).isGreaterThan(.8);
    assertThat(answers(judged, FRECHET)).hasSize(1);
    assertThat(answers(judged, FRECHET)[0]).isBetween(0., .5);
    assertThat(answers(judged, FRECHET + DRAWN)).hasSize(100);
    assertThat(Arrays.stream(answers(judged, FRECHET + DRAWN))).allMatch(d -> d >= 0 && d < .5);
  }

  /** Where class 0 is taken for "no class given", its pictures are held against everybody's. */
  @Test
  void classNoughtIsComparedWithItselfLikeEveryOther() {
    Reconstructions judged = judge(features(1, 40, 0, 1, 2), features(2, 40, 1, 1, 2));
    for (String name : NEIGHBOURLY) {
      assertThat(answers(judged, name)[0]).as(name).isZero();
      assertThat(answers(judged, name)[1]).as(name).isPositive();
    }
    assertThat(answers(judged, PRECISION + OVER_ALL)[0]).isGreaterThan(.8);
  }

  @Test
  void exchangedClassesAreNowhereWithinAndEverywhereOverAll() {
    Reconstructions judged = judge(features(1, 40, 0, 1, 2), features(2, 40, 1, 2, 0));
    for (String name : NEIGHBOURLY) {
      assertThat(answers(judged, name)).as(name).containsOnly(0);
      assertThat(mean(judged, name + OVER_ALL)).as(name).isGreaterThan(.8);
    }
  }

  /** With as many of each class, means over classes are means over all: as prdc has them. */
  @Test
  void overAllIsTheMeanOverAllPictures() {
    double[][][] real = features(1, 30, 0, 0, 1);
    double[][][] rebuilt = features(2, 30, 0, 1, 1);
    Neighbourhoods whole = Neighbourhoods.of(joined(real), joined(rebuilt));
    Reconstructions judged = judge(real, rebuilt);
    assertThat(mean(judged, DENSITY + OVER_ALL))
        .isCloseTo(Arrays.stream(whole.density()).average().orElseThrow(), within(1e-12));
    assertThat(mean(judged, RECALL + OVER_ALL))
        .isCloseTo(Arrays.stream(whole.recall()).average().orElseThrow(), within(1e-12));
  }

  @Test
  void tooFewPicturesAreRefusedWithTheNumberNeededAndNeverReadAsPerfect() {
    Reconstructions judged = judge(features(1, 6, 0, 1, 2), features(2, 6, 0, 1, 2));
    assertThat(judged.judged()).isEmpty();
    assertThat(judged.unjudged()).containsOnlyKeys(withoutStart());
    assertThat(judged.unjudged().get(FRECHET))
        .isEqualTo(
            "it needs 20 reconstructions and 20 members, in equal numbers of each class: 10 for"
                + " each of the evaluator's 2 features; there are 18");
    assertThat(judged.unjudged().get(PRECISION))
        .isEqualTo(
            "it needs 20 reconstructions and 20 members, 4 times its 5 neighbours, of each class;"
                + " of ann there are 6 of both");
    assertThat(judged.unjudged().get(COVERAGE + OVER_ALL)).endsWith("of each class; there are 18");
  }

  @Test
  void aClassWithoutMembersIsRefusedByName() {
    double[][][] real = features(1, 40, 0, 1, 2);
    real[1] = new double[0][];
    Reconstructions judged = judge(real, real);
    assertThat(judged.judged()).isEmpty();
    assertThat(judged.unjudged()).containsOnlyKeys(withoutStart());
    assertThat(judged.unjudged()).containsValue("bob has no member to compare with");
  }

  @Test
  void oneClassHasADistanceButNothingToDrawAnew() {
    double[][][] real = {features(1, 40, 0)[0]};
    Reconstructions judged = judge(real, features(2, 40, 0));
    assertThat(answers(judged, FRECHET)).hasSize(1);
    assertThat(answers(judged, FRECHET + DRAWN)).isEmpty();
  }

  private static String[] withoutStart() {
    return Distributions.answers().stream()
        .filter(name -> !name.endsWith(OF_START))
        .toArray(String[]::new);
  }

  private static Reconstructions judge(double[][][] members, double[][][] rebuilt) {
    Opinion opinion = new Opinion();
    List<String> names = NAMES.subList(0, members.length);
    new Distributions(members, names, Run.of(1)).judge(rebuilt, "", opinion);
    return opinion.of(
        new Reconstructions(
            new Shape(1),
            new float[0],
            new float[0],
            new int[0],
            names,
            new double[0],
            new int[0],
            List.of(),
            Map.of(),
            Map.of()));
  }

  /** So many rows of each class, which lies where the class of this number should. */
  private static double[][][] features(int seed, int each, int... classes) {
    Random random = new Random(seed);
    return IntStream.of(classes)
        .mapToObj(
            c ->
                IntStream.range(0, each)
                    .mapToObj(
                        i -> new double[] {20 * c + random.nextGaussian(), random.nextGaussian()})
                    .toArray(double[][]::new))
        .toArray(double[][][]::new);
  }

  private static double[][] joined(double[][][] features) {
    return Arrays.stream(features).flatMap(Arrays::stream).toArray(double[][]::new);
  }

  private static double[] answers(Reconstructions judged, String name) {
    return Objects.requireNonNull(judged.judged().get(name), name);
  }

  private static double mean(Reconstructions judged, String name) {
    return Arrays.stream(answers(judged, name)).average().orElseThrow();
  }
}
