package io.afterimage.assess;

import io.afterimage.base.Checks;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The one-run audit of (epsilon, delta) differential privacy. Holds for every mechanism.
 *
 * <p>Steinke, Nasr, Jagielski: Privacy Auditing with One (1) Training Run, NeurIPS 2023. Under the
 * claim a guess is right with at most {@code q = e^epsilon / (1 + e^epsilon)}, so that with W
 * binomial(r, q) the chance of v or more right guesses is at most
 *
 * <pre>P[W >= v] + 2 m delta max over i of P[v - i <= W < v] / i</pre>
 *
 * <p>The code counts wrong guesses, r - W, whose chance keeps its digits where q rounds to 1. Delta
 * is 0 to below 1.
 */
public final class ApproximateDpAudit implements OneRunAudit {
  @Override
  public double epsilonLowerBound(OneRunGuesses guesses, double delta, double confidence) {
    Checks.check(delta >= 0 && delta < 1, "delta must be at least 0 and below 1, but is %s", delta);
    double miss = OneRunAudit.missOf(confidence);
    return Greatest.where(epsilon -> pValue(guesses, epsilon, delta) < miss);
  }

  /** How likely so many right guesses are at most, if the mechanism is as private as claimed. */
  static double pValue(OneRunGuesses guesses, double epsilon, double delta) {
    BinomialDistribution wrong =
        BinomialDistribution.of(guesses.made(), 1 / (1 + Math.exp(epsilon)));
    double pure = wrong.cumulativeProbability(guesses.wrong());
    double spared = delta == 0 ? 0 : greatestMean(wrong, guesses.wrong(), guesses.made());
    return Math.min(1, pure + 2 * delta * guesses.canaries() * spared);
  }

  /**
   * The greatest mean chance of the counts that follow this one, over any number of them. Chances
   * rise up to the mode, next to the mean count, and fall from there, so that their mean is
   * greatest where they fall below it.
   */
  private static double greatestMean(BinomialDistribution counts, int after, int last) {
    double sum = 0;
    int terms = 0;
    for (int count = after + 1; count <= last; count++) {
      double chance = counts.probability(count);
      if (terms > 0 && count > counts.getMean() && chance <= sum / terms) {
        break;
      }
      sum += chance;
      terms++;
    }
    return terms == 0 ? 0 : sum / terms;
  }
}
