package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.common.Sample;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.ScoreTarget;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An attack that learns from public rows what the target answers about people it was not trained
 * on.
 *
 * @param <S> its settings
 */
abstract class PublicAttack<S extends Record> extends ScoreAttack<S> {
  private static final int FEWEST = 50;

  PublicAttack(String id, String title, String paper, String knowledge) {
    super(id, title, paper, knowledge);
  }

  @Override
  public final Optional<String> refusal(Split split) {
    int rows =
        split.population().filter(known -> known.label().isPresent()).map(Dataset::rows).orElse(0);
    return rows >= FEWEST
        ? Optional.empty()
        : Optional.of(
            "needs --population: at least %d public rows of the same kind with their label, not %d"
                .formatted(FEWEST, rows));
  }

  @Override
  public final MembershipScores run(ScoreTarget target, Split split, S settings, Run run) {
    Optional<String> refusal = refusal(split);
    check(refusal.isEmpty(), "%s %s", info().id(), refusal.orElse(""));
    Dataset rows = split.population().orElseThrow();
    Dataset population = rows.select(Sample.order(rows, run));
    Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), 1, population.rows(), run);
    return run(target, suspects, population, settings, run);
  }

  /**
   * Attacks the suspects.
   *
   * @param population the public rows, in an order drawn by their ids
   */
  abstract MembershipScores run(
      ScoreTarget target, Suspects suspects, Dataset population, S settings, Run run);
}
