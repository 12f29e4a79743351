package io.afterimage.train;

import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** Moments of Adam. */
final class AdamUpdates extends StepwiseUpdates {
  private final Optimiser.Adam settings;
  private final double apart;
  private final List<Tensor> means = zeros();
  private final List<Tensor> squares = zeros();

  /**
   * @param apart decay of the weights apart from the gradient
   */
  AdamUpdates(Optimiser.Adam settings, double apart, List<Tensor> parameters) {
    super(parameters, settings.learningRate(), settings.weightDecay());
    this.settings = settings;
    this.apart = apart;
  }

  /** Both corrections are folded into the step and epsilon, which spares a pass each. */
  @Override
  void move(int i, Tensor weight, Tensor gradient, double rate) {
    if (apart > 0) {
      InPlace.mul(weight, 1 - rate * apart);
    }
    InPlace.lerp(means.get(i), gradient, 1 - settings.beta1());
    InPlace.mul(squares.get(i), settings.beta2());
    InPlace.addProduct(squares.get(i), gradient, gradient, 1 - settings.beta2());
    double root = Math.sqrt(1 - Math.pow(settings.beta2(), (double) taken()));
    Tensor deviation = squares.get(i).sqrt();
    InPlace.add(deviation, settings.epsilon() * root);
    double step = rate * root / (1 - Math.pow(settings.beta1(), (double) taken()));
    InPlace.addQuotient(weight, means.get(i), deviation, -step);
    deviation.close();
  }

  @Override
  public List<Tensor> memory() {
    return Stream.concat(means.stream(), squares.stream()).toList();
  }
}
