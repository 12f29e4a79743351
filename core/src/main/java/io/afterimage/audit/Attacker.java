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
import io.afterimage.target.LabelTarget;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.QueryMeter;
import java.util.List;
import java.util.OptionalLong;

/** Mounts one attack after the other: evidence, saved at once, then judged and assessed. */
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
   *
   * @param behind names the defence that the target stands behind; empty for none
   */
  List<Finding> mount(Plan.Item item, LabelTarget target, String behind) {
    String key = behind.isEmpty() ? item.key() : behind + "/" + item.key();
    Split split = item.attribute().map(this::narrowed).orElse(session.split());
    try {
      Steps.Saved saved =
          session.steps().evidence(key, () -> run(item, target, split), bench::judged);
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

  private Steps.Saved run(Plan.Item item, LabelTarget target, Split split) {
    long started = System.nanoTime();
    OptionalLong budget = session.spec().queryBudget();
    QueryMeter meter =
        budget.isPresent() ? QueryMeter.of(budget.getAsLong()) : QueryMeter.counting();
    Evidence evidence =
        Attacks.run(
            item.attack(),
            MeteredTarget.of(target, meter),
            split,
            item.settings(),
            session.run().keyed(item.key()));
    return new Steps.Saved(evidence, meter.spent(), (System.nanoTime() - started) / 1e9);
  }

  /** The split with one column sensitive and the other sensitive ones public. */
  private Split narrowed(String attribute) {
    return session.split().map(rows -> rows.with(rows.schema().sensitive(attribute)));
  }
}
