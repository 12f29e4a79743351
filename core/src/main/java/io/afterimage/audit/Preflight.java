package io.afterimage.audit;

import static io.afterimage.base.Checks.check;

import io.afterimage.assess.MembershipAssessor;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Power;
import io.afterimage.data.Overlap;
import io.afterimage.data.Role;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import io.afterimage.judge.BlindClassifier;
import io.afterimage.judge.SharedRows;
import io.afterimage.policy.Check;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Check.Status;
import io.afterimage.policy.Gate;
import io.afterimage.target.Task;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at before any attack: whether the rows can show anything at all.
 *
 * @param checks what came of it
 * @param blind what the blind classifier says of everyone; empty where one role is absent
 */
record Preflight(List<Check> checks, Optional<Signal> blind) {
  private static final double BLIND_AUC = 0.55;
  private static final Set<Gate> MEMBERSHIP =
      EnumSet.of(
          Gate.MEMBERSHIP_AUC, Gate.MEMBERSHIP_TPR_1_PERCENT, Gate.MEMBERSHIP_TPR_1_PERMILLE);
  private static final Set<Gate> ROLES = withMemorised();

  private static Set<Gate> withMemorised() {
    Set<Gate> gates = EnumSet.copyOf(MEMBERSHIP);
    gates.add(Gate.ATTRIBUTE_MEMORISED);
    return gates;
  }

  /**
   * Looks at the rows, and at how well the target does on the members.
   *
   * @param utility the target's accuracy or R² on each role
   * @throws io.afterimage.base.BadInputException where two roles are the same rows
   */
  static Preflight of(Session session, Utilities utility) {
    Split split = session.split();
    List<Check> checks = new ArrayList<>();
    checks.add(understood(session, utility));
    checks.addAll(PopulationOverlap.checks(split, session.run()));
    if (split.members().rows() == 0 || split.nonMembers().rows() == 0) {
      return new Preflight(checks, Optional.empty());
    }
    Overlap overlap = Overlap.between(split.members(), split.nonMembers());
    check(
        !overlap.identical(),
        "--members and --nonmembers hold the same rows; give rows that the model was not trained"
            + " on");
    checks.add(
        disjoint(overlap, SharedRows.between(split.members(), split.nonMembers(), session.run())));
    checks.add(notNearlyShared(SharedRows.near(split, session.run())));
    TimeSplit.worst(split).map(Preflight::sameTime).ifPresent(checks::add);
    checks.add(power(split));
    session.run().checkCancelled();
    Signal blind = BlindClassifier.scores(split, session.run());
    checks.add(alike(blind, split));
    return new Preflight(checks, Optional.of(blind));
  }

  /** A wrong reading of pixels or outputs must not look like a model that leaks nothing. */
  private static Check understood(Session session, Utilities utility) {
    String name = "The model works on its own training rows";
    boolean classifies = session.subject().info().task() == Task.CLASSIFICATION;
    Optional<Metric> success = utility.members(classifies ? "accuracy" : "r2");
    if (success.isEmpty() || !success.get().resolved()) {
      return new Check(name, Status.NOT_RUN, "no members with labels", Set.of(), Effect.VOIDS);
    }
    double chance = classifies ? utility.majority() : 0;
    Metric metric = success.get();
    boolean passed = metric.low() != null && metric.low() > chance;
    String figures =
        String.format(
            Locale.ROOT,
            "%s on members %.3f (95%% interval %.3f to %.3f), by chance %.3f",
            classifies ? "accuracy" : "R²",
            metric.value(),
            metric.low(),
            metric.high(),
            chance);
    return new Check(
        name,
        passed ? Status.PASSED : Status.FAILED,
        passed ? figures : figures + "; look at --range, --layout, --classes and --output",
        EnumSet.allOf(Gate.class),
        Effect.VOIDS);
  }

  private static Check disjoint(Overlap overlap, SharedRows shared) {
    boolean passed = overlap.ids() == 0 && overlap.persons() == 0 && !shared.beyondChance();
    String reason =
        String.format(
            Locale.ROOT,
            "%d non-members stand among the members as well (chance gives %.1f ± %.1f); ids in"
                + " both: %d, people in both: %d",
            shared.shared(),
            shared.expected(),
            shared.spread(),
            overlap.ids(),
            overlap.persons());
    return new Check(
        "Members and non-members are different people",
        passed ? Status.PASSED : Status.FAILED,
        reason,
        ROLES,
        Effect.VOIDS);
  }

  /** What these rows could at most show; never a reason to refuse them. */
  private static Check power(Split split) {
    int members = People.of(split.members()).units();
    int nonMembers = People.of(split.nonMembers()).units();
    String reason =
        String.format(
            Locale.ROOT,
            "With %,d members and %,d non-members, 4 of 5 such audits notice an attack that tells a"
                + " member from a non-member in %.1f%% of pairs; a coin does in half. One that names"
                + " fewer than 1 in %,d non-members cannot be told from one that names none.%s",
            members,
            nonMembers,
            100 * Power.detectableAuc(members, nonMembers),
            Math.max(1, Math.round(1 / Power.ruleOfThree(nonMembers))),
            split.members().schema().names(Role.PERSON).isEmpty()
                ? " Each row counts as a person: no --person names who several rows belong to."
                : "");
    return new Check(
        "What this sample could show", Status.PASSED, reason, Set.of(), Effect.WITHHOLDS_PASS);
  }

  private static Check notNearlyShared(SharedRows near) {
    String reason =
        String.format(
            Locale.ROOT,
            "%d non-members are nearly the same as a member (chance gives %.1f ± %.1f; nearly: a"
                + " twentieth of the usual distance to the nearest row)",
            near.shared(),
            near.expected(),
            near.spread());
    return new Check(
        "No member stands among the non-members slightly changed",
        near.beyondChance() ? Status.FAILED : Status.PASSED,
        reason,
        ROLES,
        Effect.VOIDS);
  }

  private static Check sameTime(TimeSplit time) {
    Metric auc = time.auc();
    String reason =
        String.format(
            Locale.ROOT,
            "by %s, a member is later than a non-member in %.1f%% of pairs (95%% interval %.1f%% to"
                + " %.1f%%; 45%% to 55%% are tolerated)",
            time.column(),
            percent(auc.value()),
            percent(auc.low()),
            percent(auc.high()));
    return new Check(
        "Members and non-members are of the same time",
        time.apart() ? Status.FAILED : Status.PASSED,
        reason,
        MEMBERSHIP,
        Effect.VOIDS);
  }

  private static double percent(@Nullable Double share) {
    return 100 * Objects.requireNonNull(share);
  }

  private static Check alike(Signal blind, Split split) {
    Metric auc =
        MembershipAssessor.auc(blind, People.of(split.members()), People.of(split.nonMembers()));
    String name = "Members and non-members are alike but for membership";
    if (auc.low() == null) {
      return new Check(
          name, Status.NOT_RUN, String.valueOf(auc.reason()), MEMBERSHIP, Effect.VOIDS);
    }
    boolean passed = auc.low() <= BLIND_AUC;
    String reason =
        String.format(
            Locale.ROOT,
            "without the model, the rows alone tell them apart with AUC %.3f (95%% interval %.3f to"
                + " %.3f; up to %.2f is tolerated)",
            auc.value(),
            auc.low(),
            auc.high(),
            BLIND_AUC);
    return new Check(
        name, passed ? Status.PASSED : Status.FAILED, reason, MEMBERSHIP, Effect.VOIDS);
  }
}
