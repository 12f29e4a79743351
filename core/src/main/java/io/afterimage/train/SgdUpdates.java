package io.afterimage.train;

import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import java.util.List;

/** Velocities of SGD. */
final class SgdUpdates extends StepwiseUpdates {
  private final Optimiser.Sgd settings;
  private final List<Tensor> velocities;

  SgdUpdates(Optimiser.Sgd settings, List<Tensor> parameters) {
    super(parameters, settings.learningRate(), settings.weightDecay());
    this.settings = settings;
    this.velocities = settings.momentum() > 0 ? zeros() : List.of();
  }

  @Override
  void move(int i, Tensor weight, Tensor gradient, double rate) {
    if (settings.momentum() == 0) {
      InPlace.add(weight, gradient, -rate);
      return;
    }
    Tensor velocity = velocities.get(i);
    InPlace.sum(velocity, gradient, velocity, settings.momentum());
    if (settings.nesterov()) {
      InPlace.add(weight, gradient, -rate);
      InPlace.add(weight, velocity, -rate * settings.momentum());
    } else {
      InPlace.add(weight, velocity, -rate);
    }
  }

  @Override
  public List<Tensor> memory() {
    return velocities;
  }
}
