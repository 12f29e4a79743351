package io.afterimage.graph.ops;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Interpolation along one axis at places that the graph fixes: so many taps for each place.
 *
 * @param indices of the taps, [places * count]
 * @param weights of the taps, [places * count]
 * @param count of taps for each place
 */
record Taps(long[] indices, double[] weights, int count) {
  /**
   * How much a tap weighs by its distance from the place.
   *
   * @param reach the distance from which on it weighs nothing
   */
  record Kernel(int reach, DoubleUnaryOperator weight) {
    static final Kernel LINEAR = new Kernel(1, d -> Math.max(0, 1 - Math.abs(d)));

    /** Keys: Cubic Convolution Interpolation for Digital Image Processing, 1981. */
    static Kernel cubic(double a) {
      return new Kernel(2, d -> cubic(Math.abs(d), a));
    }

    private static double cubic(double d, double a) {
      if (d <= 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }
  }

  /**
   * The taps of a kernel. Beyond the ends the last element is repeated.
   *
   * @param size of the axis
   * @param scale below 1 stretches the kernel, so that every element counts
   * @param inside whether taps beyond the ends weigh nothing instead
   */
  static Taps of(double[] places, long size, Kernel kernel, double scale, boolean inside) {
    int start = (int) Math.floor(-kernel.reach / scale) + 1;
    int count = 2 - 2 * start;
    long[] indices = new long[Math.multiplyExact(places.length, count)];
    double[] weights = new double[indices.length];
    for (int i = 0; i < places.length; i++) {
      // Of two places at the same distance the first is nearer.
      long left = (long) Math.ceil(places[i]) - 1;
      double sum = 0;
      for (int k = 0; k < count; k++) {
        long tap = left + start + k;
        boolean counts = !inside || (tap >= 0 && tap < size);
        double weight = counts ? kernel.weight.applyAsDouble(scale * (tap - places[i])) : 0;
        indices[i * count + k] = Math.max(0, Math.min(size - 1, tap));
        weights[i * count + k] = weight;
        sum += weight;
      }
      for (int k = 0; k < count; k++) {
        weights[i * count + k] /= sum;
      }
    }
    return new Taps(indices, weights, count);
  }

  /** Reads real numbers along an axis. */
  Tensor apply(Tensor x, int axis) {
    Tensor taken = Indexing.indexSelect(x, axis, Tensors.of(indices, indices.length));
    long[] shape = Arrays.copyOf(x.shape(), x.rank() + 1);
    System.arraycopy(x.shape(), axis, shape, axis + 1, x.rank() - axis);
    shape[axis] = indices.length / count;
    shape[axis + 1] = count;
    long[] along = new long[shape.length];
    Arrays.fill(along, 1);
    along[axis] = shape[axis];
    along[axis + 1] = count;
    Tensor factors = Tensors.of(weights, along).to(x.dtype());
    return taken.reshape(shape).mul(factors).sum(false, axis + 1);
  }
}
