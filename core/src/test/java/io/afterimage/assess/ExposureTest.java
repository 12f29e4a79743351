package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.assess.Exposure.Group;
import io.afterimage.assess.Exposure.TooFew;
import io.afterimage.base.BadInputException;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

class ExposureTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "rare");

  @Test
  void aGroupThatLeaksStandsOut() {
    Exposure exposure = exposure(1, 400, new double[] {0, 2, 0, 0, 0});
    assertThat(exposure.groups()).extracting(Group::group).containsExactlyElementsOf(NAMES);
    assertThat(exposure.groups())
        .filteredOn(Group::standsOut)
        .extracting(Group::group)
        .containsExactly("b");
    Group leaking = exposure.groups().get(1);
    assertThat(leaking.members()).isEqualTo(400);
    assertThat(leaking.nonMembers()).isEqualTo(400);
    assertThat(leaking.metrics()).containsOnlyKeys("auc", "tpr@0.01", "tpr@0.1", "aucOverOthers");
    assertThat(metric(leaking, "tpr@0.1").resolved()).isTrue();
    assertThat(metric(leaking, "tpr@0.01").reason()).contains("600 more");
  }

  @Test
  void coversHowMuchMoreAGroupIsExposedThanEverybodyElse() {
    // Shifts of 1 and 0: areas of Phi(1 / sqrt 2) and one half.
    double more = NormalDistribution.of(0, 1).cumulativeProbability(1 / Math.sqrt(2)) - .5;
    Coverage.covers(
        400,
        more,
        seed ->
            metric(
                exposure(seed, 60, new double[] {1, 0, 0, 0, 0}).groups().get(0), "aucOverOthers"));
  }

  @Test
  void amongGroupsAlikeFewStandOutThoughManyAreCompared() {
    int seeds = 400;
    long wrong =
        IntStream.range(0, seeds)
            .filter(
                seed ->
                    exposure(seed, 40, new double[5]).groups().stream().anyMatch(Group::standsOut))
            .count();
    // At most one in forty by Holm; more than this come in 0.4% of runs.
    assertThat(wrong)
        .isLessThanOrEqualTo(
            BinomialDistribution.of(seeds, .025).inverseCumulativeProbability(1 - .004));
  }

  @Test
  void groupsOfFewPeopleAreCountedAndNotNamed() {
    int[] groups = IntStream.range(0, 200).map(row -> row < 9 ? 4 : row % 3).toArray();
    Exposure exposure =
        Exposure.of(
            signal(1, 200, groups, new double[5]),
            people("m", 200),
            people("n", 200),
            List.of(new Grouping("ward", NAMES, groups, groups)));
    assertThat(exposure.groups()).extracting(Group::group).containsExactly("a", "b", "c");
    assertThat(exposure.tooFew()).containsExactly(new TooFew("ward", 1, 9, 9));
    assertThat(exposure.toString()).doesNotContain("rare");
  }

  @Test
  void anAttributeThatAllPeopleShareSortsNobody() {
    int[] alike = new int[50];
    Exposure exposure =
        Exposure.of(
            signal(1, 50, alike, new double[5]),
            people("m", 50),
            people("n", 50),
            List.of(new Grouping("ward", NAMES, alike, alike)));
    assertThat(exposure.groups()).isEmpty();
    assertThat(exposure.tooFew()).isEmpty();
  }

  @Test
  void everyRowIsCountedInOneBinWhateverItsScore() {
    double[] odd = {
      Double.NEGATIVE_INFINITY,
      -Double.MAX_VALUE,
      -1,
      0,
      1,
      2,
      Double.MAX_VALUE,
      Double.POSITIVE_INFINITY
    };
    ScoreHistogram scores = ScoreHistogram.of(new Signal(odd, new double[] {0}));
    assertThat(sum(scores.members())).isEqualTo(odd.length);
    assertThat(sum(scores.nonMembers())).isEqualTo(1);
    assertThat(scores.edges()).isSorted().allSatisfy(edge -> assertThat(edge).isFinite());
  }

  @Test
  void aFewExtremeScoresDoNotSqueezeTheOthersIntoOneBin() {
    double[] members = Draws.normal(Draws.random("extreme", 1), 1000, 0);
    members[17] = 1e9;
    ScoreHistogram scores = ScoreHistogram.of(new Signal(members, new double[] {0}));
    assertThat(scores.members()).filteredOn(count -> count > 0).hasSizeGreaterThan(30);
  }

  @Test
  void scoresThatAreAllAlikeMakeOneBinAndEndlessOnesNone() {
    ScoreHistogram alike = ScoreHistogram.of(new Signal(new double[5], new double[3]));
    assertThat(alike).isEqualTo(new ScoreHistogram(List.of(0., 0.), List.of(5), List.of(3)));
    double[] endless = {Double.POSITIVE_INFINITY};
    assertThat(ScoreHistogram.of(new Signal(endless, endless)).edges()).isEmpty();
  }

  @Test
  void aHistogramWhoseCountsAndEdgesDisagreeIsRefused() {
    assertThatThrownBy(() -> new ScoreHistogram(List.of(0., 1.), List.of(1), List.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("one edge more");
  }

  @Test
  void roomToRememberAndTheGapAreReadFromTheModelAndItsUtility() {
    Fit fit =
        Fit.of(
            500,
            200,
            Map.of("accuracy", Metric.of(.9, .85, .95, 200)),
            Map.of("accuracy", Metric.of(.7, .66, .74, 300)));
    assertThat(fit.parametersPerRow().value()).isEqualTo(2.5);
    Metric gap = Objects.requireNonNull(fit.gap().get("accuracy"));
    assertThat(gap.value()).isCloseTo(.2, within(1e-12));
    assertThat(gap.low()).isCloseTo(.2 - Math.hypot(.05, .04), within(1e-12));
    Fit trees = Fit.of(0, 200, Map.of("r2", Metric.unresolved(200, "no labels")), Map.of());
    assertThat(trees.parametersPerRow().reason()).contains("no parameters");
    assertThat(trees.gap()).isEmpty();
  }

  private static Metric metric(Group group, String name) {
    return Objects.requireNonNull(group.metrics().get(name));
  }

  private static int sum(List<Integer> counts) {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  /** Five groups with so many people in each role, the members of each shifted by so much. */
  private static Exposure exposure(int seed, int people, double[] shifts) {
    int[] groups = IntStream.range(0, 5 * people).map(row -> row % 5).toArray();
    return Exposure.of(
        signal(seed, 5 * people, groups, shifts),
        people("m", 5 * people),
        people("n", 5 * people),
        List.of(new Grouping("ward", NAMES, groups, groups)));
  }

  private static Signal signal(int seed, int rows, int[] groups, double[] shifts) {
    RandomGenerator random = Draws.random("groups", seed);
    double[] members = Draws.normal(random, rows, 0);
    for (int row = 0; row < rows; row++) {
      members[row] += shifts[groups[row]];
    }
    return new Signal(members, Draws.normal(random, rows, 0));
  }

  private static People people(String role, int count) {
    List<String> ids = IntStream.range(0, count).mapToObj(row -> role + row).toList();
    return new People(ids, ids, new int[0]);
  }
}
