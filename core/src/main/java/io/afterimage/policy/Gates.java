package io.afterimage.policy;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Holm;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Status;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Profile.Bounds;
import io.afterimage.policy.Profile.WithoutReferences;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What comes of each gate of a profile. */
final class Gates {
  /** The order in which an outcome outweighs another. */
  static final Comparator<Outcome> GRAVEST_FIRST =
      Comparator.comparingInt(
          List.of(
                  Outcome.FAILED,
                  Outcome.INSUFFICIENT,
                  Outcome.CONDITION,
                  Outcome.PASSED,
                  Outcome.NOT_APPLICABLE)
              ::indexOf);

  private final Profile profile;
  private final PolicyInput input;

  /** Each reading's p-value, corrected for all others of all gates. */
  private final Map<Reading, Double> adjusted = new HashMap<>();

  Gates(Profile profile, PolicyInput input) {
    this.profile = profile;
    this.input = input;
    List<Reading> all = Stream.of(Gate.values()).flatMap(gate -> readings(gate).stream()).toList();
    double[] p = Holm.adjust(all.stream().mapToDouble(Reading::p).toArray());
    for (int i = 0; i < p.length; i++) {
      adjusted.put(all.get(i), p[i]);
    }
  }

  /**
   * One result for each gate that the profile judges, one for the reference models, and one for a
   * claim.
   */
  List<GateResult> results() {
    List<GateResult> results = new ArrayList<>();
    for (Gate gate : Gate.values()) {
      profile.bounds(gate).ifPresent(bounds -> results.add(result(gate, bounds)));
    }
    results.add(references());
    input.claim().map(ClaimTest::result).ifPresent(results::add);
    return results;
  }

  private List<Reading> readings(Gate gate) {
    Optional<Bounds> bounds = profile.bounds(gate);
    if (bounds.isEmpty() || input.notApplicable().containsKey(gate)) {
      return List.of();
    }
    Metric fact = input.facts().get(gate);
    if (fact != null) {
      return List.of(new Reading(gate, bounds.get(), "", fact));
    }
    Map<Boolean, List<Reading>> byRecipe =
        of(gate)
            .filter(finding -> finding.status() == Status.RUN)
            .map(finding -> new Reading(gate, bounds.get(), finding.attack(), gate.of(finding)))
            .collect(Collectors.partitioningBy(Reading::ofRecipe));
    return onTargetOrRecipe(
        Objects.requireNonNull(byRecipe.get(false)), Objects.requireNonNull(byRecipe.get(true)));
  }

  /** What nothing resolves on the target itself is read off the recipe, where that resolves it. */
  private static List<Reading> onTargetOrRecipe(List<Reading> onTarget, List<Reading> onRecipe) {
    List<Reading> resolved = onRecipe.stream().filter(Reading::resolved).toList();
    return resolved.isEmpty() || onTarget.stream().anyMatch(Reading::resolved)
        ? onTarget
        : resolved;
  }

  private Stream<Finding> of(Gate gate) {
    return input.findings().stream()
        .filter(finding -> gate.family().filter(f -> f == finding.family()).isPresent());
  }

  private GateResult result(Gate gate, Bounds bounds) {
    String absent = input.notApplicable().get(gate);
    if (absent != null) {
      return result(
          gate,
          bounds,
          Outcome.NOT_APPLICABLE,
          gate.title() + " was not measured: " + absent + ".");
    }
    Optional<Check> failed = failed(gate, Effect.VOIDS);
    if (failed.isPresent()) {
      return result(gate, bounds, Outcome.INSUFFICIENT, because(gate, failed.get()));
    }
    return Stream.concat(deciding(gate).stream().map(this::result), notRun(gate, bounds))
        .min(
            Comparator.comparing(GateResult::outcome, GRAVEST_FIRST)
                .thenComparing(Gates::upperEnd, Comparator.reverseOrder()))
        .map(result -> withheld(gate, bounds, result))
        .orElseGet(() -> unanswered(gate, bounds));
  }

  /**
   * The readings that decide: what one signal cannot resolve, by the few people that its attack
   * asks about or the few values that it takes, is no gap where another resolves it.
   */
  private List<Reading> deciding(Gate gate) {
    List<Reading> all = readings(gate);
    boolean answered =
        all.stream().anyMatch(reading -> reading.resolved() && !reading.tooFewPeople());
    return answered ? all.stream().filter(Reading::resolved).toList() : all;
  }

