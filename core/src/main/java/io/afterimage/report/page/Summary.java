package io.afterimage.report.page;

import io.afterimage.policy.Verdict;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The three lines at the top of the page.
 *
 * @param decision under which profile, on what conditions, until when
 * @param worst the sentence of the gate that came nearest to the intolerable
 * @param notShown what the audit could not or did not look at
 */
record Summary(String decision, String worst, String notShown) {
  private static final List<Outcome> WORST_LAST =
      List.of(
          Outcome.NOT_APPLICABLE,
          Outcome.PASSED,
          Outcome.INSUFFICIENT,
          Outcome.CONDITION,
          Outcome.FAILED);

  static Summary of(Verdict verdict) {
    return new Summary(decision(verdict), worst(verdict), notShown(verdict));
  }

  private static String decision(Verdict verdict) {
    String profile = "under the profile " + verdict.profile();
    return switch (verdict.decision()) {
      case RELEASE -> profile + "; valid until " + verdict.expires() + ".";
      case RELEASE_WITH_CONDITIONS ->
          "%s: %s; valid until %s."
              .formatted(profile, String.join("; ", verdict.conditions()), verdict.expires());
      case DO_NOT_RELEASE -> profile + ".";
      case INSUFFICIENT_EVIDENCE ->
          profile + ". " + verdict.reasons().stream().findFirst().orElse("");
    };
  }

  private static String worst(Verdict verdict) {
    Optional<GateResult> worst =
        verdict.gates().stream()
            .filter(gate -> gate.value() != null)
            .max(
                Comparator.<GateResult>comparingInt(gate -> WORST_LAST.indexOf(gate.outcome()))
                    .thenComparingDouble(Summary::nearness));
    return worst.map(GateResult::sentence).orElse("No gate could be measured.");
  }

  /** How far along the upper end lies from nothing to the intolerable. */
  private static double nearness(GateResult gate) {
    double start = Names.atChance(gate.gate());
    double high = gate.high() == null ? start : gate.high();
    return (high - start) / Math.max(1e-9, gate.intolerable() - start);
  }

  private static String notShown(Verdict verdict) {
    return String.join(" ", verdict.notShown()) + " This is not a determination of anonymity.";
  }
}
