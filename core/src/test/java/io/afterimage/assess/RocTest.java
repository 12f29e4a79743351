package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

class RocTest {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  @Test
  void agreesWithAnObviousImplementationOnSmallSamplesWithTies() {
    for (int seed = 0; seed < 300; seed++) {
      RandomGenerator random = Draws.random("small", seed);
      double[] members = grid(random, 1 + random.nextInt(12));
      double[] nonMembers = grid(random, 1 + random.nextInt(12));
      Roc roc = Roc.of(members, nonMembers);
      assertThat(roc.area())
          .as("seed %d", seed)
          .isCloseTo(Obvious.area(members, nonMembers), within(1e-12));
      for (double f = 0; f <= 1; f += 0.05) {
        assertThat(roc.truePositiveRate(f))
            .as("seed %d, rate %s", seed, f)
            .isCloseTo(Obvious.truePositiveRate(members, nonMembers, f), within(1e-9));
      }
    }
  }

  @Test
  void countsTiesHalf() {
    assertThat(Roc.of(new double[] {1, 1}, new double[] {1, 1, 1}).area()).isEqualTo(0.5);
    assertThat(Roc.of(new double[] {1, 0}, new double[] {0, 0}).area()).isEqualTo(0.75);
  }

  @Test
  void runsStraightAcrossTheTiesOfAForestThatIsSureOfItsMembers() {
    double[] members = new double[2000];
    double[] nonMembers = new double[2000];
    Arrays.fill(members, 1.0);
    Arrays.setAll(nonMembers, row -> row % 5 == 0 ? 1.0 : 0.5 + row / 10_000.0);
    Roc roc = Roc.of(members, nonMembers);
    assertThat(roc.area()).isCloseTo(0.9, within(1e-12));
    assertThat(roc.truePositiveRate(0.01)).isCloseTo(0.05, within(1e-12));
    Metric rate = roc.tprAt(0.01);
    assertThat(rate.low()).isLessThan(0.05).isGreaterThan(0.02);
    assertThat(rate.high()).isGreaterThan(0.05).isLessThan(0.09);
  }

  @Test
  void coversTheAreaUnderNoLeakAndUnderAKnownOne() {
    for (double area : new double[] {0.5, 0.6, 0.9, 0.99}) {
      double shift = Math.sqrt(2) * NORMAL.inverseCumulativeProbability(area);
      Coverage.coversExactly(400, area, seed -> normal("area", seed, 150, 200, shift).auc());
    }
  }

  @Test
  void coversTheAreaOfScoresThatTie() {
    Coverage.coversExactly(
        400,
        0.6,
        seed -> {
          RandomGenerator random = Draws.random("ties", seed);
          return Roc.of(Draws.coins(random, 200, 0.5), Draws.coins(random, 300, 0.3)).auc();
        });
  }

  @Test
  void coversTheTruePositiveRateUnderNoLeakAndUnderAKnownOne() {
    for (double rate : new double[] {0.01, 0.05, 0.5}) {
      double shift =
          NORMAL.inverseSurvivalProbability(0.01) + NORMAL.inverseCumulativeProbability(rate);
      Coverage.covers(400, rate, seed -> normal("rate", seed, 1000, 1000, shift).tprAt(0.01));
    }
  }

  @Test
  void coversTheTruePositiveRateInsideATie() {
    Coverage.covers(
        400,
        0.1 * 0.9 / 0.5,
        seed -> {
          RandomGenerator random = Draws.random("tied rate", seed);
          return Roc.of(Draws.coins(random, 300, 0.9), Draws.coins(random, 300, 0.5)).tprAt(0.1);
        });
  }

  @Test
  void coversWherePeopleHaveSeveralRows() {
    Coverage.coversExactly(400, 0.5, seed -> clustered(seed).auc());
    Coverage.covers(400, 0.1, seed -> clustered(seed).tprAt(0.1));
  }

