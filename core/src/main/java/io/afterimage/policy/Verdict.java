package io.afterimage.policy;

import java.util.List;

/**
 * The decision under a profile, and how it came about.
 *
 * @param decision the strongest of the gates' outcomes, in the precedence of DESIGN.md
 * @param profile the profile's name
 * @param reasons one plain sentence a gate that decided, the deciding ones first
 * @param conditions what release is bound to
 * @param notShown what this audit could not or did not look at
 * @param gates every gate with its bounds, what was measured and what came of it
 * @param expires ISO date after which the audit must be repeated
 */
public record Verdict(
    Decision decision,
    String profile,
    List<String> reasons,
    List<String> conditions,
    List<String> notShown,
    List<GateResult> gates,
    String expires) {

  /**
   * One gate.
   *
   * @param gate its name in the profile: {@code membership-auc}
   * @param title in plain words
   * @param acceptable A: an upper end at or below it passes
   * @param intolerable B: an upper end at or below it is a condition
   * @param value what was measured; null where nothing was
   * @param low lower end of its 95% interval; null where it is a count that has none
   * @param high upper end
   * @param finding the attack that decided it; empty where none ran
   * @param outcome passed, condition, failed, insufficient or notApplicable
   * @param sentence why, in one plain sentence with the numbers
   * @param owner who set the threshold
   */
  public record GateResult(
      String gate,
      String title,
      double acceptable,
      double intolerable,
      @org.jspecify.annotations.Nullable Double value,
      @org.jspecify.annotations.Nullable Double low,
      @org.jspecify.annotations.Nullable Double high,
      String finding,
      Outcome outcome,
      String sentence,
      String owner) {

    /** The gate that asks how many reference models membership was attacked with. */
    public static final String REFERENCES = "membership-references";

    /** The gate of a claim of differential privacy. */
    public static final String CLAIM = "epsilon-claim";

    /** Whether it judges what was claimed of the model, not what the profile asks. */
    boolean judgesAClaim() {
      return gate.equals(CLAIM);
    }

    /** Whether it judges how the audit was made, not what an attack or the model showed. */
    public boolean asksForReferences() {
      return gate.equals(REFERENCES);
    }
  }

  /** What came of a gate. */
  public enum Outcome {
    PASSED,
    CONDITION,
    FAILED,
    INSUFFICIENT,
    NOT_APPLICABLE
  }
}
