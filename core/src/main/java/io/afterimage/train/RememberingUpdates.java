package io.afterimage.train;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/** Updates that remember a few tensors of each parameter's shape. */
abstract class RememberingUpdates implements Optimiser.Updates {
  private final List<Tensor> parameters;
  private final TensorScope owner = TensorScope.owner();
  private long taken;

  RememberingUpdates(List<Tensor> parameters) {
    this.parameters = parameters;
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
      move(parameters, gradients, rate);
    }
  }

  /**
   * Moves the parameters, none of which is recorded meanwhile.
   *
   * @param rate share of the learning rate
   */
  abstract void move(List<Tensor> parameters, List<Tensor> gradients, double rate);

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
