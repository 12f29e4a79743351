package io.afterimage.attack.common;

import java.util.Arrays;

/** Numbers as shares of those that they exceed. */
public final class Ranks {
  private Ranks() {}

  /** For each number the share of all that are less, equals counted half; above 0 and below 1. */
  public static double[] of(double[] values) {
    return among(values, values);
  }

  /** For each number the share of others that are less, equals counted half; from 0 to 1. */
  public static double[] among(double[] others, double[] values) {
    double[] sorted = others.clone();
    Arrays.sort(sorted);
    return Arrays.stream(values)
        .map(v -> (first(sorted, v, false) + first(sorted, v, true)) / (2.0 * sorted.length))
        .toArray();
  }

  /** For each limit the share of the values that are not above it. */
  public static double[] notAbove(double[] values, double[] limits) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Arrays.stream(limits)
        .map(limit -> (double) first(sorted, limit, true) / sorted.length)
        .toArray();
  }

  /** How many are below the value, or also those equal to it. */
  private static int first(double[] sorted, double value, boolean orEqual) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean before = orEqual ? sorted[middle] <= value : sorted[middle] < value;
      low = before ? middle + 1 : low;
      high = before ? high : middle;
    }
    return low;
  }
}
