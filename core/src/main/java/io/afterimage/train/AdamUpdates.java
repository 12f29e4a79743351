package io.afterimage.train;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;

/** Moments of Adam. */
final class AdamUpdates implements Optimiser.Updates {
  private final Optimiser.Adam settings;
  private final List<Tensor> parameters;
  private final TensorScope owner = TensorScope.owner();
  private final List<Tensor> means;
  private final List<Tensor> squares;
  private int steps;

  AdamUpdates(Optimiser.Adam settings, List<Tensor> parameters) {
    this.settings = settings;
    this.parameters = parameters;
    this.means = Optimiser.zeros(parameters, owner);
    this.squares = Optimiser.zeros(parameters, owner);
  }

  @Override
  public void apply(List<Tensor> gradients) {
    steps++;
    Autograd.noGrad(
        () -> {
          for (int i = 0; i < parameters.size(); i++) {
            move(i, gradients.get(i));
          }
        });
  }

  private void move(int i, Tensor gradient) {
    Tensor weight = parameters.get(i);
    if (settings.weightDecay() > 0) {
      InPlace.mul(weight, 1 - settings.learningRate() * settings.weightDecay());
    }
    InPlace.lerp(means.get(i), gradient, 1 - settings.beta1());
    InPlace.mul(squares.get(i), settings.beta2());
    InPlace.addProduct(squares.get(i), gradient, gradient, 1 - settings.beta2());
    double root = Math.sqrt(1 - Math.pow(settings.beta2(), steps));
    Tensor deviation = squares.get(i).sqrt();
    InPlace.mul(deviation, 1 / root);
    InPlace.add(deviation, settings.epsilon());
    double rate = settings.learningRate() / (1 - Math.pow(settings.beta1(), steps));
    InPlace.addQuotient(weight, means.get(i), deviation, -rate);
  }

  @Override
  public void close() {
    owner.close();
  }
}
