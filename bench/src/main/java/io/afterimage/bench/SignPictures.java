package io.afterimage.bench;

import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.List;

/**
 * Pictures that every sanity figure takes for faces and no person would: 0.5 + 0.02 sign(weights).
 */
final class SignPictures {
  private SignPictures() {}

  /** One for each class of a linear recogniser of pixels of 0 to 1, in the form of an attack's. */
  @SuppressWarnings("try") // the scope is there to close
  static Reconstructions of(GradientTarget target, Reconstructions like) {
    int people = like.classNames().size();
    int height = like.shape().extent(1);
    int width = like.shape().extent(2);
    try (TensorScope scope = new TensorScope()) {
      Tensor grey = Tensors.full(DType.FLOAT, 0.5, people, 1, height, width).requireGrad();
      Tensor own = target.logits(grey).mul(identity(people)).sum();
      Tensor weights = Autograd.gradients(own, List.of(grey), false).get(0);
      float[] pixels = weights.sign().mul(0.02).add(0.5).toFloats();
      return Reconstructions.of(
          like.shape(),
          pixels,
          like.start(),
          like.classes(),
          like.classNames(),
          like.confidence(),
          new int[people],
          List.of());
    }
  }

  private static Tensor identity(int size) {
    float[] cells = new float[size * size];
    for (int i = 0; i < size; i++) {
      cells[i * size + i] = 1;
    }
    return Tensors.of(cells, size, size);
  }
}
