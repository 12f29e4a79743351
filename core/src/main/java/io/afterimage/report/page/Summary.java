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
 * @param worst the sentence of the gate that came nearest to the intolerable; how many reference
 *     models there were is no finding
 * @param notShown what the audit could not or did not look at
 */
public record Summary(String decision, String worst, String notShown) {
  /** More than these points are told further down the page. */
  private static final int MOST_POINTS = 4;

  private static final List<Outcome> WORST_LAST =
      List.of(
          Outcome.NOT_APPLICABLE,
          Outcome.PASSED,
          Outcome.CONDITION,
          Outcome.INSUFFICIENT,
          Outcome.FAILED);

  /** The lines of a verdict. */
  public static Summary of(Verdict verdict) {
    return new Summary(decision(verdict), worst(verdict), notShown(verdict));
  }

  private static String decision(Verdict verdict) {
    String profile = "under the profile " + verdict.profile();
    return switch (verdict.decision()) {
      case RELEASE -> profile + "; valid until " + verdict.expires() + ".";
      case RELEASE_WITH_CONDITIONS ->
          "%s; valid until %s. %s"
              .formatted(profile, verdict.expires(), String.join(" ", verdict.conditions()));
      case DO_NOT_RELEASE -> profile + ".";
      case INSUFFICIENT_EVIDENCE ->
          profile + ". " + verdict.reasons().stream().findFirst().orElse("");
    };
  }

  private static String worst(Verdict verdict) {
    Optional<GateResult> worst =
        verdict.gates().stream()
            .filter(gate -> gate.value() != null && !gate.asksForReferences())
            .max(
                Comparator.<GateResult>comparingInt(Summary::gravity)
                    .thenComparingDouble(Summary::nearness));
    return worst.map(GateResult::sentence).orElse("No gate could be measured.");
  }

  /** How grave a gate's outcome is, for sorting. */
  static int gravity(GateResult gate) {
    return WORST_LAST.indexOf(gate.outcome());
  }

  /** How far along the upper end lies from nothing to the intolerable. */
  private static double nearness(GateResult gate) {
    double start = Names.atChance(gate.gate());
    double high = gate.high() == null ? start : gate.high();
    return (high - start) / Math.max(1e-9, gate.intolerable() - start);
  }

  private static String notShown(Verdict verdict) {
    List<String> all = verdict.notShown();
    String points = String.join(" ", all.subList(0, Math.min(MOST_POINTS, all.size())));
    String rest = all.size() > MOST_POINTS ? " More stands under Limitations." : "";
    return points + rest + " This is not a determination of anonymity.";
  }
}
