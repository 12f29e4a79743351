package io.afterimage.target;

import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Checks;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the rows that a target was asked about, up to a budget. Safe from several threads. */
public final class QueryMeter {
  private final OptionalLong budget;
  private final AtomicLong spent = new AtomicLong();

  private QueryMeter(OptionalLong budget) {
    this.budget = budget;
  }

  /** Stops at so many rows. */
  public static QueryMeter of(long budget) {
    Checks.atLeast("--query-budget", budget, 1);
    return new QueryMeter(OptionalLong.of(budget));
  }

  /** Counts and never stops. */
  public static QueryMeter counting() {
    return new QueryMeter(OptionalLong.empty());
  }

  /** Rows asked about so far. */
  public long spent() {
    return spent.get();
  }

  /** Rows that may still be asked about; empty without a budget. */
  public OptionalLong left() {
    return budget.isPresent() ? OptionalLong.of(budget.getAsLong() - spent()) : budget;
  }

  /** Takes all of these rows off the budget, or none and throws a BudgetExhaustedException. */
  void spend(long rows) {
    long most = budget.orElse(Long.MAX_VALUE);
    spent.updateAndGet(
        before -> {
          if (rows > most - before) {
            throw new BudgetExhaustedException(most, before, rows);
          }
          return before + rows;
        });
  }
}
