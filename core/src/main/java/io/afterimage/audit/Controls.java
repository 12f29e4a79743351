package io.afterimage.audit;

import io.afterimage.assess.MembershipAssessor;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Planted;
import io.afterimage.assess.Power;
import io.afterimage.attack.Attacks;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import io.afterimage.policy.Check;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Check.Status;
import io.afterimage.policy.Gate;
import io.afterimage.policy.Profile;
import io.afterimage.report.Report;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Task;
import io.afterimage.train.Forest;
import io.afterimage.train.Forests;
import io.afterimage.train.Matrix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * Audits the audit: what leaks nothing must read as nothing, what leaks must be found, on these
 * very rows. Controls that train a model of their own run within {@code --controls-budget}.
 */
final class Controls {
  private static final Set<Gate> MEMBERSHIP =
      EnumSet.of(
          Gate.MEMBERSHIP_AUC, Gate.MEMBERSHIP_TPR_1_PERCENT, Gate.MEMBERSHIP_TPR_1_PERMILLE);
  private static final int DRAWS = 200;

  /** A correct 95% interval covers the truth in fewer of 200 draws once in 20,000 audits. */
  private static final int LEAST_COVERED = 177;

  private static final int TREES = 50;
  private static final int MOST_ROWS = 5_000;

  private final Session session;
  private final Split split;
  private final Run run;

  private Controls(Session session) {
    this.session = session;
    this.split = session.split();
    this.run = session.run().keyed("controls");
  }

  static List<Check> of(Session session, Profile profile) {
    Controls controls = new Controls(session);
    if (session.split().members().rows() == 0 || session.split().nonMembers().rows() == 0) {
      return List.of();
    }
    List<Check> checks = new ArrayList<>();
    checks.add(controls.randomScores());
    checks.add(controls.overfitted(profile));
    checks.addAll(controls.plantedLeaks(profile));
    return checks;
  }

  /** Leaks of exactly the intolerable size, drawn at this sample's: would they have been found? */
  private List<Check> plantedLeaks(Profile profile) {
    int members = People.of(split.members()).units();
    int nonMembers = People.of(split.nonMembers()).units();
    List<Check> checks = new ArrayList<>();
    for (Gate gate : MEMBERSHIP) {
      profile
          .bounds(gate)
          .filter(bounds -> resolved(gate, bounds, nonMembers))
          .ifPresent(bounds -> checks.add(planted(gate, leak(gate, bounds, members, nonMembers))));
    }
    return checks;
  }

  private static boolean resolved(Gate gate, Profile.Bounds bounds, int nonMembers) {
    if (gate == Gate.MEMBERSHIP_AUC) {
      return true;
    }
    return nonMembers >= Math.max(Power.nonMembersFor(falseAlarms(gate)), bounds.leastPeople());
  }

  private static double falseAlarms(Gate gate) {
    return gate == Gate.MEMBERSHIP_TPR_1_PERCENT ? 0.01 : 0.001;
  }

  private Planted leak(Gate gate, Profile.Bounds bounds, int members, int nonMembers) {
    return gate == Gate.MEMBERSHIP_AUC
        ? Planted.auc(bounds.intolerable(), bounds.acceptable(), members, nonMembers, run)
        : Planted.truePositiveRate(
            falseAlarms(gate), bounds.intolerable(), bounds.acceptable(), members, nonMembers, run);
  }

  private static Check planted(Gate gate, Planted planted) {
    return new Check(
        "A planted leak is found: " + gate.title(),
        planted.enough() ? Status.PASSED : Status.FAILED,
        planted.sentence(),
        Set.of(gate),
        Effect.WITHHOLDS_PASS);
  }

  /** As report.json says it. */
  static Report.Control reported(Check check) {
    String status =
        switch (check.status()) {
          case PASSED -> "passed";
          case FAILED -> "failed";
          case NOT_RUN -> "notRun";
        };
    return new Report.Control(check.name(), status, check.reason());
  }

