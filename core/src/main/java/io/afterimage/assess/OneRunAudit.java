package io.afterimage.assess;

import io.afterimage.base.Checks;
import java.util.List;

/**
 * A lower bound on epsilon from one model, by how many canaries' coins an adversary guessed right.
 *
 * <p>The number of guesses is part of the test and must be fixed before it. Who tries several gives
 * all of them to {@link #epsilonLowerBound(List, double, double)}, which pays for the choice by
 * Bonferroni's correction. Choosing the number on half of the canaries and testing on the other
 * half is not offered: both halves stand in the same model, and no proof covers that choice for
 * every mechanism.
 */
public interface OneRunAudit {
  /**
   * The greatest epsilon that is rejected: if the model was trained with (epsilon, delta)
   * differential privacy, this exceeds its epsilon in at most the share {@code 1 - confidence} of
   * audits. 0 where nothing is rejected.
   *
   * @param delta the delta at which epsilon is bounded
   * @param confidence 0.5 to below 1; 0.95 in the papers
   */
  double epsilonLowerBound(OneRunGuesses guesses, double delta, double confidence);

  /** The same where several numbers of guesses about the same canaries were tried, at least one. */
  default double epsilonLowerBound(List<OneRunGuesses> tried, double delta, double confidence) {
    Checks.check(!tried.isEmpty(), "an audit needs at least one number of guesses");
    double each = corrected(confidence, tried.size());
    return tried.stream().mapToDouble(g -> epsilonLowerBound(g, delta, each)).max().orElseThrow();
  }

  /** The confidence at which each of several tests is made, so that all hold together. */
  static double corrected(double confidence, int tests) {
    return 1 - missOf(confidence) / tests;
  }

  /** The chance of a false alarm that a confidence leaves. */
  static double missOf(double confidence) {
    Checks.check(
        confidence >= 0.5 && confidence < 1,
        "the confidence must be at least 0.5 and below 1, but is %s",
        confidence);
    return 1 - confidence;
  }
}
