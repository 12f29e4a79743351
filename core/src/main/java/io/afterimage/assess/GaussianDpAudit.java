package io.afterimage.assess;

import io.afterimage.base.Checks;

/**
 * The one-run audit of f-differential privacy, for mechanisms whose trade-off function is Gaussian:
 * the Gaussian mechanism, and nearly any long course of private training. It bounds mu and tells
 * what that is as epsilon at a delta. It is tighter than {@link ApproximateDpAudit}, and where the
 * mechanism is of another kind it proves nothing.
 *
 * <p>Mahloujifar, Melis, Chaudhuri: Auditing f-Differential Privacy in One Run, 2024. Let p(i) be
 * the chance of exactly i right guesses, and for each t
 *
 * <pre>R(t) = sum over i >= t of p(i) i / m,   H(t) = sum over i >= t of p(i) (r - i) / m.</pre>
 *
 * <p>R(t) is the power of a test of one coin whose false alarms are H(t - 1), so the trade-off
 * function bounds the second by the first. If v or more guesses were right with the chance alpha,
 * then R(v) + H(v) = alpha r / m; going down from there, each step adds at least p(t - 1), and at t
 * = 0 the sum must not exceed r / m, for all chances sum to 1. Where it does, the chance is below
 * alpha.
 *
 * <p>What it can reach: for the Gaussian mechanism (delta 1e-5; 100,000 canaries, 1,000,000 for
 * sigma 4) the counts to be expected give at best 7.3, 3.32, 1.49 and 0.73 at sigma 0.5, 1, 2 and
 * 4. The 8.16, 3.61, 1.59 and 0.82 that are told of it lie 6 to 12% above, and are figures of
 * single runs, each at the number of guesses that happened to do best in it: 20 such runs read 6.9
 * to 8.5, 3.3 to 4.3, 1.5 to 2.1 and 0.72 to 0.98. No bound allows that choice, and more canaries
 * do not replace it (20,000,000 at sigma 4: 0.78). Another implementation of the paper, JAX
 * Privacy, gives the same figures as this one to six digits.
 */
public final class GaussianDpAudit implements OneRunAudit {
  /**
   * {@inheritDoc}
   *
   * @param delta above 0 and below 1: at 0 a Gaussian mechanism has no finite epsilon
   */
  @Override
  public double epsilonLowerBound(OneRunGuesses guesses, double delta, double confidence) {
    Checks.check(
        delta > 0 && delta < 1, "delta must be above 0 and below 1 here, but is %s", delta);
    double miss = OneRunAudit.missOf(confidence);
    double mu = Greatest.where(m -> rejects(new GaussianTradeOff(m), guesses, miss));
    return new GaussianTradeOff(mu).epsilon(delta);
  }

  /** Whether so many right guesses have a chance below miss under this trade-off function. */
  static boolean rejects(GaussianTradeOff f, OneRunGuesses guesses, double miss) {
    double all = (double) guesses.made() / guesses.canaries();
    double right = miss * guesses.correct() / guesses.canaries();
    double wrong = miss * guesses.wrong() / guesses.canaries();
    for (int t = guesses.correct() - 1; t >= 0; t--) {
      double atLeast = f.falseAlarms(right);
      if (atLeast <= wrong) {
        return false; // nothing is added, now or in any further step
      }
      right += (atLeast - wrong) * t / (guesses.made() - t);
      wrong = atLeast;
      if (right + wrong > all) {
        return true;
      }
    }
    return false;
  }
}
