package io.afterimage.assess;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The ends of a two-sided interval. All intervals count privacy units, not rows.
 *
 * <p>Shares: Clopper &amp; Pearson 1934, on the effective number of rows where a person has several
 * (Korn &amp; Graubard, Survey Methodology 1998): rows divided by the design effect, the ratio of
 * the variance between persons to the binomial one. A share of exactly 0 or 1 shows no variance;
 * there all rows of a person count as one, the worst case. So zero events in n people read as at
 * most 3.7 / n: the two-sided form of the rule of three.
 */
record Interval(double low, double high) {
  /** How often an interval misses, both sides together. */
  static final double MISS = 0.05;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** The standard normal quantile that leaves the share above it. */
  static double normalAbove(double share) {
    return NORMAL.inverseSurvivalProbability(share);
  }

  /** The share of a standard normal above the value. */
  static double shareAbove(double value) {
    return NORMAL.survivalProbability(value);
  }

  /** The exact interval of a share; successes and n may be fractions of effective rows. */
  static Interval clopperPearson(double successes, double n, double miss) {
    double low =
        successes <= 0
            ? 0
            : BetaDistribution.of(successes, n - successes + 1)
                .inverseCumulativeProbability(miss / 2);
    double high =
        successes >= n
            ? 1
            : BetaDistribution.of(successes + 1, n - successes)
                .inverseSurvivalProbability(miss / 2);
    return new Interval(low, high);
  }

  /** The interval of the mean of values that are 0 or 1, or a randomised decision's chance of 1. */
  static Interval ofShare(double[] perRow, Units units, double miss) {
    double n = effectiveRows(perRow, units);
    return clopperPearson(mean(perRow) * n, n, miss);
  }

  /** A share over rows with its 95% interval by privacy unit. */
  static Metric share(double[] perRow, Units units) {
    if (perRow.length == 0) {
      return Metric.unresolved(0, "there is no row to count");
    }
    Interval interval = ofShare(perRow, units, MISS);
    return Metric.of(mean(perRow), interval.low, interval.high, units.count());
  }

  /** How many independent rows would tell as much about this share. */
  static double effectiveRows(double[] perRow, Units units) {
    if (units.oneRowEach()) {
      return units.rows();
    }
    double squares = 0;
    for (int unit = 0; unit < units.count(); unit++) {
      squares += (double) units.rowsOf(unit) * units.rowsOf(unit);
    }
    double worst = squares / units.rows();
    double share = mean(perRow);
    double binomial = share * (1 - share) / units.rows();
    if (binomial <= 0) {
      return units.rows() / worst;
    }
    double effect = variance(units.residuals(perRow, share), units.rows()) / binomial;
    return units.rows() / Math.min(worst, Math.max(1, effect));
  }

  /**
   * The mean of any values, with Student's interval over privacy units; alike values in [0, 1], in
   * which no variance shows, get the interval of a share.
   */
  static Metric mean(double[] perRow, Units units) {
    if (units.count() < 2) {
      return Metric.unresolved(units.count(), "an interval needs at least 2 people");
    }
    double mean = mean(perRow);
    double error = Math.sqrt(variance(units.residuals(perRow, mean), perRow.length));
    if (error == 0 && mean >= 0 && mean <= 1) {
      Interval exact = clopperPearson(mean * units.count(), units.count(), MISS);
      return Metric.of(mean, exact.low, exact.high, units.count());
    }
    double reach = student(units.count() - 1) * error;
    return Metric.of(mean, mean - reach, mean + reach, units.count());
  }

  /** {@link #mean} of shares, whose mean lies between 0 and 1 as they do. */
  static Metric meanOfShares(double[] perRow, Units units) {
    Metric mean = mean(perRow, units);
    return mean.value() == null || mean.low() == null || mean.high() == null
        ? mean
        : Metric.of(mean.value(), Math.max(0, mean.low()), Math.min(1, mean.high()), mean.n());
  }

  /**
   * A figure of 0 or more with Student's interval from its replicates over units drawn anew (Efron
   * 1979), whose variance is widened by the ratio n / (n - 1) that such a draw of n units lacks.
   */
  static Metric ofReplicates(double value, double[] replicates, int units) {
    if (units < 2) {
      return Metric.unresolved(units, "an interval needs at least 2 people");
    }
    double reach =
        student(units - 1)
            * Bootstrap.deviation(replicates)
            * Math.sqrt((double) units / (units - 1));
    return Metric.of(value, Math.max(0, value - reach), value + reach, units);
  }

  /** The quantile of Student's distribution that a 95% interval reaches to. */
  static double student(double degrees) {
    return TDistribution.of(degrees).inverseSurvivalProbability(MISS / 2);
  }

  /** The variance of a mean over rows, from each unit's summed residuals. */
  static double variance(double[] residuals, double rows) {
    double squares = 0;
    for (double residual : residuals) {
      squares += residual * residual;
    }
    return squares / (rows * rows) * residuals.length / Math.max(1, residuals.length - 1);
  }

  /**
   * The interval of a difference of two independent shares, from the interval of each (MOVER: Zou
   * &amp; Donner, Statistics in Medicine 2008).
   */
  static Interval ofDifference(double a, Interval ofA, double b, Interval ofB) {
    double difference = a - b;
    return new Interval(
        difference - Math.hypot(a - ofA.low, ofB.high - b),
        difference + Math.hypot(ofA.high - a, b - ofB.low));
  }

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
