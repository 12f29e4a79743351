package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Dense layers with ReLU between them, several networks of one form side by side. Each has weights
 * of its own, which start as He et al. 2015 draw them, the last as Glorot &amp; Bengio 2010; biases
 * start at 0.
 */
final class StackedDense implements AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final List<Tensor> parameters = new ArrayList<>();

  /**
   * Networks with fresh weights.
   *
   * @param networks how many
   * @param widths of the input, of each layer between, and of the output
   * @param run keys the initial weights
   */
  @SuppressWarnings("try") // the scope is there to close
  StackedDense(int networks, int[] widths, Run run) {
    try (TensorScope scope = new TensorScope()) {
      for (int layer = 1; layer < widths.length; layer++) {
        int inputs = widths[layer - 1];
        int outputs = widths[layer];
        Layers.Next next = layer + 1 < widths.length ? Layers.Next.RELU : Layers.Next.NONE;
        double bound = Layers.bound(next, inputs, outputs);
        try (Draws draws = new Draws(run.seedFor("weights/" + layer))) {
          add(draws.uniform(-bound, bound, networks, inputs, outputs));
        }
        add(Tensors.zeros(networks, 1, outputs));
      }
    }
  }

  private StackedDense(List<Tensor> copied) {
    TensorScope.run(() -> copied.forEach(tensor -> add(tensor.detach().copy())));
  }

  private void add(Tensor parameter) {
    parameters.add(owner.adopt(parameter.requireGrad()));
  }

  /** Numbers of one network of these widths. */
  static long size(int... widths) {
    long size = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      size += (widths[layer - 1] + 1L) * widths[layer];
    }
    return size;
  }

  /** Weights and biases, layer after layer; live until it is closed. */
  List<Tensor> parameters() {
    return parameters;
  }

  /** What each network makes of its own rows: [networks, rows, input] to […, output]. */
  Tensor of(Tensor x) {
    Tensor value = x;
    for (int i = 0; i < parameters.size(); i += 2) {
      Tensor ahead = i == 0 ? value : value.relu();
      value = parameters.get(i + 1).baddbmm(ahead, parameters.get(i));
    }
    return value;
  }

  /** The same networks with weights of their own. */
  StackedDense copy() {
    return new StackedDense(parameters);
  }

  /** Moves every weight a share of the way to that of others. */
  @SuppressWarnings("try") // the guard is there to close
  void follow(StackedDense others, double share) {
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      for (int i = 0; i < parameters.size(); i++) {
        InPlace.lerp(parameters.get(i), others.parameters.get(i), share);
      }
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
