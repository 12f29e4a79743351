package io.afterimage.judge;

import io.afterimage.data.Shape;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.List;

/** Where a class's logit rises: for a linear model, the class's weights. */
final class SteepestDirection {
  private SteepestDirection() {}

  /** The gradient at a grey picture, in C order. */
  @SuppressWarnings("try") // the scope is there to close
  static float[] of(GradientTarget target, Shape shape, int subject, double grey) {
    long[] extents = new long[shape.rank() + 1];
    extents[0] = 1;
    for (int axis = 0; axis < shape.rank(); axis++) {
      extents[axis + 1] = shape.extent(axis);
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor x = Tensors.full(DType.FLOAT, grey, extents).requireGrad();
      Tensor logit = target.logits(x).narrow(1, subject, 1).sum();
      return Autograd.gradients(logit, List.of(x), false).get(0).toFloats();
    }
  }
}
