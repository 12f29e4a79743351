package io.afterimage.train;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/** Moments of Adam. */
final class AdamUpdates implements Optimiser.Updates {
  private final Optimiser.Adam settings;
  private final double apart;
  private final List<Tensor> parameters;
  private final TensorScope owner = TensorScope.owner();
  private final List<Tensor> means;
  private final List<Tensor> squares;
  private long taken;

  /**
   * @param apart decay of the weights apart from the gradient
   */
  AdamUpdates(Optimiser.Adam settings, double apart, List<Tensor> parameters) {
    this.settings = settings;
    this.apart = apart;
    this.parameters = parameters;
    this.means = Optimiser.zeros(parameters, owner);
    this.squares = Optimiser.zeros(parameters, owner);
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

  /** Both corrections are folded into the step and epsilon, which spares a pass each. */
  private void move(int i, Tensor slope, double rate) {
    Tensor weight = parameters.get(i);
    double decay = settings.weightDecay();
    Tensor gradient = decay > 0 ? slope.add(weight, decay) : slope;
    if (apart > 0) {
      InPlace.mul(weight, 1 - rate * apart);
    }
    InPlace.lerp(means.get(i), gradient, 1 - settings.beta1());
    InPlace.mul(squares.get(i), settings.beta2());
    InPlace.addProduct(squares.get(i), gradient, gradient, 1 - settings.beta2());
    double root = Math.sqrt(1 - Math.pow(settings.beta2(), (double) taken));
    Tensor deviation = squares.get(i).sqrt();
    InPlace.add(deviation, settings.epsilon() * root);
    double step = rate * root / (1 - Math.pow(settings.beta1(), (double) taken));
    InPlace.addQuotient(weight, means.get(i), deviation, -step);
    deviation.close();
  }

  @Override
  public List<Tensor> memory() {
    List<Tensor> all = new ArrayList<>(means);
    all.addAll(squares);
    return all;
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
