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
  private long taken;

  SgdUpdates(Optimiser.Sgd settings, List<Tensor> parameters) {
    this.settings = settings;
    this.parameters = parameters;
    this.velocities = Optimiser.zeros(settings.momentum() > 0 ? parameters : List.of(), owner);
  }

  @Override
  @SuppressWarnings("try") // scope and guard are there to close
  public void apply(List<Tensor> gradients, double rate) {
    taken++;
    try (Autograd.Guard unrecorded = Autograd.noGrad();
        TensorScope scope = new TensorScope()) {
      for (int i = 0; i < parameters.size(); i++) {
        move(i, gradients.get(i), settings.learningRate() * rate);
      }
    }
  }

  private void move(int i, Tensor slope, double rate) {
    Tensor weight = parameters.get(i);
    double decay = settings.weightDecay();
    Tensor gradient = decay > 0 ? slope.add(weight, decay) : slope;
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

  @Override
  public long taken() {
    return taken;
  }

  @Override
  public void goOnAfter(long updates) {
    taken = updates;
  }

  @Override
  public void close() {
    owner.close();
  }
}
