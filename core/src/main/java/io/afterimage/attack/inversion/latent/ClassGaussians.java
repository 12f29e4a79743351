package io.afterimage.attack.inversion.latent;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;

/**
 * A Gaussian of latent vectors for each class, number by number by itself: [classes, 2 latent], in
 * each row the means, then the logarithms of the deviations.
 */
public final class ClassGaussians {
  private ClassGaussians() {}

  /** The prior's own for each class. */
  public static Tensor start(int classes, long latent) {
    return Tensors.zeros(classes, 2 * latent);
  }

  /** Each class so many times, one after the other: LONG [classes * samples]. */
  public static Tensor each(int classes, int samples) {
    int[] each = new int[Math.multiplyExact(classes, samples)];
    Arrays.setAll(each, i -> i / samples);
    return Tensors.of(each, each.length).to(DType.LONG);
  }

  /** Vectors of each row's class by the row's noise, through which is learned: [rows, latent]. */
  public static Tensor vectors(Tensor at, Tensor classes, Tensor noise) {
    long latent = at.size(1) / 2;
    Tensor own = Indexing.indexSelect(at, 0, classes);
    return own.narrow(1, 0, latent).add(own.narrow(1, latent, latent).exp().mul(noise));
  }
}
