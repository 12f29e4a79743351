package io.afterimage.attack.inversion.picture;

import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;

/**
 * What keeps pictures smooth during a descent. Pictures are [n, channels, height, width]; beyond
 * the edge stands the edge's own pixel.
 */
public final class Smoothing {
  private static final int REACH = 3;
  private static final double SHARPENING = 0.5;
  // Keeps the root differentiable where neighbours are equal.
  private static final double EPSILON = 1e-8;

  private Smoothing() {}

  /**
   * Total variation a pixel: the mean over pixels of the length of the difference to the right and
   * the lower neighbour. Rudin, Osher, Fatemi: Nonlinear total variation based noise removal,
   * Physica D 1992.
   *
   * @return [n], in the pixels' units
   */
  public static Tensor totalVariation(Tensor pictures) {
    long height = pictures.size(2) - 1;
    long width = pictures.size(3) - 1;
    Tensor inner = pictures.narrow(2, 0, height).narrow(3, 0, width);
    Tensor down = pictures.narrow(2, 1, height).narrow(3, 0, width).sub(inner);
    Tensor right = pictures.narrow(2, 0, height).narrow(3, 1, width).sub(inner);
    return down.square().add(right.square()).add(EPSILON).sqrt().mean(false, 1, 2, 3);
  }

  /**
   * Non-local means, then unsharp masking: the denoising and sharpening between steps of
   * Fredrikson's Process. Each pixel becomes the mean over a window of 7x7, weighted by how alike
   * the 3x3 patches are. Buades, Coll, Morel: A non-local algorithm for image denoising, CVPR 2005.
   *
   * @param noise the difference of pixels that counts as noise
   */
  public static Tensor denoiseAndSharpen(Tensor pictures, double noise) {
    Tensor sum = Tensors.zerosLike(pictures);
    Tensor weights = Tensors.zerosLike(pictures);
    for (int down = -REACH; down <= REACH; down++) {
      for (int right = -REACH; right <= REACH; right++) {
        addShifted(pictures, down, right, noise, sum, weights);
      }
    }
    Tensor smooth = sum.div(weights);
    return smooth.add(smooth.sub(patchMean(smooth)).mul(SHARPENING));
  }

  @SuppressWarnings("try") // the scope is there to close
  private static void addShifted(
      Tensor pictures, int down, int right, double noise, Tensor sum, Tensor weights) {
    try (TensorScope scope = new TensorScope()) {
      Tensor other = shift(pictures, down, right);
      Tensor distance = patchMean(pictures.sub(other).square());
      Tensor weight = distance.mul(-1 / (noise * noise)).exp();
      InPlace.addProduct(sum, weight, other, 1);
      InPlace.add(weights, weight);
    }
  }

  /** The mean of each pixel's 3x3 neighbourhood, cut off at the edge. */
  private static Tensor patchMean(Tensor pictures) {
    Nn.Window window = new Nn.Window(new long[] {1, 1}, new long[] {1, 1}, new long[] {1, 1});
    return Nn.averagePool(pictures, new long[] {3, 3}, window, false, false);
  }

  private static Tensor shift(Tensor pictures, int down, int right) {
    Tensor rows = Indexing.indexSelect(pictures, 2, clamped(pictures.size(2), down));
    return Indexing.indexSelect(rows, 3, clamped(pictures.size(3), right));
  }

  private static Tensor clamped(long extent, int offset) {
    long[] indices = new long[Math.toIntExact(extent)];
    Arrays.setAll(indices, i -> Math.max(0, Math.min(extent - 1, i + offset)));
    return Tensors.of(indices, extent);
  }
}
