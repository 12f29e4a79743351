package io.afterimage.policy;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Status;
import io.afterimage.base.Family;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Verdict.GateResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Verdicts by the bundled profiles, and evidence that withholds a good one. */
final class Verdicts {
  private static final Map<String, Profile> PROFILES = new HashMap<>();

  private Verdicts() {}

  static Verdict decide(String profile, Inputs inputs) {
    return Policy.decide(PROFILES.computeIfAbsent(profile, Profile::of), inputs.build());
  }

  static GateResult gate(Verdict verdict, Gate gate) {
    return verdict.gates().stream()
        .filter(result -> result.gate().equals(gate.id()))
        .findFirst()
        .orElseThrow();
  }

  static Check failed(Effect effect, Gate gate) {
    return new Check(
        "blind classifier",
        Check.Status.FAILED,
        "AUC 0.71 without the model.",
        Set.of(gate),
        effect);
  }

  static Finding notRun(Family family, Status status) {
    return Inputs.finding(family, status, "out of time", Map.of(), Map.of());
  }
}
