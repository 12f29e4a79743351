package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Ran;
import io.afterimage.assess.Status;
import io.afterimage.attack.Attacks;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.data.Split;
import io.afterimage.evidence.Evidence;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.QueryMeter;
import java.util.List;
import java.util.OptionalLong;

/** Mounts one attack after the other: evidence, judged, saved at once, then assessed. */
final class Attacker {
  private final Session session;
  private final Bench bench;

  /**
   * @param bench the judges, which answer the same questions without the target
   */
  Attacker(Session session, Bench bench) {
    this.session = session;
    this.bench = bench;
  }

  /**
   * Runs an attack on the target as the adversary reaches it, under a meter of its own. An attack
   * that the data or the budget stop becomes a finding that says so; it never stops the audit.
   */
  List<Finding> mount(Plan.Item item, Reach reach) {
    Split split = item.narrowed(session.split());
    String name = reach.prefix() + item.key();
    try {
      Steps.Saved saved =
          session
              .steps()
              .evidence(
                  name,
                  () -> run(session, item, reach, session.subject(), split),
                  evidence -> bench.judged(evidence, item, reach));
      bench.beside(saved.evidence()).ifPresent(p -> session.steps().save(name, p));
      Ran ran = new Ran(item.info(), saved.queries(), saved.seconds(), null);
      return bench.assess(ran, split, saved.evidence());
    } catch (BudgetExhaustedException | BadInputException e) {
      return List.of(
          failed(item, e instanceof BudgetExhaustedException, String.valueOf(e.getMessage())));
    }
  }

  private static Finding failed(Plan.Item item, boolean skipped, String reason) {
    AttackInfo info = item.info();
    return Ran.not(info, skipped ? Status.SKIPPED : Status.FAILED, reason).named(item.key());
  }

  /** The attack's evidence from this model, which may be a control's. */
  static Steps.Saved run(
      Session session, Plan.Item item, Reach reach, Subject subject, Split split) {
    long started = System.nanoTime();
    OptionalLong budget = session.spec().queryBudget();
    QueryMeter meter =
        budget.isPresent() ? QueryMeter.of(budget.getAsLong()) : QueryMeter.counting();
    Evidence evidence =
        Attacks.run(
            item.attack(),
            MeteredTarget.of(reach.of(subject, item.attack()), meter),
            split,
            item.settings(),
            session.run().keyed(item.key()));
    return new Steps.Saved(evidence, meter.spent(), (System.nanoTime() - started) / 1e9);
  }
}
