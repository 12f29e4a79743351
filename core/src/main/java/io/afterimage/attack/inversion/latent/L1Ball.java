package io.afterimage.attack.inversion.latent;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;

/**
 * For each row the points whose numbers differ from a centre's by no more than the row's radius in
 * all: the sum of the sizes of the differences.
 *
 * @param centre [rows, ...]
 * @param radius [rows, 1], 0 or more
 */
public record L1Ball(Tensor centre, Tensor radius) {

  /** The balls around these values whose radius is so large a share of their own numbers' sizes. */
  public static L1Ball around(Tensor centre, double share) {
    return new L1Ball(centre, centre.flatten(1).abs().sum(true, 1).mul(share));
  }

  /** Brings every row to the point of its ball that is nearest, in place. */
  public void pull(Tensor points) {
    Tensor nearest = nearest(points.sub(centre).flatten(1), radius);
    InPlace.sum(points, centre, nearest.reshape(points.shape()), 1);
  }

  /**
   * For each row the nearest whose sizes sum to the radius at most (Duchi, Shalev-Shwartz, Singer,
   * Chandra, ICML 2008): every number moves towards 0 by the same, or to 0. That much is the
   * greatest, over k, of (the sum of the k greatest sizes - radius) / k; where it is below 0, the
   * row lies inside.
   *
   * @param offsets [rows, numbers]
   * @param radius [rows, 1]
   */
  static Tensor nearest(Tensor offsets, Tensor radius) {
    Tensor sizes = offsets.to(DType.DOUBLE).abs();
    Tensor sums = Maths.cumulativeSum(Indexing.sort(sizes, 1, true).values(), 1);
    Tensor counts = Tensors.arange(DType.DOUBLE, 1, offsets.size(1) + 1.0, 1);
    Tensor less = sums.sub(radius.to(DType.DOUBLE)).div(counts).max(true, 1).relu();
    return sizes.sub(less).relu().to(offsets.dtype()).mul(offsets.sign());
  }
}
