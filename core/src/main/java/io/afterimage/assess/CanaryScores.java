package io.afterimage.assess;

import io.afterimage.base.Checks;
import io.afterimage.base.Run;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An attack's scores of canaries, each of which a fair coin of its own put into the training data
 * or left out.
 *
 * @param ids of the canaries
 * @param scores greater means more likely trained on
 * @param included on which side the coin fell
 */
public record CanaryScores(List<String> ids, double[] scores, boolean[] included) {
  public CanaryScores {
    ids = List.copyOf(ids);
    Checks.check(
        ids.size() == scores.length && ids.size() == included.length,
        "each canary needs an id, a score and a coin, but there are %d, %d and %d",
        ids.size(),
        scores.length,
        included.length);
    Checks.check(
        Set.copyOf(ids).size() == ids.size(), "two canaries have the same id; each needs its own");
    for (int i = 0; i < scores.length; i++) {
      Checks.check(!Double.isNaN(scores[i]), "the score of canary %s is not a number", ids.get(i));
    }
  }

  /**
   * Takes the highest scores for trained on and the lowest for left out, half of the guesses each,
   * and abstains between. Which of equal scores is guessed is drawn by the canaries' ids, never by
   * their order, which may tell the coins.
   *
   * @param made the number of guesses, at most that of canaries
   */
  public OneRunGuesses guesses(int made, Run run) {
    int canaries = ids.size();
    Checks.inRange("guesses", made, 0, canaries);
    int[] ranked = ranked(run);
    int in = made - made / 2;
    long right =
        IntStream.range(0, in).filter(rank -> included[ranked[rank]]).count()
            + IntStream.range(canaries - made / 2, canaries)
                .filter(rank -> !included[ranked[rank]])
                .count();
    return new OneRunGuesses(canaries, made, (int) right);
  }

  /** The canaries, the likeliest member first. */
  private int[] ranked(Run run) {
    Comparator<Integer> likeliest = Comparator.comparingDouble(i -> 0.0 - scores[i]);
    return IntStream.range(0, ids.size())
        .boxed()
        .sorted(likeliest.thenComparingLong(i -> run.seedFor("canary/" + ids.get(i))))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
