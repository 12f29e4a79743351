package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.evidence.People;
import io.afterimage.evidence.RecipeScores;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

class RecipeAssessorTest {
  private static final Ran RAN =
      new Ran(
          new AttackInfo(
              "membership-lira", "", "", Family.MEMBERSHIP, Access.SCORES, "", false, ""),
          500,
          1,
          null);
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  @Test
  void withOneModelItIsTheCurveOfThatModel() {
    double[] scores = Draws.normal(Draws.random("recipe", 1), 300, 0);
    boolean[] learned = new boolean[300];
    Arrays.fill(learned, 0, 120, true);
    for (int row = 0; row < 300; row++) {
      scores[row] = Math.rint(4 * (scores[row] + (learned[row] ? 1 : 0))) / 4; // with ties
    }
    RecipeScores one =
        new RecipeScores(
            people(300, 300),
            new boolean[][] {learned},
            Map.of("online", new double[][] {scores}),
            List.of());
    Roc roc = Roc.of(Arrays.copyOf(scores, 120), Arrays.copyOfRange(scores, 120, 300));
    Finding finding = assess(one);
    assertThat(value(finding, "auc")).isCloseTo(roc.area(), within(1e-12));
    assertThat(value(finding, "tpr@0.1")).isCloseTo(roc.truePositiveRate(.1), within(1e-9));
  }

  @Test
  void resolvesRatesThatTheNonMembersOfOneModelAreTooFewFor() {
    Finding finding = assess(drawn(1, 1000, 40, 1, .1, .01));
    assertThat(finding.attack()).isEqualTo("membership-lira@recipe/online");
    assertThat(finding.reason()).contains("recipe, not about this model", "40 models");
    assertThat(finding.metric("tpr@0.01").orElseThrow().resolved()).isTrue();
    assertThat(finding.metric("tpr@0.001").orElseThrow().resolved()).isTrue();
    assertThat(finding.metric("tpr@0.0001").orElseThrow().reason())
        .contains("100,000", "40 models");
    assertThat(finding.roc()).isNotEmpty().allSatisfy(p -> assertThat(p.fpr()).isLessThan(1.001));
  }

  @Test
  void fewPeopleDoNotStandForAllHoweverManyModelsAreAskedAboutThem() {
    Finding finding = assess(drawn(1, 400, 40, 1, .1, .01));
    assertThat(finding.metric("tpr@0.1").orElseThrow().resolved()).isTrue();
    assertThat(finding.metric("tpr@0.01").orElseThrow().reason())
        .isEqualTo(
            "a false positive rate of 0.01 of a recipe needs 1,000 people, and there are 400");
    assertThat(finding.metric("tpr@0.001").orElseThrow().resolved()).isFalse();
    assertThat(finding.roc()).isNotEmpty().allSatisfy(p -> assertThat(p.fpr()).isGreaterThan(.024));
  }

  @Test
  void coversRateAndAreaThoughPeopleAndModelsAreAlikeWithinThemselves() {
    // A third of the variance is the person's, some of it the model's; one threshold for all.
    List<Finding> findings = findings(1.5);
    double rate = NORMAL.survivalProbability(NORMAL.inverseSurvivalProbability(.1) - 1.5);
    Coverage.covers(100, rate, seed -> metric(findings.get(seed), "tpr@0.1"));
    double area = NORMAL.cumulativeProbability(1.5 / Math.sqrt(2));
    Coverage.covers(100, area, seed -> metric(findings.get(seed), "auc"));
  }

  private static List<Finding> findings(double shift) {
    return IntStream.range(0, 100)
        .mapToObj(seed -> assess(drawn(seed, 100, 12, shift, .3, .01)))
        .toList();
  }

  @Test
  void readsModelsThatKeepNothingAsChance() {
    List<Finding> findings = findings(0);
    Coverage.covers(100, .1, seed -> metric(findings.get(seed), "tpr@0.1"));
    Coverage.covers(100, .5, seed -> metric(findings.get(seed), "auc"));
  }

