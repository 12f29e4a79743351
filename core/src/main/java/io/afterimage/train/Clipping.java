package io.afterimage.train;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Shortens gradients that are too long (Pascanu, Mikolov, Bengio, ICML 2013). */
final class Clipping {
  private Clipping() {}

  /** All gradients times one factor, so that together their norm is at most this. */
  static List<Tensor> clip(List<Tensor> gradients, double greatest) {
    List<Tensor> norms = new ArrayList<>();
    gradients.forEach(gradient -> norms.add(Maths.norm(gradient, false)));
    Tensor norm = Maths.norm(Indexing.stack(norms, 0), false);
    // Stays in native memory: reading the norm would make every step wait for it.
    Tensor factor = Maths.clamp(Maths.reciprocal(norm).mul(greatest), 0, 1);
    return gradients.stream().map(gradient -> gradient.mul(factor)).toList();
  }
}
