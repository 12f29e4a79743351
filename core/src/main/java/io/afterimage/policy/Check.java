package io.afterimage.policy;

import java.util.Set;

/**
 * A check of the audit itself, from the preflight or the controls.
 *
 * @param name in plain words
 * @param status what came of it
 * @param reason the figures, in one sentence
 * @param gates the gates whose evidence it is about
 * @param effect what it does to those gates where it fails
 */
public record Check(String name, Status status, String reason, Set<Gate> gates, Effect effect) {
  public Check {
    gates = Set.copyOf(gates);
  }

  /** What came of a check. */
  public enum Status {
    PASSED,
    FAILED,
    NOT_RUN
  }

  /** What a failed check does to its gates. */
  public enum Effect {
    /**
     * The evidence says nothing either way: the two sets of rows differ in more than membership.
     */
    VOIDS,
    /** A pass is not believed, a proven leak is: this sample would have missed a planted one. */
    WITHHOLDS_PASS
  }
}
