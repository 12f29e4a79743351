package io.afterimage.policy;

import io.afterimage.assess.Holm;
import io.afterimage.assess.Metric;
import io.afterimage.assess.RecipeAssessor;
import io.afterimage.policy.Profile.Bounds;
import io.afterimage.policy.Verdict.Outcome;
import java.util.Objects;

/**
 * One figure held against a gate's thresholds.
 *
 * @param gate the gate
 * @param bounds its thresholds
 * @param finding the attack that the figure is from; empty for a fact
 * @param figure what was measured
 */
record Reading(Gate gate, Bounds bounds, String finding, Metric figure) {
  /**
   * The one-sided level at which a leak is proven: that of a two-sided 95% interval's lower end.
   */
  static final double LEVEL = 0.025;

  /** Whether it is about how the target was trained, not about the target. */
  boolean ofRecipe() {
    return RecipeAssessor.isOne(finding);
  }

  boolean resolved() {
    return figure.resolved();
  }

  boolean tooFewPeople() {
    return figure.n() < bounds.leastPeople();
  }

  /** How likely so much would be seen though the truth were acceptable. */
  double p() {
    return !resolved() || tooFewPeople() ? 1 : Holm.atMost(sign() * bounds.acceptable(), risk());
  }

  /**
   * Below what its own p-value would have to be for the corrected one to prove a leak.
   *
   * @param adjusted its p-value, corrected for all others
   */
  double level(double adjusted) {
    double own = p();
    return own > 0 && adjusted > own ? LEVEL * own / adjusted : LEVEL;
  }

  /**
   * What comes of it.
   *
   * @param adjusted its p-value, corrected for all others
   */
  Outcome outcome(double adjusted) {
    if (!resolved()) {
      return bounds.required() ? Outcome.INSUFFICIENT : Outcome.NOT_APPLICABLE;
    }
    if (tooFewPeople()) {
      return Outcome.INSUFFICIENT;
    }
    double high = Objects.requireNonNull(risk().high());
    if (high <= sign() * bounds.acceptable()) {
      return Outcome.PASSED;
    }
    if (high <= sign() * bounds.intolerable()) {
      return Outcome.CONDITION;
    }
    return adjusted < LEVEL ? Outcome.FAILED : Outcome.INSUFFICIENT;
  }

  private int sign() {
    return gate.atLeast() ? -1 : 1;
  }

  /** The figure, turned round where more is better. */
  private Metric risk() {
    if (!gate.atLeast()) {
      return figure;
    }
    return Metric.of(
        -Objects.requireNonNull(figure.value()),
        -Objects.requireNonNull(figure.high()),
        -Objects.requireNonNull(figure.low()),
        figure.n());
  }
}
