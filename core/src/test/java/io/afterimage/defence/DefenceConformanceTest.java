package io.afterimage.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every registered output defence must keep to, each at its own example setting. */
class DefenceConformanceTest {
  private static final int CLASSES = 7;
  private static final Predictions PROBABILITIES = probabilities(500);
  private static final Predictions VALUES = values(500);

  static List<OutputDefence> all() {
    return OutputDefences.registered().stream()
        .map(OutputDefence.Factory::example)
        .map(typed -> OutputDefences.parse(typed).get(0))
        .toList();
  }

  static Stream<OutputDefence> exact() {
    return all().stream().filter(defence -> !defence.answers(Answers.EXACT).noisy());
  }

  static Stream<OutputDefence> noisy() {
    return all().stream().filter(defence -> defence.answers(Answers.EXACT).noisy());
  }

  static Stream<OutputDefence> forRegressors() {
    return all().stream().filter(defence -> !defence.needsClasses());
  }

  @Test
  void theSixOfTheIssueAreRegistered() {
    assertThat(OutputDefences.registered())
        .extracting(OutputDefence.Factory::word)
        .contains("round", "top-k", "label-only", "gaussian", "laplace", "temperature");
  }

  @ParameterizedTest
  @MethodSource("all")
  void isNamedAsItIsTyped(OutputDefence defence) {
    assertThat(OutputDefences.parse(defence.name())).containsExactly(defence);
  }

  @ParameterizedTest
  @MethodSource("all")
  void givesTheSameAnswerForTheSameSeed(OutputDefence defence) {
    assertThat(applied(defence, 3).values()).isEqualTo(applied(defence, 3).values());
  }

