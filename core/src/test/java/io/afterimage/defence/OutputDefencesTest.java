package io.afterimage.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.defence.output.GaussianNoise;
import io.afterimage.defence.output.LabelOnly;
import io.afterimage.defence.output.Rounding;
import io.afterimage.defence.output.Temperature;
import io.afterimage.defence.output.TopK;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputDefencesTest {
  @Test
  void readsAListInItsOrder() {
    assertThat(OutputDefences.parse("round:2, top-k:1,label-only"))
        .containsExactly(new Rounding(2), new TopK(1), new LabelOnly());
  }

  @Test
  void plusAppliesOneAfterTheOther() {
    OutputDefence both = OutputDefences.parse("top-k:1+round:1").get(0);
    assertThat(both.name()).isEqualTo("top-k:1+round:1");
    assertThat(both.apply(row(0.62, 0.2, 0.18), Run.of(1).random("")).values())
        .containsExactly(0.6, 0, 0);
    assertThat(both.answers(Answers.EXACT)).isEqualTo(Answers.EXACT.cutTo(1).rounded(1));
    assertThat(both.needsClasses()).isTrue();
    assertThat(OutputDefences.parse("gaussian:0.1+label-only").get(0).access())
        .isEqualTo(Access.LABEL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "round:99 | --defend round:99: digits must be between 0 and 15, but is 99",
        "round:-1 | --defend round:-1: digits must be between 0 and 15, but is -1",
        "round:2.5 | --defend round:2.5: digits must be a whole number",
        "round | --defend round: digits must be a whole number",
        "top-k:0 | --defend top-k:0: k must be between 1 and 1000000, but is 0",
        "gaussian:NaN | --defend gaussian:NaN: sigma must be between 1.0E-6 and 1000000, but is NaN",
        "laplace:-1 | --defend laplace:-1.0: b must be between 1.0E-6 and 1000000, but is -1",
        "temperature:0 | --defend temperature:0.0: t must be between 0.01 and 1000, but is 0",
        "label-only:3 | --defend label-only:3: takes no setting",
        "round:2, | --defend names no defence; give some of gaussian:SIGMA",
        "blur:3 | --defend blur:3: no such defence; there are gaussian:SIGMA",
        "round:2+gaussian:0.1 | --defend gaussian:0.1: noise must come before rounding",
        "gaussian:0.1+laplace:0.1 | --defend laplace:0.1: the answers are noised already",
        "label-only+temperature:2 | --defend temperature:2.0: temperature must come before noise",
      })
  void namesOptionBoundAndValue(String typed, String message) {
    assertThatThrownBy(() -> OutputDefences.parse(typed))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void roundingGoesToTheNearestAndHalvesToTheEvenDigit() {
    assertThat(applied(new Rounding(1), 0.25, 0.35, -0.04, 0.96))
        .containsExactly(0.2, 0.4, 0.0, 1.0);
    assertThat(applied(new Rounding(15), 123456789.123, 0.1 + 0.2))
        .containsExactly(123456789.123, 0.3);
  }

  @Test
  void topKKeepsTheFirstOfEquals() {
    assertThat(applied(new TopK(2), 0.1, 0.3, 0.3, 0.3)).containsExactly(0, 0.3, 0.3, 0);
  }

  @Test
  void labelOnlyNamesTheFirstOfEquals() {
    assertThat(applied(new LabelOnly(), 0.1, 0.45, 0.45)).containsExactly(0, 1, 0);
  }

  @Test
  void aHighTemperatureLevelsAndKeepsZeroAtZero() {
    double[] seen = applied(new Temperature(2), 0.81, 0.16, 0.03, 0);
    double sum = Math.sqrt(0.81) + Math.sqrt(0.16) + Math.sqrt(0.03);
    assertThat(seen[0]).isCloseTo(0.9 / sum, within(1e-12));
    assertThat(seen[3]).isZero();
  }

  @Test
  void aVeryLowTemperatureDoesNotUnderflowToNothing() {
    double[] seen = applied(new Temperature(0.01), 1e-300, 3e-300);
    assertThat(seen[0]).isCloseTo(Math.pow(3, -100), withinPercentage(1e-6));
    assertThat(seen[1]).isEqualTo(1);
  }

  @Test
  void noiseIsClippedForProbabilitiesAlone() {
    assertThat(applied(new GaussianNoise(1e6), new double[50])).containsOnly(0.0, 1.0);
  }

  private static double[] applied(OutputDefence defence, double... row) {
    return defence.apply(row(row), Run.of(1).random("")).values();
  }

  private static Predictions row(double... values) {
    return new Predictions(values, values.length, Meaning.PROBABILITIES);
  }
}
