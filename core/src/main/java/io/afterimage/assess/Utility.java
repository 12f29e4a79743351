package io.afterimage.assess;

import io.afterimage.base.Run;
import io.afterimage.evidence.People;
import java.util.LinkedHashMap;
import java.util.Map;

/** How well a model does its work, with intervals by privacy unit. */
public final class Utility {
  private Utility() {}

  /**
   * Accuracy, calibration error and Brier score of a classifier.
   *
   * @param probabilities row after row, one number a class; one-hot where only labels are answered
   * @param classes the true class of each row, -1 where it is missing
   */
  public static Map<String, Metric> classifier(
      double[] probabilities, int[] classes, People people, Run run) {
    return Calibration.of(probabilities, classes, Units.of(people.persons())).metrics(run);
  }

  /**
   * R² and root mean square error of a regressor. R² is 1 - (squared error) / (squared distance
   * from the mean), at most 1 and below 0 where the mean does better.
   */
  public static Map<String, Metric> regressor(
      double[] answers, double[] truth, People people, Run run) {
    Units units = Units.of(people.persons());
    double[] estimates = fit(answers, truth, units, Bootstrap.eachOnce(units.count()));
    Bootstrap bootstrap =
        Bootstrap.of(
            units.count(),
            drawn -> fit(answers, truth, units, drawn),
            new Resampling(run, "utility/regressor"));
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("r2", metric(bootstrap, 0, estimates[0], units));
    metrics.put("rmse", metric(bootstrap, 1, estimates[1], units));
    return metrics;
  }

  private static Metric metric(Bootstrap bootstrap, int statistic, double estimate, Units units) {
    if (units.count() < 2 || !Double.isFinite(estimate)) {
      return Metric.unresolved(units.count(), "it needs 2 people and a truth that varies");
    }
    Interval ends = bootstrap.interval(statistic, estimate, Interval.MISS);
    return Metric.of(estimate, ends.low(), ends.high(), units.count());
  }

  private static double[] fit(double[] answers, double[] truth, Units units, int[] drawn) {
    double rows = 0;
    double mean = 0;
    for (int row = 0; row < truth.length; row++) {
      double times = drawn[units.of(row)];
      rows += times;
      mean += times * truth[row];
    }
    mean /= rows;
    double error = 0;
    double spread = 0;
    for (int row = 0; row < truth.length; row++) {
      double times = drawn[units.of(row)];
      error += times * (answers[row] - truth[row]) * (answers[row] - truth[row]);
      spread += times * (truth[row] - mean) * (truth[row] - mean);
    }
    return new double[] {1 - error / spread, Math.sqrt(error / rows)};
  }
}
