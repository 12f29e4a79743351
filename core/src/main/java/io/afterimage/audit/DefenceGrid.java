package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.base.Access;
import io.afterimage.defence.DefendedTarget;
import io.afterimage.defence.OutputDefence;
import io.afterimage.defence.OutputDefences;
import io.afterimage.report.Report.Cost;
import io.afterimage.report.Report.Defended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
   * @throws io.afterimage.base.BadInputException where one cannot be put before this target; that
   *     is said before any attack runs
   */
  static DefenceGrid of(Session session) {
    List<OutputDefence> defences =
        session.spec().defences().map(OutputDefences::parse).orElse(List.of());
    for (OutputDefence defence : defences) {
      DefendedTarget.refusal(defence, session.subject().info())
          .ifPresent(
              reason -> {
                throw new io.afterimage.base.BadInputException(reason);
              });
    }
    return new DefenceGrid(session, defences);
  }

  List<Defended> run(Plan plan, Attacker attacker, Utilities before) {
    List<Defended> results = new ArrayList<>();
    for (OutputDefence defence : defences) {
      session.remark().accept("behind " + defence.name());
      // Closing it would close the model behind it, which the next defence needs.
      DefendedTarget target =
          new DefendedTarget(session.subject().blackBox(), defence, session.run());
      results.add(behind(defence, target, plan, attacker, before));
    }
    return results;
  }

  private Defended behind(
      OutputDefence defence,
      DefendedTarget target,
      Plan plan,
      Attacker attacker,
      Utilities before) {
    List<Finding> findings = new ArrayList<>();
    for (Plan.Item item : plan.attacks()) {
      if (item.info().access().compareTo(Access.FEATURES) < 0) {
        findings.addAll(attacker.mount(item, target, defence.name()));
      }
    }
    Utilities after = Utilities.of(target, session.split(), session.run());
    return new Defended(
        defence.name(),
        Map.of(),
        new Cost(before.report().nonmembers(), after.report().nonmembers()),
        findings);
  }
}
