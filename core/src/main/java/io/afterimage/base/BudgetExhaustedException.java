package io.afterimage.base;

/**
 * The target would have to answer more queries than the budget allows. The batch that broke the
 * bound was not asked, and nothing of it was spent; what was computed before stays.
 */
public final class BudgetExhaustedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param budget queries that the adversary may spend
   * @param spent queries answered so far
   * @param asked queries of the batch that was turned away
   */
  public BudgetExhaustedException(long budget, long spent, long asked) {
    super(
        "--query-budget is %d queries, of which %d are spent; %d more were asked for; raise it"
            .formatted(budget, spent, asked));
  }
}
