package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryScoresTest {
  private static final Run RUN = Run.of(7);

  @Test
  void guessesTheHighestAsTrainedOnAndTheLowestAsLeftOut() {
    CanaryScores scores =
        new CanaryScores(
            List.of("a", "b", "c", "d", "e"),
            new double[] {.9, .1, .5, .8, .2},
            new boolean[] {true, false, true, false, true});
    assertThat(scores.guesses(0, RUN)).isEqualTo(new OneRunGuesses(5, 0, 0));
    assertThat(scores.guesses(1, RUN)).isEqualTo(new OneRunGuesses(5, 1, 1));
    assertThat(scores.guesses(2, RUN)).isEqualTo(new OneRunGuesses(5, 2, 2));
    assertThat(scores.guesses(4, RUN)).isEqualTo(new OneRunGuesses(5, 4, 2));
    assertThat(scores.guesses(5, RUN)).isEqualTo(new OneRunGuesses(5, 5, 3));
  }

  /** Canaries that are given in the order of their coins must not be guessed by that order. */
  @Test
  void drawsAmongEqualScoresByIdAndNotByOrder() {
    List<String> ids = IntStream.range(0, 1000).mapToObj(i -> "canary " + i).toList();
    boolean[] included = new boolean[1000];
    for (int i = 0; i < 500; i++) {
      included[i] = true;
    }
    OneRunGuesses guesses = new CanaryScores(ids, new double[1000], included).guesses(200, RUN);
    // A correct program leaves this range for one seed in a thousand.
    assertThat(guesses.correct()).isBetween(77, 123);
    int[] order = RUN.shuffled("order", 1000);
    boolean[] shuffled = new boolean[1000];
    for (int i = 0; i < 1000; i++) {
      shuffled[i] = included[order[i]];
    }
    CanaryScores again =
        new CanaryScores(
            IntStream.of(order).mapToObj(ids::get).toList(), new double[1000], shuffled);
    assertThat(again.guesses(200, RUN)).isEqualTo(guesses);
  }

  @Test
  void saysWhatCannotBeGuessed() {
    assertThatThrownBy(
            () -> new CanaryScores(List.of("a"), new double[] {Double.NaN}, new boolean[1]))
        .isInstanceOf(BadInputException.class)
        .hasMessage("the score of canary a is not a number");
    assertThatThrownBy(() -> new CanaryScores(List.of("a"), new double[2], new boolean[1]))
        .hasMessage("each canary needs an id, a score and a coin, but there are 1, 2 and 1");
    assertThatThrownBy(() -> new CanaryScores(List.of("a", "a"), new double[2], new boolean[2]))
        .hasMessage("two canaries have the same id; each needs its own");
    assertThatThrownBy(
            () -> new CanaryScores(List.of("a"), new double[1], new boolean[1]).guesses(2, RUN))
        .hasMessage("guesses must be between 0 and 1, but is 2");
  }
}
