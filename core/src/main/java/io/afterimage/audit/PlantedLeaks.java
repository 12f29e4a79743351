package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Planted;
import io.afterimage.assess.Power;
import io.afterimage.assess.Status;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.People;
import io.afterimage.policy.Check;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Gate;
import io.afterimage.policy.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Leaks of exactly the intolerable size, drawn at this sample's, for every gate that has its input:
 * would this audit have found them? Where nothing is intolerable, so that a profile only binds what
 * is beyond the acceptable to a condition, the leak is twice the acceptable: any audit would find
 * one of everything.
 */
final class PlantedLeaks {
  private final Split split;
  private final Profile profile;
  private final List<Finding> findings;
  private final Run run;

  private PlantedLeaks(Split split, Profile profile, List<Finding> findings, Run run) {
    this.split = split;
    this.profile = profile;
    this.findings = findings;
    this.run = run;
  }

  /**
   * One check for each gate, and for each attack where the leak depends on what it is held against.
   *
   * @param findings that say how well the baselines do
   */
  static List<Check> of(Session session, Profile profile, List<Finding> findings) {
    PlantedLeaks leaks =
        new PlantedLeaks(
            session.split(), profile, findings, session.run().keyed("controls/planted"));
    List<Check> checks = new ArrayList<>();
    if (leaks.members() > 0 && leaks.nonMembers() > 0) {
      leaks.membership(checks);
      leaks.memorised(checks);
    }
    leaks.imputed(checks);
    if (session.spec().classIsPerson()) {
      leaks.recognised(checks);
    }
    return checks;
  }

  private int members() {
    return People.of(split.members()).units();
  }

  private int nonMembers() {
    return People.of(split.nonMembers()).units();
  }

  private void membership(List<Check> checks) {
    for (Gate gate : Controls.MEMBERSHIP) {
      profile
          .bounds(gate)
          .filter(bounds -> resolved(gate, bounds))
          .ifPresent(bounds -> checks.add(check(gate, "", leak(gate, bounds), "")));
    }
  }

  private boolean resolved(Gate gate, Profile.Bounds bounds) {
    return gate == Gate.MEMBERSHIP_AUC
        || nonMembers() >= Math.max(Power.nonMembersFor(falseAlarms(gate)), bounds.leastPeople());
  }

  private static double falseAlarms(Gate gate) {
    return gate == Gate.MEMBERSHIP_TPR_1_PERCENT ? 0.01 : 0.001;
  }

  private Planted leak(Gate gate, Profile.Bounds bounds) {
    double truth = bounds.intolerable();
    double acceptable = bounds.acceptable();
    return gate == Gate.MEMBERSHIP_AUC
        ? Planted.auc(truth, acceptable, members(), nonMembers(), run)
        : Planted.truePositiveRate(
            falseAlarms(gate), truth, acceptable, members(), nonMembers(), run);
  }

  /** Draws a leak of the right size beside what the audit found. */
  private interface Draw {
    /**
     * @param heldAgainst how often guesses are right that the leak stands out from
     */
    Planted of(Profile.Bounds bounds, double heldAgainst, Finding finding);
  }

  private void memorised(List<Check> checks) {
    plant(
        checks,
        Gate.ATTRIBUTE_MEMORISED,
        PlantedLeaks::rightAboutNonMembers,
        (bounds, right, finding) ->
            Planted.overNonMembers(
                worthFinding(bounds), bounds.acceptable(), right, members(), nonMembers(), run));
  }

  private void imputed(List<Check> checks) {
    plant(
        checks,
        Gate.ATTRIBUTE_IMPUTED,
        PlantedLeaks::bestBaseline,
        (bounds, best, finding) ->
            Planted.overBaseline(
                worthFinding(bounds), bounds.acceptable(), best, people(finding), run));
  }

  private void recognised(List<Check> checks) {
    Gate gate = Gate.INVERSION_RECOGNISED;
    int least = profile.bounds(gate).map(Profile.Bounds::leastPeople).orElse(0);
    plant(
        checks,
        gate,
        finding -> people(finding) >= least ? bestBaseline(finding) : Optional.empty(),
        (bounds, best, finding) ->
            Planted.recognised(
                worthFinding(bounds), bounds.acceptable(), best, people(finding), run));
  }

  /** Plants a leak for every attack of the gate's family that ran and leaves room for one. */
  private void plant(
      List<Check> checks, Gate gate, Function<Finding, Optional<Double>> heldAgainst, Draw draw) {
    Optional<Profile.Bounds> judged = profile.bounds(gate);
    if (judged.isEmpty()) {
      return;
    }
    Profile.Bounds bounds = judged.get();
    for (Finding finding : findings) {
      if (finding.status() == Status.RUN && gate.family().equals(Optional.of(finding.family()))) {
        heldAgainst
            .apply(finding)
            .map(right -> draw.of(bounds, right, finding))
            .map(planted -> check(gate, finding.attack(), planted, size(bounds)))
            .ifPresent(checks::add);
      }
    }
  }

  /** How often guesses about non-members are right; a leak above sure guesses cannot be planted. */
  private static Optional<Double> rightAboutNonMembers(Finding finding) {
    return finding.metric("accuracy@nonmembers").map(Metric::value).filter(right -> right < 1);
  }

  /** The leak that an audit must be able to find. */
  static double worthFinding(Profile.Bounds bounds) {
    return onlyBinds(bounds) ? Math.min(1, 2 * bounds.acceptable()) : bounds.intolerable();
  }

  private static boolean onlyBinds(Profile.Bounds bounds) {
    return bounds.intolerable() == 1 && bounds.acceptable() > 0;
  }

  /**
   * The best baseline of an advantage that was measured; one that is always right leaves no room.
   */
  private static Optional<Double> bestBaseline(Finding finding) {
    return finding
        .advantage("overBaseline")
        .flatMap(gain -> Optional.ofNullable(finding.baselines().get(gain.baseline())))
        .map(Metric::value)
        .filter(best -> best < 1);
  }

  private static int people(Finding finding) {
    return finding.advantage("overBaseline").map(Finding.Advantage::n).orElse(0);
  }

  private static String size(Profile.Bounds bounds) {
    return onlyBinds(bounds)
        ? " It is twice the acceptable: the profile calls no leak of this kind intolerable."
        : "";
  }

  private static Check check(Gate gate, String attack, Planted planted, String size) {
    return new Check(
        "A planted leak is found: " + gate.title() + (attack.isEmpty() ? "" : ", " + attack),
        planted.enough() ? Check.Status.PASSED : Check.Status.FAILED,
        planted.sentence() + size,
        Set.of(gate),
        Effect.WITHHOLDS_PASS);
  }
}
