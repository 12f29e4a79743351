package io.afterimage.attack.common;

import io.afterimage.data.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The lowest frequencies of an array's discrete cosine transform (type II, orthonormal, over every
 * axis): smooth pictures with few numbers.
 *
 * <p>A frequency is the vector of k/extent over the axes, and low means short. Channels are an axis
 * like any other, wherever they stand: their mean comes first, their differences later.
 */
public final class CosineBasis {
  private final int[] extents;
  private final int[] kept;
  private final int[] places;
  private final double[][][] waves;

  /** So many of the lowest frequencies of arrays of this shape; all where there are no more. */
  public CosineBasis(Shape shape, int count) {
    extents = shape.extents();
    int[] lowest = lowest(shape, count);
    kept = new int[extents.length];
    for (int index : lowest) {
      int[] k = frequency(index);
      Arrays.setAll(kept, axis -> Math.max(kept[axis], k[axis] + 1));
    }
    places = Arrays.stream(lowest).map(index -> place(frequency(index))).toArray();
    waves = new double[extents.length][][];
    Arrays.setAll(waves, axis -> waves(kept[axis], extents[axis]));
  }

  /** How many frequencies it has. */
  public int size() {
    return places.length;
  }

  /** The array, in C order, whose coefficients these are. */
  public double[] array(double[] coefficients) {
    double[] cells = new double[Arrays.stream(kept).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < places.length; i++) {
      cells[places[i]] = coefficients[i];
    }
    for (int axis = 0; axis < extents.length; axis++) {
      cells = expanded(cells, axis);
    }
    return cells;
  }

  /** Turns an axis of frequencies into one of places; the axes before it are done. */
  private double[] expanded(double[] cells, int axis) {
    int inner = 1;
    for (int later = axis + 1; later < extents.length; later++) {
      inner *= kept[later];
    }
    int outer = cells.length / inner / kept[axis];
    double[] result = new double[outer * extents[axis] * inner];
    for (int o = 0; o < outer; o++) {
      for (int k = 0; k < kept[axis]; k++) {
        int from = (o * kept[axis] + k) * inner;
        for (int x = 0; x < extents[axis]; x++) {
          double wave = waves[axis][k][x];
          int to = (o * extents[axis] + x) * inner;
          for (int i = 0; i < inner; i++) {
            result[to + i] += wave * cells[from + i];
          }
        }
      }
    }
    return result;
  }

  private int[] lowest(Shape shape, int count) {
    double[] lengths =
        IntStream.range(0, shape.size()).mapToDouble(i -> length(frequency(i))).toArray();
    return IntStream.range(0, lengths.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> lengths[i]))
        .limit(count)
        .mapToInt(i -> i)
        .toArray();
  }

  private double length(int[] frequency) {
    return IntStream.range(0, extents.length)
        .mapToDouble(axis -> frequency[axis] / (double) extents[axis])
        .map(f -> f * f)
        .sum();
  }

  /** The frequency on each axis of an index in C order. */
  private int[] frequency(int index) {
    int[] frequency = new int[extents.length];
    int rest = index;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      frequency[axis] = rest % extents[axis];
      rest /= extents[axis];
    }
    return frequency;
  }

  private int place(int[] frequency) {
    int place = 0;
    for (int axis = 0; axis < extents.length; axis++) {
      place = place * kept[axis] + frequency[axis];
    }
    return place;
  }

  private static double[][] waves(int frequencies, int extent) {
    double[][] waves = new double[frequencies][extent];
    for (int k = 0; k < frequencies; k++) {
      double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / extent);
      for (int x = 0; x < extent; x++) {
        waves[k][x] = scale * Math.cos(Math.PI * (2 * x + 1) * k / (2.0 * extent));
      }
    }
    return waves;
  }
}
