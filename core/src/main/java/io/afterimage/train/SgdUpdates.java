package io.afterimage.train;

import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import java.util.List;

/** Velocities of SGD. */
final class SgdUpdates extends RememberingUpdates {
  private final Optimiser.Sgd settings;
  private final List<Tensor> velocities;

  SgdUpdates(Optimiser.Sgd settings, List<Tensor> parameters) {
    super(parameters);
    this.settings = settings;
    this.velocities = settings.momentum() > 0 ? zeros() : List.of();
  }

  @Override
  void move(List<Tensor> parameters, List<Tensor> gradients, double rate) {
    for (int i = 0; i < parameters.size(); i++) {
      Tensor weight = parameters.get(i);
      Tensor slope = gradients.get(i);
      move(
          i,
          weight,
          settings.weightDecay() > 0 ? slope.add(weight, settings.weightDecay()) : slope,
          settings.learningRate() * rate);
    }
  }

  private void move(int i, Tensor weight, Tensor gradient, double rate) {
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
