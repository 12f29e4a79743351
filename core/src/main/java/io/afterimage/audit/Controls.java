package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.assess.MembershipAssessor;
import io.afterimage.assess.Metric;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Audits the audit: what leaks nothing must read as nothing, what leaks must be found, on these
 * very rows. Controls that train a model of their own run within {@code --controls-budget}.
 */
final class Controls {
  static final Set<Gate> MEMBERSHIP =
      EnumSet.of(
          Gate.MEMBERSHIP_AUC, Gate.MEMBERSHIP_TPR_1_PERCENT, Gate.MEMBERSHIP_TPR_1_PERMILLE);
  private static final int DRAWS = 200;

  /** A correct 95% interval covers the truth in fewer of 200 draws once in 20,000 audits. */
  private static final int LEAST_COVERED = 177;

  private static final String RANDOM = "Random scores read as nothing";
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

  /**
   * All controls that these rows allow.
   *
   * @param findings of the audit itself, which say what the baselines reach
   */
  static List<Check> of(
      Session session, Profile profile, Plan plan, List<Finding> findings, Retraining retraining) {
    Controls controls = new Controls(session);
    List<Check> checks = new ArrayList<>();
    if (session.split().members().rows() > 0 && session.split().nonMembers().rows() > 0) {
      checks.add(controls.randomScores());
      checks.add(controls.overfitted(profile));
      checks.addAll(new NullRecipe(session, profile, plan, retraining).checks());
    }
    checks.addAll(PlantedLeaks.of(session, profile, findings));
    return checks;
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
    int[] memberUnits = split.members().units();
    int[] nonMemberUnits = split.nonMembers().units();
    int covered = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      run.checkCancelled();
      Signal signal = new Signal(drawn(memberUnits, random), drawn(nonMemberUnits, random));
      Metric auc = MembershipAssessor.auc(signal, members, nonMembers);
      if (auc.low() == null) {
        String reason = String.valueOf(auc.reason());
        return new Check(RANDOM, Status.NOT_RUN, reason, MEMBERSHIP, Effect.VOIDS);
      }
      covered += covers(auc, 0.5) ? 1 : 0;
    }
    return new Check(
        RANDOM,
        covered >= LEAST_COVERED ? Status.PASSED : Status.FAILED,
        "the 95%% interval of the AUC covers 0.5 in %d of %d draws (at least %d of a correct one)"
            .formatted(covered, DRAWS, LEAST_COVERED),
        MEMBERSHIP,
        Effect.VOIDS);
  }

  /** One number a person, the same for all rows of that person: the worst case of clustering. */
  private static double[] drawn(int[] units, RandomGenerator random) {
    double[] ofUnit =
        DoubleStream.generate(random::nextDouble)
            .limit(Arrays.stream(units).max().orElse(-1) + 1L)
            .toArray();
    return Arrays.stream(units).mapToDouble(unit -> ofUnit[unit]).toArray();
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
    if (auc.low() == null) {
      String reason = String.valueOf(auc.reason());
      return new Check(name, Status.NOT_RUN, reason, MEMBERSHIP, Effect.WITHHOLDS_PASS);
    }
    boolean caught = auc.low() > acceptable;
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
        .max(Comparator.comparingDouble(Metric::low))
        .orElse(Metric.unresolved(0, "too few people"));
  }

  private Dataset sample(Dataset rows) {
    if (rows.rows() <= MOST_ROWS) {
      return rows;
    }
    int[] chosen =
        IntStream.range(0, rows.rows())
            .boxed()
            .sorted(Comparator.comparingLong(row -> run.seedFor("sample/" + rows.id(row))))
            .limit(MOST_ROWS)
            .mapToInt(row -> row)
            .sorted()
            .toArray();
    return rows.select(chosen);
  }
}
