package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Ran;
import io.afterimage.assess.Status;
import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.defence.DefendedTarget;
import io.afterimage.defence.OutputDefence;
import io.afterimage.defence.OutputDefences;
import io.afterimage.policy.Verdict;
import io.afterimage.report.Report.Cost;
import io.afterimage.report.Report.Defended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The same black-box attacks behind each output defence: what it buys, and what it costs in
 * accuracy and calibration. Who holds the weights meets no output defence, so that white-box
 * attacks are not repeated.
 */
final class DefenceGrid {
  private final Session session;
  private final List<OutputDefence> defences;

  private DefenceGrid(Session session, List<OutputDefence> defences) {
    this.session = session;
    this.defences = defences;
  }

  /**
   * The defences that the user asked for.
   *
   * @throws BadInputException where one cannot be put before this target; that is said before any
   *     attack runs
   */
  static DefenceGrid of(Session session) {
    List<OutputDefence> defences =
        session.spec().defences().map(OutputDefences::parse).orElse(List.of());
    for (OutputDefence defence : defences) {
      DefendedTarget.refusal(defence, session.subject().info())
          .ifPresent(
              reason -> {
                throw new BadInputException(reason);
              });
    }
    return new DefenceGrid(session, defences);
  }

  /**
   * Mounts the attacks behind each defence.
   *
   * @param decide the verdict that findings behind a defence would lead to
   */
  List<Defended> run(
      Plan plan,
      Attacker attacker,
      Utilities before,
      BiFunction<OutputDefence, List<Finding>, Verdict> decide) {
    List<Defended> results = new ArrayList<>();
    for (OutputDefence defence : defences) {
      session.remark().accept("behind " + defence.name());
      Reach reach = new Reach.Behind(defence, session.run());
      List<Finding> findings = new ArrayList<>();
      for (Plan.Item item : plan.attacks()) {
        findings.addAll(behind(item, reach, attacker));
      }
      List<Finding> all = new ArrayList<>(findings);
      all.addAll(plan.left());
      results.add(result(defence, findings, before, decide.apply(defence, all)));
    }
    return results;
  }

  private static List<Finding> behind(Plan.Item item, Reach reach, Attacker attacker) {
    if (item.info().access().compareTo(Access.FEATURES) < 0) {
      return attacker.mount(item, reach);
    }
    String reason = "who holds the weights meets no output defence";
    return List.of(Ran.not(item.info(), Status.NOT_APPLICABLE, reason).named(item.key()));
  }

  private Defended result(
      OutputDefence defence, List<Finding> findings, Utilities before, Verdict verdict) {
    DefendedTarget target =
        new DefendedTarget(session.subject().blackBox(), defence, session.run());
    Utilities after = Utilities.of(target, session.split(), session.run());
    return new Defended(
        defence.name(),
        settings(defence.name()),
        verdict.decision(),
        verdict.reasons().isEmpty() ? "" : verdict.reasons().get(0),
        new Cost(before.report().nonmembers(), after.report().nonmembers()),
        findings);
  }

  /** A defence is named as it is typed: {@code round:2}. */
  private static Map<String, String> settings(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? Map.of() : Map.of(name.substring(0, colon), name.substring(colon + 1));
  }
}
