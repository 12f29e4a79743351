package io.afterimage.assess;

import io.afterimage.base.Run;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Whether a classifier is as often right as it says.
 *
 * <p>The calibration error is the mean distance of confidence and accuracy over 15 bins of equal
 * width (Guo et al., ICML 2017). It reads high where rows are few: even a calibrated model strays
 * within a bin. The Brier score is the mean squared distance of the probabilities from the truth,
 * summed over classes: 0 to 2.
 *
 * @param confidence probability of the class that is answered
 * @param right 1 where that class is the true one
 * @param brier squared distance of each row
 */
record Calibration(double[] confidence, double[] right, double[] brier, Units units) {
  private static final int BINS = 15;

  /** Of these probabilities, without the rows whose true class is missing. */
  static Calibration of(double[] probabilities, int[] classes, Units units) {
    int[] known = IntStream.range(0, classes.length).filter(row -> classes[row] >= 0).toArray();
    int columns = classes.length == 0 ? 1 : probabilities.length / classes.length;
    double[] confidence = new double[known.length];
    double[] right = new double[known.length];
    double[] brier = new double[known.length];
    for (int i = 0; i < known.length; i++) {
      int truth = classes[known[i]];
      int start = known[i] * columns;
      int answer = 0;
      for (int c = 0; c < columns; c++) {
        double p = probabilities[start + c];
        answer = p > probabilities[start + answer] ? c : answer;
        brier[i] += c == truth ? (1 - p) * (1 - p) : p * p;
      }
      confidence[i] = probabilities[start + answer];
      right[i] = answer == truth ? 1 : 0;
    }
    return new Calibration(confidence, right, brier, units.select(known));
  }

  /** {@code accuracy}, {@code calibrationError} and {@code brier}. */
  Map<String, Metric> metrics(Run run) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    Metric accuracy = Interval.share(right, units);
    metrics.put("accuracy", accuracy);
    metrics.put("calibrationError", accuracy.resolved() ? calibrationError(run) : accuracy);
    metrics.put("brier", Interval.mean(brier, units));
    return metrics;
  }

  private Metric calibrationError(Run run) {
    double estimate = error(Bootstrap.eachOnce(units.count()));
    Interval ends =
        Bootstrap.of(
                units.count(),
                drawn -> new double[] {error(drawn)},
                new Resampling(run, "utility/calibration"))
            .normal(0, estimate, Interval.MISS);
    return Metric.of(estimate, Math.max(0, ends.low()), Math.min(1, ends.high()), units.count());
  }

  private double error(int[] drawn) {
    double[] gaps = new double[BINS];
    double rows = 0;
    for (int row = 0; row < right.length; row++) {
      int times = drawn[units.of(row)];
      gaps[bin(confidence[row])] += times * (right[row] - confidence[row]);
      rows += times;
    }
    return Arrays.stream(gaps).map(Math::abs).sum() / rows;
  }

  private static int bin(double confidence) {
    return Math.max(0, Math.min(BINS - 1, (int) Math.ceil(confidence * BINS) - 1));
  }
}
