package io.afterimage.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Gradients. */
public final class Autograd {
  private static final BoolOptional KEEP = new BoolOptional(true);
  private static final BoolOptional LET_GO = new BoolOptional(false);

  private Autograd() {}

  /**
   * The gradients of a scalar with respect to each input, zero where it does not depend on it.
   *
   * @param createGraph whether the gradients can be differentiated again; keeps the graph as well
   */
  public static List<Tensor> gradients(Tensor output, List<Tensor> inputs, boolean createGraph) {
    return gradients(output, Absent.TENSORS, inputs, createGraph, createGraph);
  }

  /**
   * The products of a vector with the Jacobian: the gradients of sum(weights * output).
   *
   * @param weights of the output's shape
   * @param keepGraph whether the output can be differentiated again
   */
  public static List<Tensor> products(
      Tensor output, Tensor weights, List<Tensor> inputs, boolean keepGraph) {
    try (TensorVector vector = new TensorVector(weights.raw())) {
      return gradients(output, vector, inputs, keepGraph, false);
    }
  }

  private static List<Tensor> gradients(
      Tensor output,
      TensorVector weights,
      List<Tensor> inputs,
      boolean keepGraph,
      boolean createGraph) {
    if (!output.requiresGrad()) {
      throw new IllegalArgumentException(
          "the output depends on nothing that requires gradients, or not differentiably");
    }
    try (TensorVector outputs = new TensorVector(output.raw());
        TensorVector variables = vector(inputs);
        TensorVector found =
            torch.grad(
                outputs,
                variables,
                weights,
                keepGraph ? KEEP : LET_GO,
                createGraph,
                /* allow_unused= */ true)) {
      return unpack(found, inputs);
    }
  }

  private static List<Tensor> unpack(TensorVector found, List<Tensor> inputs) {
    List<Tensor> gradients = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      org.bytedeco.pytorch.Tensor gradient = found.get(i);
      gradients.add(
          gradient.defined() ? Tensor.copyOf(gradient) : Tensors.zerosLike(inputs.get(i)));
    }
    return gradients;
  }

  static TensorVector vector(List<Tensor> tensors) {
    org.bytedeco.pytorch.Tensor[] raw = new org.bytedeco.pytorch.Tensor[tensors.size()];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = tensors.get(i).raw();
    }
    return new TensorVector(raw);
  }

  /** Does work of which nothing is recorded. */
  @SuppressWarnings("try")
  public static void noGrad(Runnable work) {
    try (Guard guard = noGrad()) {
      work.run();
    }
  }

  /** Nothing that this thread computes is recorded until the guard is closed. */
  public static Guard noGrad() {
    return new Guard(false);
  }

  /** Recording within a {@link #noGrad} guard. */
  public static Guard withGrad() {
    return new Guard(true);
  }

  /** Restores this thread's recording when it is closed. */
  public static final class Guard implements AutoCloseable {
    private final boolean before;

    private Guard(boolean recording) {
      Natives.load();
      before = GradMode.is_enabled();
      GradMode.set_enabled(recording);
    }

    @Override
    public void close() {
      GradMode.set_enabled(before);
    }
  }
}
