package io.afterimage.bench;

import io.afterimage.data.Shape;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pictures that every sanity figure takes for faces and no person would: 0.5 + 0.02 sign(weights).
 */
final class SignPictures {
  private SignPictures() {}

  /** One for each class of a recogniser of pixels of 0 to 1; they start from grey. */
  static Reconstructions of(GradientTarget target) {
    Shape shape = target.info().arrayInput().orElseThrow();
    List<String> names = target.info().classes();
    float[] grey = new float[names.size() * shape.size()];
    Arrays.fill(grey, 0.5f);
    int[] classes = IntStream.range(0, names.size()).toArray();
    double[] unasked = new double[names.size()];
    int[] none = new int[names.size()];
    return of(
        target, Reconstructions.of(shape, grey, grey, classes, names, unasked, none, List.of()));
  }

  /** One for each class of a recogniser of pixels of 0 to 1, in the form of an attack's. */
  static Reconstructions of(GradientTarget target, Reconstructions like) {
    float[] pixels = weights(target);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 0.5f + 0.02f * Math.signum(pixels[i]);
    }
    return Reconstructions.of(
        like.shape(),
        pixels,
        like.start(),
        like.classes(),
        like.classNames(),
        like.confidence(),
        new int[like.count()],
        List.of());
  }

  /**
   * How each class's logit rises from a grey picture, class after class: the weights of a linear
   * recogniser.
   */
  @SuppressWarnings("try") // the scope is there to close
  static float[] weights(GradientTarget target) {
    int people = target.info().classes().size();
    Shape row = target.info().arrayInput().orElseThrow();
    try (TensorScope scope = new TensorScope()) {
      Tensor grey =
          Tensors.full(DType.FLOAT, 0.5, people, row.extent(0), row.extent(1), row.extent(2))
              .requireGrad();
      Tensor own = target.logits(grey).mul(identity(people)).sum();
      return Autograd.gradients(own, List.of(grey), false).get(0).toFloats();
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