  /** Random scores about these people: the interval must cover 0.5 as often as it claims. */
  private Check randomScores() {
    People members = People.of(split.members());
    People nonMembers = People.of(split.nonMembers());
    RandomGenerator random = run.random("random scores");
    int covered = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      run.checkCancelled();
      Signal signal =
          new Signal(
              DoubleStream.generate(random::nextDouble).limit(members.count()).toArray(),
              DoubleStream.generate(random::nextDouble).limit(nonMembers.count()).toArray());
      Metric auc = MembershipAssessor.auc(signal, members, nonMembers);
      covered += covers(auc, 0.5) ? 1 : 0;
    }
    return new Check(
        "Random scores read as nothing",
        covered >= LEAST_COVERED ? Status.PASSED : Status.FAILED,
        "the 95%% interval of the AUC covers 0.5 in %d of %d draws (at least %d of a correct one)"
            .formatted(covered, DRAWS, LEAST_COVERED),
        MEMBERSHIP,
        Effect.VOIDS);
  }

  private static boolean covers(Metric metric, double value) {
    return metric.low() != null
        && metric.high() != null
        && metric.low() <= value
        && metric.high() >= value;
  }

  /** A forest grown without bootstrap remembers every row: the same attack must catch it. */
  private Check overfitted(Profile profile) {
    String name = "A model that memorised the members is caught";
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      return new Check(name, Status.NOT_RUN, obstacle.get(), MEMBERSHIP, Effect.WITHHOLDS_PASS);
    }
    double acceptable =
        profile.bounds(Gate.MEMBERSHIP_AUC).map(Profile.Bounds::acceptable).orElse(0.5);
    Metric auc = strongest(forest());
    boolean caught = auc.low() != null && auc.low() > acceptable;
    String reason =
        String.format(
            Locale.ROOT,
            "a forest of %d trees without bootstrap, grown on the members, reads AUC %.3f (95%%"
                + " interval %.3f to %.3f); it must be proven above %.2f",
            TREES,
            auc.value(),
            auc.low(),
            auc.high(),
            acceptable);
    return new Check(
        name, caught ? Status.PASSED : Status.FAILED, reason, MEMBERSHIP, Effect.WITHHOLDS_PASS);
  }

  private Optional<String> obstacle() {
    if (session.subject().info().task() == Task.REGRESSION) {
      return Optional.of("the control grows a classifier, but the model answers with a number");
    }
    if (split.members().inputs().isEmpty()) {
      return Optional.of("needs the rows themselves, not only predictions");
    }
    Duration budget = session.controlsBudget();
    return budget.isZero()
        ? Optional.of("--controls-budget leaves no time for it")
        : Optional.empty();
  }

  private ScoreTarget forest() {
    Dataset rows = sample(split.members());
    Encoder encoder = Encoder.fit(rows);
    List<String> classes = session.subject().info().classes();
    Forest forest =
        Forests.grow(
            new Matrix(encoder.encode(rows), encoder.width()),
            rows.classes(),
            classes.size(),
            Forests.Settings.forest(TREES, encoder.width()).withoutBootstrap(),
            run);
    return new ClassifierTarget("memorising forest", forest, encoder, classes);
  }

  /** The best AUC of the threshold attack's signals on this target, for these same people. */
  private Metric strongest(ScoreTarget target) {
    Split sampled =
        new Split(
            sample(split.members()),
            sample(split.nonMembers()),
            Optional.empty(),
            Optional.empty());
    var attack = Attacks.named("membership-threshold");
    MembershipScores scores =
        (MembershipScores) Attacks.run(attack, target, sampled, attack.defaults(), run);
    return scores.signals().values().stream()
        .map(signal -> MembershipAssessor.auc(signal, scores.members(), scores.nonMembers()))
        .filter(auc -> auc.low() != null)
        .max(java.util.Comparator.comparingDouble(Metric::low))
        .orElse(Metric.unresolved(0, "too few people"));
  }

  private Dataset sample(Dataset rows) {
    if (rows.rows() <= MOST_ROWS) {
      return rows;
    }
    RandomGenerator random = run.random("sample/" + rows.name());
    int[] chosen = random.ints(0, rows.rows()).distinct().limit(MOST_ROWS).sorted().toArray();
    return rows.select(chosen);
  }
}
