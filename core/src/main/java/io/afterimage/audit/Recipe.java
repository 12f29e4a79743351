package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Power;
import io.afterimage.assess.Ran;
import io.afterimage.assess.RecipeAssessor;
import io.afterimage.assess.Status;
import io.afterimage.attack.Attacks;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.evidence.People;
import io.afterimage.evidence.RecipeScores;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.QueryMeter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Judges how the target was trained where its own non-members are too few: the models that an
 * attack trained like it take its place in turn, and their rows are pooled. They are found trained.
 */
final class Recipe {
  /** The least false positive rate that a profile asks about. */
  private static final double LEAST_RATE = 0.001;

  private Recipe() {}

  /**
   * A finding for each signal of the attack; none where the non-members suffice, or the attack
   * trained no models of the target's own graph.
   */
  static List<Finding> judged(Session session, Plan.Item item, List<Finding> ofTarget) {
    int nonMembers = People.of(session.split().nonMembers()).units();
    if (item.info().family() != Family.MEMBERSHIP
        || nonMembers >= Power.nonMembersFor(LEAST_RATE)
        || ofTarget.stream().noneMatch(Recipe::ran)) {
      return List.of();
    }
    long started = System.nanoTime();
    OptionalLong budget = session.spec().queryBudget();
    QueryMeter meter =
        budget.isPresent() ? QueryMeter.of(budget.getAsLong()) : QueryMeter.counting();
    Run run = session.run().keyed(item.key());
    try {
      Optional<RecipeScores> scores =
          Attacks.ofRecipe(
              item.attack(),
              MeteredTarget.of(Reach.OPEN.of(session.subject(), item.attack()), meter),
              session.split(),
              item.settings(),
              run);
      double seconds = (System.nanoTime() - started) / 1e9;
      Ran ran = new Ran(item.info(), meter.spent(), seconds, null);
      return scores.map(of -> RecipeAssessor.assess(ran, of, run)).orElse(List.of());
    } catch (BudgetExhaustedException | BadInputException e) {
      session.remark().accept(item.key() + ": its recipe could not be judged: " + e.getMessage());
      return List.of();
    }
  }

  private static boolean ran(Finding finding) {
    return finding.status() == Status.RUN;
  }
}
