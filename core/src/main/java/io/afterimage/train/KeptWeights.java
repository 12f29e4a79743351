package io.afterimage.train;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Collection;
import java.util.List;

/** Copies of a network's weights from its best epoch, to go back to. */
final class KeptWeights implements AutoCloseable {
  private final List<Tensor> live;
  private final TensorScope owner = TensorScope.owner();
  private List<Tensor> copies = List.of();

  KeptWeights(Collection<Tensor> live) {
    this.live = List.copyOf(live);
  }

  /** Keeps the weights as they are now. */
  void keep() {
    if (copies.isEmpty()) {
      TensorScope.run(() -> Autograd.noGrad(this::copyAnew));
    } else {
      copy(live, copies);
    }
  }

  private void copyAnew() {
    copies = live.stream().map(weight -> owner.adopt(weight.copy())).toList();
  }

  /** Makes the weights what they were when they were last kept, if they ever were. */
  void restore() {
    copy(copies, live);
  }

  private static void copy(List<Tensor> from, List<Tensor> to) {
    Autograd.noGrad(
        () -> {
          for (int i = 0; i < from.size(); i++) {
            InPlace.copy(to.get(i), from.get(i));
          }
        });
  }

  /** What is kept, in the weights' order; nothing before any was. */
  List<Tensor> copies() {
    return copies;
  }

  @Override
  public void close() {
    owner.close();
  }
}
