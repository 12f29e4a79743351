package io.afterimage.attack.membership;

import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.train.Layers;
import io.afterimage.train.Loss;
import java.util.Optional;

/**
 * The loss of forecasts of a number: for each row the mean and the logarithm of the deviation of a
 * Gaussian, and a quantile in deviations above the mean. It is the sum of minus the Gaussian's
 * log-density (less a constant) and the pinball loss of the quantile (Koenker, Bassett 1978), which
 * leaves mean and deviation as they are.
 *
 * <p>Shapes: answers are FLOAT [n, 3], targets FLOAT [n, 1].
 *
 * @param level of the quantile: the share of numbers below it
 */
record Forecasting(double level) implements Loss {
  /** Numbers in a forecast. */
  static final int WIDTH = 3;

  /** Beyond which the logarithm of a deviation is cut off; numbers have deviation 1 in all. */
  static final double MOST_LOG_DEVIATION = 5;

  @Override
  public String value() {
    return Layers.VALUE;
  }

  @Override
  public Tensor of(Tensor answers, Tensor targets) {
    return each(answers, targets).mean();
  }

  @Override
  public Optional<Tensor> ofRows(Tensor answers, Tensor targets) {
    return Optional.of(each(answers, targets).reshape(-1));
  }

  private Tensor each(Tensor answers, Tensor targets) {
    Tensor logDeviation =
        Maths.clamp(answers.narrow(1, 1, 1), -MOST_LOG_DEVIATION, MOST_LOG_DEVIATION);
    Tensor deviations = targets.sub(answers.narrow(1, 0, 1)).mul(logDeviation.neg().exp());
    Tensor above = deviations.detach().sub(answers.narrow(1, 2, 1));
    Tensor pinball = Maths.maximum(above.mul(level), above.mul(level - 1));
    return deviations.square().mul(0.5).add(logDeviation).add(pinball);
  }
}
