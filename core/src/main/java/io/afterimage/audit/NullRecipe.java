package io.afterimage.audit;

import io.afterimage.assess.AttributeAssessor;
import io.afterimage.assess.Finding;
import io.afterimage.assess.MembershipAssessor;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Ran;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.Evidence;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.judge.AttributeJudge;
import io.afterimage.policy.Check;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Check.Status;
import io.afterimage.policy.Gate;
import io.afterimage.policy.Profile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The same recipe without the members: the target's graph, retrained on half of the non-members.
 * The members and the other half are then strangers alike, and the same attacks must tell nothing.
 */
final class NullRecipe {
  /** As far as the blind classifier may tell members from non-members. */
  private static final double TOLERATED_AUC = 0.55;

  private final Session session;
  private final Profile profile;
  private final Plan plan;
  private final Retraining retraining;

  NullRecipe(Session session, Profile profile, Plan plan, Retraining retraining) {
    this.session = session;
    this.profile = profile;
    this.plan = plan;
    this.retraining = retraining;
  }

  /** One check for membership and one for attributes, where such attacks are mounted. */
  List<Check> checks() {
    List<Family> families =
        List.of(Family.MEMBERSHIP, Family.ATTRIBUTE).stream()
            .filter(family -> items(family).findAny().isPresent())
            .toList();
    if (families.isEmpty()) {
      return List.of();
    }
    session.remark().accept("control: the model is trained again without the members");
    List<Dataset> halves = halves(session.split().nonMembers(), session.run().keyed("halves"));
    try (Retraining.Outcome model = retraining.on("without the members", halves.get(0))) {
      Split strangers = Split.of(session.split().members(), halves.get(1));
      return families.stream().map(family -> check(family, model, strangers)).toList();
    }
  }

  private Stream<Plan.Item> items(Family family) {
    return plan.attacks().stream().filter(item -> item.info().family() == family);
  }

  private Check check(Family family, Retraining.Outcome model, Split strangers) {
    String name = "Trained without the members, the model tells nothing: " + named(family);
    if (model.subject().isEmpty()) {
      return check(family, name, Status.NOT_RUN, model.account());
    }
    try {
      List<Reading> readings =
          items(family)
              .flatMap(item -> readings(item, model.subject().get(), strangers).stream())
              .toList();
      return check(family, name, model.account(), readings);
    } catch (BadInputException | BudgetExhaustedException e) {
      return check(family, name, Status.NOT_RUN, String.valueOf(e.getMessage()));
    }
  }

  private static String named(Family family) {
    return family == Family.MEMBERSHIP ? "membership" : "attributes";
  }

  private static Check check(Family family, String name, String account, List<Reading> readings) {
    Optional<Reading> worst = readings.stream().max(Comparator.comparingDouble(Reading::beyond));
    if (worst.isEmpty()) {
      return check(family, name, Status.NOT_RUN, "too few people to read anything");
    }
    Status status = worst.get().beyond() > 0 ? Status.FAILED : Status.PASSED;
    return check(family, name, status, account + "; " + worst.get().sentence());
  }

  private static Check check(Family family, String name, Status status, String reason) {
    Set<Gate> gates =
        family == Family.MEMBERSHIP ? Controls.MEMBERSHIP : Set.of(Gate.ATTRIBUTE_MEMORISED);
    return new Check(name, status, reason, gates, Effect.VOIDS);
  }

  /**
   * A figure that should tell nothing.
   *
   * @param tolerated what the lower end of its interval may not pass
   */
  private record Reading(String what, Metric metric, double low, double tolerated) {
    static Optional<Reading> of(String what, Metric metric, double tolerated) {
      return Optional.ofNullable(metric.low())
          .map(low -> new Reading(what, metric, low, tolerated));
    }

    double beyond() {
      return low - tolerated;
    }

    String sentence() {
      return String.format(
          Locale.ROOT,
          "%s reads %.3f (95%% interval %.3f to %.3f), and may not be proven above %.2f",
          what,
          metric.value(),
          metric.low(),
          metric.high(),
          tolerated);
    }
  }

  private List<Reading> readings(Plan.Item item, Subject model, Split strangers) {
    Split seen = item.narrowed(strangers);
    Evidence evidence = Attacker.run(session, item, Reach.OPEN, model, seen).evidence();
    Run run = session.run().keyed("null/" + item.key());
    List<Reading> readings = new ArrayList<>();
    if (evidence instanceof MembershipScores scores) {
      scores
          .signals()
          .forEach(
              (name, signal) ->
                  Reading.of(
                          item.key() + "/" + name,
                          MembershipAssessor.auc(signal, scores.members(), scores.nonMembers()),
                          TOLERATED_AUC)
                      .ifPresent(readings::add));
    } else if (evidence instanceof AttributeGuesses guesses) {
      Ran ran = new Ran(item.info(), 0, 0, null);
      AttributeGuesses judged = AttributeJudge.truth(guesses, seen, run);
      Finding finding = AttributeAssessor.assess(ran, judged, model.info().classes(), run);
      double tolerated =
          profile.bounds(Gate.ATTRIBUTE_MEMORISED).map(Profile.Bounds::acceptable).orElse(0.0);
      finding
          .advantage("membersOverNonmembers")
          .flatMap(gain -> Reading.of(item.key(), Metric.of(gain), tolerated))
          .ifPresent(readings::add);
    }
    return readings;
  }

  /** Two halves with no person in both, drawn by person. */
  static List<Dataset> halves(Dataset rows, Run run) {
    int[] first =
        IntStream.range(0, rows.rows())
            .filter(row -> (run.seedFor(rows.person(row)) & 1) == 0)
            .toArray();
    int[] second =
        IntStream.range(0, rows.rows())
            .filter(row -> (run.seedFor(rows.person(row)) & 1) == 1)
            .toArray();
    return List.of(rows.select(first), rows.select(second));
  }
}
