package io.afterimage.policy;

import io.afterimage.assess.Status;
import io.afterimage.policy.Profile.Bounds;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds findings against a profile.
 *
 * <p>A gate with acceptable A and intolerable B, and a figure with the two-sided 95% interval [L,
 * U]: U at most A passes; else U at most B is a condition; else L above A, after correction, fails;
 * else the evidence is insufficient. Every finding must pass, so passing needs no correction.
 * Failing is corrected by Holm over every figure of every gate. The gate takes the gravest outcome
 * of its figures, and the verdict that of its gates: FAILED, INSUFFICIENT, CONDITION, PASSED.
 *
 * <p>An attack that was skipped or failed, and a gate that nothing answers though its input is
 * there, are insufficient evidence. A check that failed voids its gates, or withholds their pass.
 * Membership is asked of every model: without an attack on it by as many reference models as the
 * profile says, release is bound to conditions or the evidence is insufficient. Where every other
 * gate is without its input, nothing was looked at and the evidence is insufficient.
 *
 * <p>A claim of differential privacy that an audit contradicts fails, under every profile; one that
 * could not be tested leaves the evidence insufficient; a consistent one changes nothing.
 */
public final class Policy {
  private static final String NOT_ANONYMOUS =
      "No figure here establishes that the model is anonymous: attacks that were not run, and"
          + " attacks not yet invented, may learn more.";

  private final Profile profile;
  private final PolicyInput input;

  private Policy(Profile profile, PolicyInput input) {
    this.profile = profile;
    this.input = input;
  }

  /** The verdict under a profile. */
  public static Verdict decide(Profile profile, PolicyInput input) {
    return new Policy(profile, input).verdict();
  }

  private Verdict verdict() {
    List<GateResult> gates = new Gates(profile, input).results();
    Decision decision = decision(gates);
    return new Verdict(
        decision,
        profile.profile(),
        reasons(gates),
        conditions(gates, decision),
        notShown(gates),
        gates,
        input.date().plusMonths(profile.expiryMonths()).toString());
  }

  private Decision decision(List<GateResult> gates) {
    if (gates.stream()
        .filter(gate -> !gate.asksForReferences() && !passesAsAClaim(gate))
        .allMatch(gate -> gate.outcome() == Outcome.NOT_APPLICABLE)) {
      return Decision.INSUFFICIENT_EVIDENCE;
    }
    Outcome gravest =
        gates.stream()
            .map(GateResult::outcome)
            .min(Gates.GRAVEST_FIRST)
            .orElse(Outcome.NOT_APPLICABLE);
    return switch (gravest) {
      case FAILED -> Decision.DO_NOT_RELEASE;
      case CONDITION -> Decision.RELEASE_WITH_CONDITIONS;
      case PASSED ->
          input.conditions().isEmpty() ? Decision.RELEASE : Decision.RELEASE_WITH_CONDITIONS;
      case INSUFFICIENT, NOT_APPLICABLE -> Decision.INSUFFICIENT_EVIDENCE;
    };
  }

  /** A claim that is consistent with an audit is not proven: nothing else was looked at by it. */
  private static boolean passesAsAClaim(GateResult gate) {
    return gate.judgesAClaim() && gate.outcome() == Outcome.PASSED;
  }

  /** Why, the gravest first; a gate without its input decided nothing. */
  private static List<String> reasons(List<GateResult> gates) {
    return gates.stream()
        .filter(gate -> gate.outcome() != Outcome.NOT_APPLICABLE)
        .sorted(Comparator.comparing(GateResult::outcome, Gates.GRAVEST_FIRST))
        .map(GateResult::sentence)
        .toList();
  }

  private List<String> conditions(List<GateResult> gates, Decision decision) {
    if (decision != Decision.RELEASE_WITH_CONDITIONS) {
      return List.of();
    }
    Stream<String> ofGates =
        gates.stream()
            .filter(gate -> gate.outcome() == Outcome.CONDITION)
            .flatMap(gate -> Optional.ofNullable(profile.gates().get(gate.gate())).stream())
            .map(Bounds::condition);
    return Stream.of(
            input.conditions().stream(), exposure(), ofGates, profile.conditions().stream())
        .flatMap(conditions -> conditions)
        .filter(condition -> !condition.isEmpty())
        .distinct()
        .toList();
  }

  /** Who may reach the model; open to the public, it is bound to nothing. */
  private Stream<String> exposure() {
    return input.exposure().equals("public")
        ? Stream.empty()
        : Stream.of("Nobody but " + input.exposure() + " reaches the model, as the audit assumed.");
  }

  private List<String> notShown(List<GateResult> gates) {
    List<String> notShown = new ArrayList<>(List.of(NOT_ANONYMOUS));
    gates.stream()
        .filter(gate -> gate.outcome() == Outcome.NOT_APPLICABLE)
        .map(GateResult::sentence)
        .forEach(notShown::add);
    for (Gate gate : Gate.values()) {
      if (profile.bounds(gate).isEmpty()) {
        notShown.add(gate.title() + " was not judged: the profile sets no threshold for it.");
      }
    }
    gates.stream()
        .filter(Policy::passesAsAClaim)
        .map(gate -> gate.title() + " was not contradicted, which proves nothing.")
        .forEach(notShown::add);
    input.findings().stream()
        .filter(finding -> finding.status() != Status.RUN)
        .map(finding -> "%s did not run: %s.".formatted(finding.attack(), finding.reason()))
        .forEach(notShown::add);
    input.checks().stream()
        .filter(check -> check.status() == Check.Status.NOT_RUN)
        .map(check -> "The check \"%s\" was not run: %s".formatted(check.name(), check.reason()))
        .forEach(notShown::add);
    return notShown.stream().distinct().toList();
  }
}
