package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.membership.Forecaster.Forecast;
import io.afterimage.base.Run;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class ForecasterTest {
  private static final Run RUN = Run.of(13);
  private static final double LEVEL = 0.9;
  private static final int ROWS = 4000;

  /** Numbers of mean 10 + 3x and deviation 1 + x, for x between 0 and 2. */
  private static double[] numbers(float[] x, String name) {
    RandomGenerator random = RUN.random(name);
    return IntStream.range(0, x.length)
        .mapToDouble(i -> 10 + 3 * x[i] + (1 + x[i]) * random.nextGaussian())
        .toArray();
  }

  private static float[] rows(String name) {
    RandomGenerator random = RUN.random(name);
    float[] x = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      x[i] = (float) (2 * random.nextDouble());
    }
    return x;
  }

  private static Forecaster learned() {
    float[] x = rows("rows");
    return Forecaster.fit(
        x,
        numbers(x, "numbers"),
        new MembershipQmia.Settings(LEVEL, 32, 60, 64, 0, 0.005, OptionalInt.empty()),
        RUN);
  }

  /**
   * Of 400 rows around each place the mean has a deviation of 0.15 at most, their deviation one of
   * 0.1, and their quantile one of 0.085 in units of it: four of each.
   */
  @Test
  void findsTheMeanAndTheDeviationThatDependOnTheRow() {
    Forecast[] forecasts = learned().of(new float[] {0.5f, 1, 1.5f});
    for (int i = 0; i < 3; i++) {
      double x = 0.5 + 0.5 * i;
      assertThat(forecasts[i].mean()).isCloseTo(10 + 3 * x, within(0.6));
      assertThat(forecasts[i].deviation()).isCloseTo(1 + x, within(0.6));
      assertThat(forecasts[i].quantile()).isCloseTo(1.2816, within(0.35));
    }
  }

  /** Of fresh numbers 0.9 ± 0.005 lie below the true quantile; the learned one may err as much. */
  @Test
  void theQuantileLeavesItsShareOfFreshNumbersBelow() {
    float[] x = rows("fresh rows");
    double[] y = numbers(x, "fresh numbers");
    Forecast[] forecasts = learned().of(x);
    long below = IntStream.range(0, ROWS).filter(i -> y[i] < quantile(forecasts[i])).count();
    assertThat((double) below / ROWS).isCloseTo(LEVEL, within(0.03));
  }

  private static double quantile(Forecast forecast) {
    return forecast.mean() + forecast.deviation() * forecast.quantile();
  }

  @Test
  void theLossIsMinusTheLogDensityAndThePinball() {
    TensorScope.run(
        () -> {
          double loss =
              new Forecasting(0.9)
                  .of(
                      Tensors.of(new float[] {1, 0.5f, 4, 1, 0.5f, 0.5f}, 2, 3),
                      Tensors.of(new float[] {3, 3}, 2, 1))
                  .item();
          double deviations = (3 - 1) / Math.exp(0.5);
          double density = 0.5 + 0.5 * deviations * deviations;
          double pinball = (0.1 * (4 - deviations) + 0.9 * (deviations - 0.5)) / 2;
          assertThat(loss).isCloseTo(density + pinball, within(1e-5));
        });
  }

  @Test
  void theLossOfManyIsTheMeanOfEach() {
    TensorScope.run(
        () -> {
          var answers = Tensors.of(new float[] {1, 0, 4, 1, 9, 2}, 2, 3);
          var targets = Tensors.of(new float[] {3, -3}, 2, 1);
          Forecasting loss = new Forecasting(0.7);
          assertThat(loss.ofRows(answers, targets).orElseThrow().mean().item())
              .isCloseTo(loss.of(answers, targets).item(), within(1e-5));
        });
  }
}
