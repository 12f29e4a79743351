package io.afterimage.bench;

import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The descent of mi-face as one would write it on the binding: no stop rules, nothing kept. */
final class BareLoop {
  private BareLoop() {}

  /**
   * So many steps of all classes at once, from black.
   *
   * @param weights of a linear softmax, class after class
   */
  @SuppressWarnings("try") // the scope is there to close
  static void run(float[] weights, int classes, int steps) {
    long size = weights.length / classes;
    try (PointerScope all = new PointerScope()) {
      Tensor w = torch.tensor(weights).reshape(classes, size);
      Tensor own = torch.tensor(LongStream.range(0, classes).toArray()).unsqueeze(1);
      Tensor x = torch.zeros(classes, size);
      Scalar rate = new Scalar(-0.1);
      ScalarOptional low = new ScalarOptional(new Scalar(0.0));
      ScalarOptional high = new ScalarOptional(new Scalar(1.0));
      for (int step = 0; step < steps; step++) {
        step(x, w, own, rate, low, high);
      }
    }
  }

  @SuppressWarnings("try") // the scope is there to close
  private static void step(
      Tensor x, Tensor w, Tensor own, Scalar rate, ScalarOptional low, ScalarOptional high) {
    try (PointerScope step = new PointerScope()) {
      Tensor leaf = x.detach().requires_grad_(true);
      Tensor confidence = torch.linear(leaf, w).softmax(1).gather(1, own);
      TensorVector cost = new TensorVector(confidence.neg().add(new Scalar(1.0)).sum());
      Tensor gradient = torch.grad(cost, new TensorVector(leaf)).get(0);
      x.add_(gradient, rate).clamp_(low, high);
    }
  }
}
