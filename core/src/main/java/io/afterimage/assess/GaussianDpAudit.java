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
