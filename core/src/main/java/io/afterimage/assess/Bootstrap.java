package io.afterimage.assess;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.random.RandomGenerator;

/**
 * Statistics of people drawn anew with replacement (Efron 1979). The ends of an interval are
 * quantiles of the replicates. Beyond 50,000 people fewer than a thousand replicates are drawn, and
 * the ends are normal ones around the estimate, with the replicates' standard deviation.
 */
final class Bootstrap {
  private static final int FOR_QUANTILES = 1000;
  private static final int LEAST_REPLICATES = 200;
  private static final long DRAWS = 50_000_000;

  private final double[][] replicates;

  private Bootstrap(double[][] replicates) {
    this.replicates = replicates;
  }

  /** Statistics of people, each counted as often as it was drawn. */
  interface Statistics {
    double[] of(int[] drawn);
  }

  /** Each person drawn once: the sample itself. */
  static int[] eachOnce(int people) {
    int[] drawn = new int[people];
    Arrays.fill(drawn, 1);
    return drawn;
  }

  /** Replicates for this many people. */
  static Bootstrap of(int people, Statistics statistics, Resampling from) {
    RandomGenerator random = from.run().random("bootstrap/" + from.key());
    long affordable = Math.max(LEAST_REPLICATES, DRAWS / Math.max(1, people));
    double[][] replicates = new double[(int) Math.min(from.most(), affordable)][];
    int[] drawn = new int[people];
    for (int r = 0; r < replicates.length; r++) {
      from.run().checkCancelled();
      Arrays.fill(drawn, 0);
      for (int i = 0; i < people; i++) {
        drawn[random.nextInt(people)]++;
      }
      replicates[r] = statistics.of(drawn);
    }
    return new Bootstrap(replicates);
  }

  /** Replicates of a function of two independent groups' first statistics. */
  Bootstrap with(Bootstrap other, DoubleBinaryOperator function) {
    double[][] joined = new double[Math.min(replicates.length, other.replicates.length)][];
    for (int r = 0; r < joined.length; r++) {
      joined[r] = new double[] {function.applyAsDouble(replicates[r][0], other.replicates[r][0])};
    }
    return new Bootstrap(joined);
  }

  /** The interval of one statistic around its estimate, which lies within it. */
  Interval interval(int statistic, double estimate, double miss) {
    double[] values = values(statistic);
    if (values.length < FOR_QUANTILES) {
      return normal(statistic, estimate, miss);
    }
    Arrays.sort(values);
    int outside = (int) Math.floor(miss / 2 * values.length);
    return new Interval(
        Math.min(estimate, values[outside]),
        Math.max(estimate, values[values.length - 1 - outside]));
  }

  /** The normal interval around the estimate with the replicates' standard deviation. */
  Interval normal(int statistic, double estimate, double miss) {
    double reach = Interval.normalAbove(miss / 2) * deviation(values(statistic));
    return new Interval(estimate - reach, estimate + reach);
  }

  /** How much one statistic varies. */
  double variance(int statistic) {
    double deviation = deviation(values(statistic));
    return deviation * deviation;
  }

  private double[] values(int statistic) {
    return Arrays.stream(replicates)
        .mapToDouble(replicate -> replicate[statistic])
        .filter(Double::isFinite)
        .toArray();
  }

  /** The standard deviation of replicates. */
  static double deviation(double[] values) {
    double mean = Interval.mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / Math.max(1, values.length - 1));
  }
}