  @Test
  void isWiderWhereThePeopleAreFewerThanTheRows() {
    Roc byRow = normal("rows", 1, 1000, 1000, 0);
    Roc byPerson =
        Roc.of(
            repeated(normal(1, 200), 5), Draws.persons(200, 5),
            repeated(normal(2, 200), 5), Draws.persons(200, 5));
    assertThat(width(byPerson.auc())).isGreaterThan(2 * width(byRow.auc()));
  }

  @Test
  void agreesWithTheBootstrap() {
    Roc roc = normal("bootstrap", 3, 200, 200, 0.5);
    RandomGenerator random = Draws.random("bootstrap", 3);
    double[] members = Draws.normal(random, 200, 0.5);
    double[] nonMembers = Draws.normal(random, 200, 0);
    double[] areas = new double[2000];
    for (int r = 0; r < areas.length; r++) {
      areas[r] = Roc.of(redrawn(members, random), redrawn(nonMembers, random)).area();
    }
    Arrays.sort(areas);
    assertThat(roc.auc().low()).isCloseTo(areas[50], within(0.01));
    assertThat(roc.auc().high()).isCloseTo(areas[1950], within(0.01));
  }

  @Test
  void isClopperAndPearsonsWhereTheThresholdIsCertain() {
    double[] nonMembers = new double[100_000];
    double[] members = new double[500];
    Arrays.fill(members, 0, 40, 1.0);
    Arrays.fill(nonMembers, 0, 1000, 1.0);
    Interval exact = Interval.clopperPearson(40, 500, 0.05);
    Metric rate = Roc.of(members, nonMembers).tprAt(0.01);
    assertThat(rate.value()).isCloseTo(0.08, within(1e-12));
    assertThat(rate.low()).isCloseTo(exact.low(), within(0.005));
    assertThat(rate.high()).isCloseTo(exact.high(), within(0.005));
  }

  @Test
  void doesNotTakeAPerfectSampleForAPerfectAttack() {
    Metric perfect = Roc.of(line(2, 20), line(0, 20)).auc();
    assertThat(perfect.value()).isEqualTo(1);
    assertThat(perfect.low()).isCloseTo(Math.pow(0.025, 1 / 20.0), within(1e-9));
    Metric constant = Roc.of(new double[50], new double[60]).auc();
    assertThat(constant.value()).isEqualTo(0.5);
    assertThat(constant.low()).isLessThan(0.4);
    assertThat(constant.high()).isGreaterThan(0.6);
  }

  @Test
  void leavesARateUnresolvedThatTooFewNonMembersCanShow() {
    Metric rate = normal("few", 1, 5000, 999, 0).tprAt(0.01);
    assertThat(rate.resolved()).isFalse();
    assertThat(rate.reason()).contains("1,000 non-members").contains("999").contains("1 more");
    assertThat(normal("few", 1, 5000, 1000, 0).tprAt(0.01).resolved()).isTrue();
  }

  @Test
  void countsPeopleNotRowsBeforeItResolvesARate() {
    Roc roc =
        Roc.of(normal(1, 2000), Draws.persons(200, 10), normal(2, 2000), Draws.persons(200, 10));
    assertThat(roc.tprAt(0.01).resolved()).isFalse();
    assertThat(roc.tprAt(0.1).resolved()).isTrue();
  }

  @Test
  void givesNoAreaToNinePeople() {
    assertThat(Roc.of(line(1, 9), line(0, 500)).auc().reason()).contains("at least 10");
  }

  @Test
  void doesNotDependOnGrowingTransformations() {
    double[] members = normal(1, 300);
    double[] nonMembers = normal(2, 400);
    Roc straight = Roc.of(members, nonMembers);
    Roc grown =
        Roc.of(
            DoubleStream.of(members).map(Math::exp).toArray(),
            DoubleStream.of(nonMembers).map(Math::exp).toArray());
    assertThat(grown.auc()).isEqualTo(straight.auc());
    assertThat(grown.tprAt(0.1)).isEqualTo(straight.tprAt(0.1));
  }

