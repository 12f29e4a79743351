package io.afterimage.train;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Updates that move one parameter after the other, and remember a few tensors of each one's shape.
 */
abstract class StepwiseUpdates implements Optimiser.Updates {
  private final List<Tensor> parameters;
  private final double learningRate;
  private final double weightDecay;
  private final TensorScope owner = TensorScope.owner();
  private long taken;

  StepwiseUpdates(List<Tensor> parameters, double learningRate, double weightDecay) {
    this.parameters = parameters;
    this.learningRate = learningRate;
    this.weightDecay = weightDecay;
  }

  /** A zero for each parameter, of its shape; freed with the updates. */
  final List<Tensor> zeros() {
    List<Tensor> zeros = new ArrayList<>();
    TensorScope.run(
        () -> parameters.forEach(weight -> zeros.add(owner.adopt(Tensors.zerosLike(weight)))));
    return zeros;
  }

  @Override
  @SuppressWarnings("try") // scope and guard are there to close
  public final void apply(List<Tensor> gradients, double rate) {
    taken++;
    try (Autograd.Guard unrecorded = Autograd.noGrad();
        TensorScope scope = new TensorScope()) {
      for (int i = 0; i < parameters.size(); i++) {
        Tensor weight = parameters.get(i);
        Tensor slope = gradients.get(i);
        move(
            i,
            weight,
            weightDecay > 0 ? slope.add(weight, weightDecay) : slope,
            learningRate * rate);
      }
    }
  }

  /**
   * Moves one parameter.
   *
   * @param i its number
   * @param gradient with the decay of weights in it
   */
  abstract void move(int i, Tensor weight, Tensor gradient, double rate);

  @Override
  public final long taken() {
    return taken;
  }

  @Override
  public final void goOnAfter(long updates) {
    taken = updates;
  }

  @Override
  public final void close() {
    owner.close();
  }
}
