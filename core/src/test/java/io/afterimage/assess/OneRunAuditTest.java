package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class OneRunAuditTest {
  private static final double DELTA = 1e-5;
  private static final double CONFIDENCE = 0.95;
  private static final OneRunAudit ANY = new ApproximateDpAudit();
  private static final OneRunAudit GAUSSIAN = new GaussianDpAudit();
  static final List<OneRunAudit> AUDITS = List.of(ANY, GAUSSIAN);

  private static double bound(OneRunAudit audit, int canaries, int made, int correct) {
    return audit.epsilonLowerBound(new OneRunGuesses(canaries, made, correct), DELTA, CONFIDENCE);
  }

  private static ToDoubleFunction<OneRunGuesses> bound(OneRunAudit audit) {
    return guesses -> audit.epsilonLowerBound(guesses, DELTA, CONFIDENCE);
  }

  /** At the expected counts of the best number of guesses; Steinke et al. as published. */
  @ParameterizedTest
  @CsvSource({
    "0.5,  100000, 9.99, 4.99",
    "1,    100000, 4.37, 2.61",
    "2,    100000, 1.99, 1.33",
    "4,   1000000, 0.92, 0.61"
  })
  void boundsAGaussianMechanismAsPublished(
      double sigma, int canaries, double theory, double steinke) {
    GaussianMechanism mechanism = new GaussianMechanism(sigma, canaries);
    double exact = new GaussianTradeOff(1 / sigma).epsilon(DELTA);
    assertThat(exact).isCloseTo(theory, within(.01));
    double any = bound(ANY).applyAsDouble(mechanism.best(bound(ANY)));
    assertThat(any).isCloseTo(steinke, within(.03 * steinke));
    assertThat(bound(GAUSSIAN).applyAsDouble(mechanism.best(bound(GAUSSIAN))))
        .isBetween(1.1 * any, exact);
  }

  /**
   * The figures that are published for f-DP lie above the bounds at expected counts. They are what
   * single runs give where each takes its own best number of guesses, which no bound allows.
   */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "0.5,  100000, 8.16",
    "1,    100000, 3.61",
    "2,    100000, 1.59",
    "4,   1000000, 0.82"
  })
  void publishedGaussianBoundsAreThoseOfSingleRunsAtTheirBest(
      double sigma, int canaries, double published) {
    GaussianMechanism mechanism = new GaussianMechanism(sigma, canaries);
    double[] best = new double[20];
    for (int i = 0; i < best.length; i++) {
      GaussianMechanism.Answers answers = mechanism.drawn(Draws.random("run", i));
      for (double made = 100; made < 20_000; made *= 1.05) {
        best[i] = Math.max(best[i], bound(GAUSSIAN).applyAsDouble(answers.guesses((int) made)));
      }
    }
    Arrays.sort(best);
    assertThat(published).isBetween(best[0], best[best.length - 1]);
    double expected = bound(GAUSSIAN).applyAsDouble(mechanism.best(bound(GAUSSIAN)));
    assertThat(expected).isBetween(.85 * published, published);
  }

  /**
   * Both papers as JAX Privacy computes them on quantiles of N(0, 1) and N(shift, 1), 10,000 each,
   * guessing the highest: its figures, at the number of guesses and of Bonferroni's tests that it
   * takes there.
   */
  @ParameterizedTest
  @CsvSource({
    "386, 3376, 2807, 1.13346, 406, 379, 2.164749",
    "374, 4666, 4499, 2.311945, 938, 934, 4.7218075",
    "140, 8233, 8223, 4.395568, 5436, 5436, 9.133752"
  })
  void agreesWithAnotherImplementationOfBothPapers(
      int tests, int made, int correct, double steinke, int few, int right, double mahloujifar) {
    double confidence = OneRunAudit.corrected(CONFIDENCE, tests);
    assertThat(ANY.epsilonLowerBound(new OneRunGuesses(20_000, made, correct), 1e-6, confidence))
        .isCloseTo(steinke, within(1e-5 * steinke));
    assertThat(GAUSSIAN.epsilonLowerBound(new OneRunGuesses(20_000, few, right), 1e-6, confidence))
        .isCloseTo(mahloujifar, within(1e-5 * mahloujifar));
  }

  /** The exact epsilon of one and of fifty Gaussian answers. */
  @Test
  void convertsMuToEpsilon() {
    assertThat(new GaussianTradeOff(1).epsilon(1e-5)).isCloseTo(4.377178, within(1e-5));
    assertThat(new GaussianTradeOff(Math.sqrt(50) / 4).epsilon(1e-5))
        .isCloseTo(8.595866, within(1e-5));
    assertThat(new GaussianTradeOff(0).epsilon(1e-5)).isZero();
    assertThat(new GaussianTradeOff(1e-6).epsilon(1e-5)).isZero();
  }

  @ParameterizedTest
  @FieldSource("AUDITS")
  void findsNothingWhereHalfOfTheGuessesAreRight(OneRunAudit audit) {
    assertThat(bound(audit, 2000, 1000, 500)).isZero();
    assertThat(bound(audit, 2000, 1000, 0)).isZero();
    assertThat(bound(audit, 2000, 0, 0)).isZero();
    assertThat(bound(audit, 1, 1, 1)).isZero();
  }

  /** Of all outcomes together, those that wrong a mechanism have at most 5%: an exact sum. */
  @ParameterizedTest
  @CsvSource({"30, 0", "30, .5", "200, 0", "200, .5", "200, 2", "1000, 1", "1000, 3"})
  void wrongsAMechanismInNoMoreRunsThanItMay(int made, double mu) {
    double right = NormalDistribution.of(0, 1).cumulativeProbability(mu / 2);
    double epsilon = Math.log(right / (1 - right));
    BinomialDistribution counts = BinomialDistribution.of(made, right);
    double byGaussian = 0;
    double byAny = 0;
    for (int correct = 0; correct <= made; correct++) {
      boolean wronged =
          bound(GAUSSIAN, made, made, correct) > new GaussianTradeOff(mu).epsilon(DELTA);
      byGaussian += wronged ? counts.probability(correct) : 0;
      // Randomised response, which is private without any delta.
      byAny += bound(ANY, made, made, correct) > epsilon ? counts.probability(correct) : 0;
    }
    assertThat(byGaussian).isLessThanOrEqualTo(.05);
    assertThat(byAny).isLessThanOrEqualTo(.05);
  }

  @Test
  void computesTheChanceOfGuessesAsTheTheoremWritesIt() {
    for (int made = 0; made <= 14; made++) {
      for (int correct = 0; correct <= made; correct++) {
        OneRunGuesses guesses = new OneRunGuesses(20, made, correct);
        for (double epsilon : new double[] {0, .3, 1, 2.5, 7}) {
          for (double delta : new double[] {0, 1e-5, 1e-3}) {
            assertThat(ApproximateDpAudit.pValue(guesses, epsilon, delta))
                .as("%s at %s, %s", guesses, epsilon, delta)
                .isCloseTo(slowChance(guesses, epsilon, delta), within(1e-12));
          }
        }
      }
    }
  }

  private static double slowChance(OneRunGuesses guesses, double epsilon, double delta) {
    double q = Math.exp(epsilon) / (1 + Math.exp(epsilon));
    double[] chance = {1};
    for (int n = 0; n < guesses.made(); n++) {
      double[] next = new double[n + 2];
      for (int k = 0; k <= n; k++) {
        next[k] += chance[k] * (1 - q);
        next[k + 1] += chance[k] * q;
      }
      chance = next;
    }
    int v = guesses.correct();
    double spared = 0;
    for (int i = 1; i <= guesses.canaries(); i++) {
      double below = Arrays.stream(chance, Math.max(0, v - i), v).sum();
      spared = Math.max(spared, below / i);
    }
    double pure = Arrays.stream(chance, v, chance.length).sum();
    return Math.min(1, pure + 2 * guesses.canaries() * delta * spared);
  }

  /** The least chances that the trade-off function allows must sum to more than one. */
  @Test
  void rejectsWhereTheChancesOfAllCountsWouldExceedOne() {
    int rejected = 0;
    for (int made = 1; made <= 14; made++) {
      for (int correct = 0; correct <= made; correct++) {
        for (double mu : new double[] {0, .2, .5, 1, 2}) {
          OneRunGuesses guesses = new OneRunGuesses(20, made, correct);
          boolean rejects = GaussianDpAudit.rejects(new GaussianTradeOff(mu), guesses, .05);
          assertThat(rejects).as("%s at %s", guesses, mu).isEqualTo(leastSum(guesses, mu) > 1);
          rejected += rejects ? 1 : 0;
        }
      }
    }
    assertThat(rejected).isBetween(30, 300);
  }

  private static double leastSum(OneRunGuesses guesses, double mu) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    int made = guesses.made();
    double[] chance = new double[made + 1];
    chance[guesses.correct()] = .05;
    for (int t = guesses.correct(); t > 0 && Arrays.stream(chance).sum() <= 1; t--) {
      double power = 0;
      double alarms = 0;
      for (int i = t; i <= made; i++) {
        power += chance[i] * i / guesses.canaries();
        alarms += chance[i] * (made - i) / guesses.canaries();
      }
      double least = normal.cumulativeProbability(normal.inverseCumulativeProbability(power) - mu);
      chance[t - 1] = Math.max(0, (least - alarms) * guesses.canaries() / (made - t + 1));
    }
    return Arrays.stream(chance).sum();
  }

  @ParameterizedTest
  @FieldSource("AUDITS")
  void findsMoreInMoreRightGuesses(OneRunAudit audit) {
    double[] bounds =
        IntStream.rangeClosed(0, 500).mapToDouble(v -> bound(audit, 1000, 500, v)).toArray();
    assertThat(bounds).isSorted();
    assertThat(bounds[500]).isGreaterThan(3);
  }

  @ParameterizedTest
  @FieldSource("AUDITS")
  void paysForTryingSeveralNumbersOfGuesses(OneRunAudit audit) {
    OneRunGuesses few = new OneRunGuesses(1000, 100, 90);
    OneRunGuesses many = new OneRunGuesses(1000, 1000, 600);
    double both = audit.epsilonLowerBound(List.of(few, many), DELTA, .95);
    assertThat(both)
        .isLessThan(audit.epsilonLowerBound(few, DELTA, .95))
        .isCloseTo(audit.epsilonLowerBound(few, DELTA, .975), within(1e-6));
    assertThatThrownBy(() -> audit.epsilonLowerBound(List.of(), DELTA, .95))
        .isInstanceOf(BadInputException.class);
  }

  @ParameterizedTest
  @FieldSource("AUDITS")
  void boundsAMillionCanariesWithinASecond(OneRunAudit audit) {
    Assertions.assertTimeout(
        Duration.ofSeconds(1),
        () -> {
          assertThat(bound(audit, 1_000_000, 1_000_000, 1_000_000)).isGreaterThan(3).isFinite();
          assertThat(bound(audit, 1_000_000, 1_000_000, 700_000)).isGreaterThan(.5);
        });
  }

  @Test
  void saysWhatIsOutOfRange() {
    OneRunGuesses guesses = new OneRunGuesses(10, 5, 5);
    assertThatThrownBy(() -> new OneRunGuesses(10, 11, 5))
        .hasMessage("guesses must be between 0 and 10, but is 11");
    assertThatThrownBy(() -> new OneRunGuesses(10, 5, 6))
        .hasMessage("correct guesses must be between 0 and 5, but is 6");
    assertThatThrownBy(() -> ANY.epsilonLowerBound(guesses, 1, .95))
        .hasMessage("delta must be at least 0 and below 1, but is 1.0");
    assertThatThrownBy(() -> GAUSSIAN.epsilonLowerBound(guesses, 0, .95))
        .hasMessage("delta must be above 0 and below 1 here, but is 0.0");
    assertThatThrownBy(() -> ANY.epsilonLowerBound(guesses, DELTA, Double.NaN))
        .hasMessage("the confidence must be at least 0.5 and below 1, but is NaN");
  }

  @Test
  void singleDrawsOfASmallAuditLieInTheBandOfASimulation() {
    liesInTheBandOfASimulation(1, 5000);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"0.5, 100000", "1, 100000", "2, 100000", "4, 1000000"})
  void singleDrawsLieInTheBandOfASimulation(double sigma, int canaries) {
    liesInTheBandOfASimulation(sigma, canaries);
  }

  /** At least 89 of 100 draws in the central 95% of 400 others; a correct program fails in 1%. */
  private static void liesInTheBandOfASimulation(double sigma, int canaries) {
    GaussianMechanism mechanism = new GaussianMechanism(sigma, canaries);
    List<Integer> made = AUDITS.stream().map(audit -> mechanism.best(bound(audit)).made()).toList();
    double[][] simulated = new double[AUDITS.size()][400];
    double[][] drawn = new double[AUDITS.size()][100];
    for (int i = 0; i < 500; i++) {
      GaussianMechanism.Answers answers = mechanism.drawn(Draws.random("draw", i));
      for (int a = 0; a < AUDITS.size(); a++) {
        double epsilon = bound(AUDITS.get(a)).applyAsDouble(answers.guesses(made.get(a)));
        if (i < 400) {
          simulated[a][i] = epsilon;
        } else {
          drawn[a][i - 400] = epsilon;
        }
      }
    }
    for (int a = 0; a < AUDITS.size(); a++) {
      Arrays.sort(simulated[a]);
      double low = simulated[a][9];
      double high = simulated[a][390];
      long inside = Arrays.stream(drawn[a]).filter(e -> e >= low && e <= high).count();
      assertThat(inside)
          .as("sigma %s, %s, between %s and %s", sigma, AUDITS.get(a), low, high)
          .isGreaterThanOrEqualTo(89);
    }
  }
}