  @Test
  void rowsOfAPersonWhoAlwaysScoresTheSameCountAsOne() {
    // 16 models x 60 people, scores the person's alone: 60 independent ones do not resolve 1%.
    Finding finding = assess(drawn(1, 60, 16, 0, 1, 0));
    assertThat(finding.metric("tpr@0.01").orElseThrow().resolved()).isFalse();
  }

  @Test
  void doesNotDependOnTheOrderOfPeople() {
    RecipeScores scores = drawn(3, 80, 8, 1, .5, .1);
    int[] order = IntStream.range(0, 80).map(row -> 79 - row).toArray();
    RecipeScores turned =
        new RecipeScores(
            new People(
                IntStream.of(order).mapToObj(scores.people().ids()::get).toList(),
                IntStream.of(order).mapToObj(scores.people().persons()::get).toList(),
                new int[0]),
            Arrays.stream(scores.learned())
                .map(RecipeAssessorTest::turned)
                .toArray(boolean[][]::new),
            Map.of("online", turned(signal(scores))),
            scores.notes());
    assertThat(assess(turned)).isEqualTo(assess(scores));
  }

  @Test
  void refusesFewPeopleAndScoresThatAreNoNumbers() {
    assertThatThrownBy(() -> assess(drawn(1, 9, 8, 1, .5, .1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("at least 10 people, and there are 9");
    RecipeScores broken = drawn(1, 20, 8, 1, .5, .1);
    signal(broken)[3][4] = Double.NaN;
    assertThatThrownBy(() -> assess(broken))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("not a number");
  }

  private static double[][] signal(RecipeScores scores) {
    return scores.signals().values().iterator().next();
  }

  private static double[][] turned(double[][] scores) {
    return Arrays.stream(scores)
        .map(of -> IntStream.range(0, of.length).mapToDouble(i -> of[of.length - 1 - i]).toArray())
        .toArray(double[][]::new);
  }

  private static boolean[] turned(boolean[] learned) {
    boolean[] turned = new boolean[learned.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = learned[learned.length - 1 - i];
    }
    return turned;
  }

  /** Normal scores of unit variance, of which such shares belong to the person and the model. */
  private static RecipeScores drawn(
      int seed, int people, int models, double shift, double ofPerson, double ofModel) {
    RandomGenerator random = Draws.random("recipe/" + people, seed);
    double[] own = Draws.normal(random, people, 0);
    boolean[][] learned = new boolean[models][people];
    double[][] scores = new double[models][];
    for (int m = 0; m < models; m++) {
      double common = random.nextGaussian();
      boolean[] coins = learned[m];
      double rest = Math.max(0, 1 - ofPerson - ofModel);
      scores[m] = DoubleStream.of(own).map(o -> Math.sqrt(ofPerson) * o).toArray();
      for (int i = 0; i < people; i++) {
        coins[i] = random.nextBoolean();
        scores[m][i] +=
            Math.sqrt(ofModel) * common
                + Math.sqrt(rest) * random.nextGaussian()
                + (coins[i] ? shift : 0);
      }
    }
    return new RecipeScores(
        people(people, people), learned, Map.of("online", scores), List.of("trained so and so"));
  }

  private static People people(int rows, int persons) {
    List<String> ids = IntStream.range(0, rows).mapToObj(row -> "r" + row).toList();
    return new People(
        ids, IntStream.range(0, rows).mapToObj(row -> "p" + row % persons).toList(), new int[0]);
  }

  private static Finding assess(RecipeScores scores) {
    return RecipeAssessor.assess(RAN, scores, Run.of(7)).get(0);
  }

  private static Metric metric(Finding finding, String name) {
    return finding.metric(name).orElseThrow();
  }

  private static double value(Finding finding, String name) {
    return finding.metric(name).map(Metric::value).orElseThrow();
  }
}
