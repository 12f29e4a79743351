package io.afterimage.assess;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Gaussian differential privacy: whoever tells two neighbouring data sets apart by the mechanism's
 * answer does no better than telling N(0, 1) from N(mu, 1).
 *
 * <p>Dong, Roth, Su: Gaussian Differential Privacy, JRSS B 2022. A Gaussian mechanism of
 * sensitivity 1 and noise sigma has mu = 1 / sigma.
 *
 * @param mu the distance of the means in standard deviations, at least 0
 */
record GaussianTradeOff(double mu) {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** The least share of false alarms at which a test with this power exists. */
  double falseAlarms(double power) {
    return NORMAL.cumulativeProbability(NORMAL.inverseCumulativeProbability(power) - mu);
  }

  /** The greatest epsilon, rounded down, that the mechanism exceeds at this delta, above 0. */
  double epsilon(double delta) {
    return mu == 0 ? 0 : Greatest.where(epsilon -> delta(epsilon) > delta);
  }

  /** The least delta with which it is (epsilon, delta) differentially private; mu above 0. */
  private double delta(double epsilon) {
    double far = NORMAL.survivalProbability(epsilon / mu + mu / 2);
    double near = NORMAL.survivalProbability(epsilon / mu - mu / 2);
    return far == 0 ? near : near - Math.exp(epsilon) * far;
  }
}