  @ParameterizedTest
  @MethodSource("all")
  void leavesTheGivenAnswersAlone(OutputDefence defence) {
    double[] before = PROBABILITIES.values().clone();
    applied(defence, 3);
    assertThat(PROBABILITIES.values()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("all")
  void keepsRowsAndColumnsAndStaysBetweenZeroAndOne(OutputDefence defence) {
    Predictions seen = applied(defence, 4);
    assertThat(seen.rows()).isEqualTo(PROBABILITIES.rows());
    assertThat(seen.columns()).isEqualTo(CLASSES);
    assertThat(Arrays.stream(seen.values())).allMatch(p -> p >= 0 && p <= 1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void answersOneRowAsItAnswersManyGivenTheSameDraws(OutputDefence defence) {
    Predictions first = new Predictions(PROBABILITIES.row(0), CLASSES, Meaning.PROBABILITIES);
    assertThat(defence.apply(first, random(5)).values()).isEqualTo(applied(defence, 5).row(0));
  }

  @ParameterizedTest
  @MethodSource("exact")
  void withoutNoiseDrawsNothingAndKeepsTheMostProbableClassUpToTies(OutputDefence defence) {
    Predictions seen = applied(defence, 6);
    assertThat(seen.values()).isEqualTo(applied(defence, 7).values());
    for (int row = 0; row < seen.rows(); row++) {
      double kept = seen.get(row, PROBABILITIES.label(row));
      assertThat(kept).isEqualTo(seen.get(row, seen.label(row)));
    }
  }

  @ParameterizedTest
  @MethodSource("exact")
  void whatWithholdsDigitsOrClassesChangesNothingTheSecondTime(OutputDefence defence) {
    Predictions once = applied(defence, 6);
    if (defence.answers(Answers.EXACT).truncated()) {
      assertThat(defence.apply(once, random(6)).values()).isEqualTo(once.values());
    } else {
      assertThat(defence.apply(once, random(6)).values()).isNotEqualTo(once.values());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void tellsTheTruthAboutDigits(OutputDefence defence) {
    defence
        .answers(Answers.EXACT)
        .decimals()
        .ifPresent(
            digits ->
                assertThat(Arrays.stream(applied(defence, 8).values()))
                    .allMatch(p -> p == Double.parseDouble(("%." + digits + "f").formatted(p))));
  }

  @ParameterizedTest
  @MethodSource("all")
  void tellsTheTruthAboutTheNumberOfClassesKept(OutputDefence defence) {
    Predictions seen = applied(defence, 8);
    int kept = defence.answers(Answers.EXACT).topK().orElse(CLASSES);
    for (int row = 0; row < seen.rows(); row++) {
      assertThat(Arrays.stream(seen.row(row)).filter(p -> p > 0).count()).isLessThanOrEqualTo(kept);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void tellsTheTruthAboutTheTemperature(OutputDefence defence) {
    double t = defence.answers(Answers.EXACT).temperature();
    double before = Math.log(PROBABILITIES.get(0, 0) / PROBABILITIES.get(0, 1));
    Predictions seen = applied(defence, 8);
    if (t != 1) {
      assertThat(Math.log(seen.get(0, 0) / seen.get(0, 1))).isCloseTo(before / t, within(1e-9));
    }
  }

  /**
   * The mean square of n draws has a standard error of (kurtosis - 1) / n of its expectation, under
   * its root: at n = 200,000 and six standard errors a correct noise fails in 2e-9 of runs.
   */
  @ParameterizedTest
  @MethodSource("noisy")
  void tellsTheTruthAboutItsNoise(OutputDefence defence) {
    Answers answers = defence.answers(Answers.EXACT);
    boolean gaussian = answers.noise() == Answers.Noise.GAUSSIAN;
    double variance = (gaussian ? 1 : 2) * answers.noiseScale() * answers.noiseScale();
    double kurtosis = gaussian ? 3 : 6;
    int n = 200_000;
    Predictions zeros = new Predictions(new double[n], 1, Meaning.VALUE);
    double[] noise = defence.apply(zeros, random(9)).values();
    assertThat(Arrays.stream(noise).average().orElseThrow())
        .isCloseTo(0, within(6 * Math.sqrt(variance / n)));
    assertThat(Arrays.stream(noise).map(x -> x * x).average().orElseThrow() / variance)
        .isCloseTo(1, within(6 * Math.sqrt((kurtosis - 1) / n)));
    double beyond = (double) Arrays.stream(noise).filter(x -> x * x > 9 * variance).count() / n;
    double expected = gaussian ? 0.0026998 : Math.exp(-3 * Math.sqrt(2));
    assertThat(beyond).isCloseTo(expected, within(6 * Math.sqrt(expected / n)));
  }

  @ParameterizedTest
  @MethodSource("noisy")
  void noiseIsFreshForAnotherSeedAndForEveryNumber(OutputDefence defence) {
    assertThat(applied(defence, 1).values()).isNotEqualTo(applied(defence, 2).values());
    double[] noise =
        defence.apply(new Predictions(new double[1000], 1, Meaning.VALUE), random(1)).values();
    assertThat(Arrays.stream(noise).distinct().count()).isEqualTo(1000);
  }

  @ParameterizedTest
  @MethodSource("forRegressors")
  void changesARegressorsValueWithoutClippingIt(OutputDefence defence) {
    Predictions seen = defence.apply(VALUES, random(10));
    assertThat(seen.meaning()).isEqualTo(Meaning.VALUE);
    assertThat(seen.values()).isNotEqualTo(VALUES.values());
    assertThat(Arrays.stream(seen.values())).anyMatch(v -> v > 2).anyMatch(v -> v < -2);
  }

  @ParameterizedTest
  @MethodSource("all")
  void needsClassesExactlyWhereARegressorIsRefused(OutputDefence defence) {
    TargetInfo regressor =
        new TargetInfo(
            "dose.onnx",
            Task.REGRESSION,
            List.of(),
            Meaning.VALUE,
            Access.SCORES,
            Optional.empty());
    assertThat(DefendedTarget.refusal(defence, regressor).isPresent())
        .isEqualTo(defence.needsClasses());
  }

  @ParameterizedTest
  @MethodSource("all")
  void aSettingThatIsNoNumberIsNamed(OutputDefence defence) {
    String typed = defence.name().split(":", 2)[0] + ":plenty";
    assertThatThrownBy(() -> OutputDefences.parse(typed))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--defend " + typed)
        .hasMessageNotContaining("\n");
  }

  private static Predictions applied(OutputDefence defence, long seed) {
    return defence.apply(PROBABILITIES, random(seed));
  }

  private static RandomGenerator random(long seed) {
    return Run.of(seed).random("test");
  }

  private static Predictions probabilities(int rows) {
    RandomGenerator random = random(0);
    double[] logits = random.doubles((long) rows * CLASSES, -6, 6).toArray();
    return new Predictions(logits, CLASSES, Meaning.LOGITS).probabilities();
  }

  private static Predictions values(int rows) {
    return new Predictions(random(0).doubles(rows, -50, 50).toArray(), 1, Meaning.VALUE);
  }
}
