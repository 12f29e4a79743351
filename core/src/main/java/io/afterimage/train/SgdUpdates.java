package io.afterimage.train;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;

/** Velocities of SGD. */
final class SgdUpdates implements Optimiser.Updates {
  private final Optimiser.Sgd settings;
  private final List<Tensor> parameters;
  private final TensorScope owner = TensorScope.owner();
  private final List<Tensor> velocities;

  SgdUpdates(Optimiser.Sgd settings, List<Tensor> parameters) {
    this.settings = settings;
    this.parameters = parameters;
    this.velocities = Optimiser.zeros(settings.momentum() > 0 ? parameters : List.of(), owner);
  }

  @Override
  public void apply(List<Tensor> gradients) {
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
      InPlace.add(gradient, weight, settings.weightDecay());
    }
    if (settings.momentum() > 0) {
      Tensor velocity = velocities.get(i);
      InPlace.mul(velocity, settings.momentum());
      InPlace.add(velocity, gradient);
      if (settings.nesterov()) {
        InPlace.add(gradient, velocity, settings.momentum());
      } else {
        InPlace.copy(gradient, velocity);
      }
    }
    InPlace.add(weight, gradient, -settings.learningRate());
  }

  @Override
  public void close() {
    owner.close();
  }
}