  /** Of several figures with the same outcome, the one that may be worst stands for the gate. */
  private static double upperEnd(GateResult result) {
    return Optional.ofNullable(result.high()).orElse(Double.NEGATIVE_INFINITY);
  }

  private GateResult result(Reading reading) {
    double corrected = adjusted.getOrDefault(reading, 1.0);
    Outcome outcome = reading.outcome(corrected);
    Metric figure = reading.figure();
    return new GateResult(
        reading.gate().id(),
        reading.gate().title(),
        reading.bounds().acceptable(),
        reading.bounds().intolerable(),
        figure.value(),
        figure.low(),
        figure.high(),
        reading.finding(),
        outcome,
        Sentence.of(reading, outcome, reading.level(corrected)),
        reading.bounds().owner());
  }

  private static GateResult result(Gate gate, Bounds bounds, Outcome outcome, String sentence) {
    return new GateResult(
        gate.id(),
        gate.title(),
        bounds.acceptable(),
        bounds.intolerable(),
        null,
        null,
        null,
        "",
        outcome,
        sentence,
        bounds.owner());
  }

  /** Attacks of the gate's family that should have run and did not. */
  private Stream<GateResult> notRun(Gate gate, Bounds bounds) {
    return of(gate)
        .filter(f -> f.status() == Status.SKIPPED || f.status() == Status.FAILED)
        .map(
            finding ->
                result(
                    gate,
                    bounds,
                    Outcome.INSUFFICIENT,
                    "%s is not known: %s %s (%s)."
                        .formatted(
                            gate.title(),
                            finding.attack(),
                            finding.status() == Status.SKIPPED ? "was skipped" : "failed",
                            finding.reason())));
  }

  private static GateResult unanswered(Gate gate, Bounds bounds) {
    boolean needed = gate.family().isPresent() && bounds.required();
    return result(
        gate,
        bounds,
        needed ? Outcome.INSUFFICIENT : Outcome.NOT_APPLICABLE,
        gate.title() + " was not measured: nothing that was run answers it.");
  }

  /** The result, unless it is good news that a failed check does not let one believe. */
  private GateResult withheld(Gate gate, Bounds bounds, GateResult result) {
    boolean good = result.outcome() == Outcome.PASSED || result.outcome() == Outcome.CONDITION;
    return failed(gate, Effect.WITHHOLDS_PASS)
        .filter(check -> good)
        .map(check -> result(gate, bounds, Outcome.INSUFFICIENT, because(gate, check)))
        .orElse(result);
  }

  private Optional<Check> failed(Gate gate, Effect effect) {
    return input.checks().stream()
        .filter(check -> check.status() == Check.Status.FAILED)
        .filter(check -> check.effect() == effect && check.gates().contains(gate))
        .findFirst();
  }

  private static String because(Gate gate, Check check) {
    return "%s cannot be judged, because the check \"%s\" failed: %s"
        .formatted(gate.title(), check.name(), check.reason());
  }

  /**
   * Threshold attacks bound leakage from below; only references show that there is not more. Asked
   * of every model, also where nobody could attack membership: members were there all the same.
   */
  private GateResult references() {
    boolean attacked = of(Gate.MEMBERSHIP_AUC).anyMatch(finding -> finding.status() == Status.RUN);
    boolean enough = attacked && input.references() >= profile.references();
    Outcome otherwise =
        profile.withoutReferences() == WithoutReferences.CONDITION
            ? Outcome.CONDITION
            : Outcome.INSUFFICIENT;
    return new GateResult(
        GateResult.REFERENCES,
        "Reference models of the strongest membership attack",
        profile.references(),
        profile.references(),
        attacked ? (double) input.references() : null,
        null,
        null,
        "",
        enough ? Outcome.PASSED : otherwise,
        attacked ? attackedWith(enough) : notAttacked(),
        "default, to be adopted by the controller");
  }

  private String attackedWith(boolean enough) {
    return "Membership was attacked with %d reference models, and the profile asks for %d%s."
        .formatted(
            input.references(),
            profile.references(),
            enough ? "" : "; attacks with fewer show leakage from below only");
  }

  private String notAttacked() {
    String why =
        Optional.ofNullable(input.notApplicable().get(Gate.MEMBERSHIP_AUC))
            .or(
                () ->
                    of(Gate.MEMBERSHIP_AUC)
                        .map(Finding::reason)
                        .filter(Objects::nonNull)
                        .findFirst())
            .orElse("no attack on it was chosen");
    return ("Membership was not attacked at all (%s), and the profile asks for an attack with %d"
            + " reference models; nothing is known of who was trained on.")
        .formatted(why, profile.references());
  }
}
