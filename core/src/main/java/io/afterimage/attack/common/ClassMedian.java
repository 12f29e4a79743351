package io.afterimage.attack.common;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Makes scores of different classes comparable by taking each class's median from its scores. */
public final class ClassMedian {
  private ClassMedian() {}

  /**
   * Each score less the median score of its class.
   *
   * @param scores one a row
   * @param classes of the same rows, 0 to classes - 1
   */
  public static double[] removed(double[] scores, int[] classes) {
    int count = Arrays.stream(classes).max().orElse(-1) + 1;
    double[] medians =
        IntStream.range(0, count).mapToDouble(c -> median(ofClass(scores, classes, c))).toArray();
    double[] removed = new double[scores.length];
    Arrays.setAll(removed, i -> scores[i] - medians[classes[i]]);
    return removed;
  }

  private static double[] ofClass(double[] scores, int[] classes, int c) {
    return IntStream.range(0, scores.length)
        .filter(i -> classes[i] == c)
        .mapToDouble(i -> scores[i])
        .toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return 0;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