  @Test
  void takesInfiniteScoresAndNegativeZerosButNoNaN() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(Roc.of(new double[] {infinity, 0.0}, new double[] {-infinity, -0.0}).area())
        .isEqualTo(0.875);
    assertThatThrownBy(() -> Roc.of(new double[] {1, Double.NaN}, new double[] {1}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("member 1");
    assertThatThrownBy(() -> Roc.of(new double[] {1}, new double[0]))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no non-member");
  }

  @Test
  void drawsPointsOnlyWhereTheDataResolvesThem() {
    Roc roc = normal("points", 1, 800, 2000, 1);
    assertThat(roc.points()).hasSizeLessThanOrEqualTo(200).isNotEmpty();
    assertThat(roc.points().get(0).fpr()).isCloseTo(0.005, within(1e-9));
    assertThat(roc.points())
        .allSatisfy(
            point -> {
              assertThat(point.low()).isLessThanOrEqualTo(point.tpr());
              assertThat(point.high()).isGreaterThanOrEqualTo(point.tpr());
            })
        .isSortedAccordingTo((a, b) -> Double.compare(a.tpr(), b.tpr()));
    assertThat(normal("points", 1, 800, 9, 1).points()).isEmpty();
  }

  private static Roc normal(String key, int seed, int members, int nonMembers, double shift) {
    RandomGenerator random = Draws.random(key, seed);
    return Roc.of(Draws.normal(random, members, shift), Draws.normal(random, nonMembers, 0));
  }

  private static double[] normal(int seed, int count) {
    return Draws.normal(Draws.random("scores", seed), count, 0);
  }

  private static Roc clustered(int seed) {
    RandomGenerator random = Draws.random("clustered", seed);
    return Roc.of(
        Draws.clustered(random, 100, 5, 0), Draws.persons(100, 5),
        Draws.clustered(random, 120, 4, 0), Draws.persons(120, 4));
  }

  private static double[] grid(RandomGenerator random, int count) {
    return DoubleStream.generate(() -> random.nextInt(5)).limit(count).toArray();
  }

  private static double[] line(double from, int count) {
    return IntStream.range(0, count).mapToDouble(i -> from + i / (2.0 * count)).toArray();
  }

  private static double[] repeated(double[] values, int times) {
    return IntStream.range(0, values.length * times).mapToDouble(i -> values[i / times]).toArray();
  }

  private static double[] redrawn(double[] values, RandomGenerator random) {
    return DoubleStream.generate(() -> values[random.nextInt(values.length)])
        .limit(values.length)
        .toArray();
  }

  private static double width(Metric metric) {
    return metric.interval().high() - metric.interval().low();
  }

  /** Pair by pair, threshold by threshold. */
  private static final class Obvious {
    static double area(double[] members, double[] nonMembers) {
      double sum = 0;
      for (double m : members) {
        for (double n : nonMembers) {
          sum += m > n ? 1 : m == n ? 0.5 : 0;
        }
      }
      return sum / members.length / nonMembers.length;
    }

    /** The best mixture of two thresholds, or of one and naming nobody. */
    static double truePositiveRate(double[] members, double[] nonMembers, double f) {
      double[] thresholds =
          DoubleStream.concat(DoubleStream.of(members), DoubleStream.of(nonMembers))
              .distinct()
              .sorted()
              .toArray();
      double above = 0;
      double aboveNon = 0;
      for (int k = thresholds.length - 1; k >= 0; k--) {
        double t = thresholds[k];
        double tpr = share(members, t);
        double fpr = share(nonMembers, t);
        if (fpr > f + 1e-12) {
          return above + (tpr - above) * (f - aboveNon) / (fpr - aboveNon);
        }
        above = tpr;
        aboveNon = fpr;
      }
      return 1;
    }

    private static double share(double[] scores, double threshold) {
      return DoubleStream.of(scores).filter(s -> s >= threshold).count() / (double) scores.length;
    }
  }
}
