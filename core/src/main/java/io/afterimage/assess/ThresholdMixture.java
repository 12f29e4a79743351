package io.afterimage.assess;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * What may be the empirical false positive rate of the threshold whose true rate is f: k of n
 * non-members lie above it, k binomial(n, f). Neighbouring k are grouped; an interval takes the
 * outer end of each group, so grouping only widens it.
 *
 * @param from least k / n of each group
 * @param to greatest k / n of each group
 * @param weights the chance of each group
 */
record ThresholdMixture(double[] from, double[] to, double[] weights) {
  private static final int GROUPS = 24;
  private static final double TAIL = 1e-6;

  /** Two to the power of -20: a millionth. */
  private static final double RESOLUTION = 0x1p-20;

  static ThresholdMixture of(long nonMembers, double falsePositiveRate) {
    int n = Math.toIntExact(nonMembers);
    BinomialDistribution above = BinomialDistribution.of(n, Math.min(1, falsePositiveRate));
    int first = above.inverseCumulativeProbability(TAIL);
    int last = above.inverseSurvivalProbability(TAIL);
    int step = (last - first) / GROUPS + 1;
    int groups = (last - first) / step + 1;
    double[] from = new double[groups];
    double[] to = new double[groups];
    double[] weights = new double[groups];
    for (int g = 0; g < groups; g++) {
      int start = g == 0 ? 0 : first + g * step;
      int end = g == groups - 1 ? n : first + (g + 1) * step - 1;
      from[g] = (double) (first + g * step) / n;
      to[g] = (double) Math.min(last, end) / n;
      weights[g] = above.probability(start - 1, end);
    }
    return new ThresholdMixture(from, to, weights);
  }

  /**
   * The 95% interval of the true positive rate.
   *
   * @param members effective number of members
   * @param least the least true positive rate at an empirical false positive rate
   * @param most the greatest
   */
  Interval interval(double members, DoubleUnaryOperator least, DoubleUnaryOperator most) {
    double[] fewest = Arrays.stream(from).map(least).map(rate -> rate * members).toArray();
    double[] greatest = Arrays.stream(to).map(most).map(rate -> rate * members).toArray();
    double low =
        quantile(
            Interval.MISS / 2,
            (g, x) -> fewest[g] <= 0 ? 1 : beta(x, fewest[g], members - fewest[g] + 1));
    double high =
        quantile(
            1 - Interval.MISS / 2,
            (g, x) -> greatest[g] >= members ? 0 : beta(x, greatest[g] + 1, members - greatest[g]));
    return new Interval(low < RESOLUTION ? 0 : low, Math.min(1, high + RESOLUTION));
  }

  private static double beta(double x, double alpha, double beta) {
    return RegularizedBeta.value(x, alpha, beta);
  }

  /** The greatest multiple of the resolution at which the mixture has not reached the level. */
  private double quantile(double level, Component component) {
    double low = 0;
    double high = 1;
    while (high - low > RESOLUTION) {
      double middle = (low + high) / 2;
      if (cumulative(middle, component) < level) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private double cumulative(double x, Component component) {
    double sum = 0;
    for (int g = 0; g < weights.length; g++) {
      sum += weights[g] * component.cumulative(g, x);
    }
    return sum;
  }

  private interface Component {
    double cumulative(int group, double x);
  }
}
