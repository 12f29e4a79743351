package io.afterimage.assess;

import static io.afterimage.base.Checks.inRange;

/**
 * What an adversary guessed in a one-run audit. A fair coin of its own decided for each canary
 * whether the model was trained on it; the adversary says of some of them which side the coin fell
 * on, and abstains from the others.
 *
 * @param canaries m, all of them, guessed or not; 1 to 100,000,000
 * @param made r, how many were guessed, at most m; fixed before the model was looked at
 * @param correct v, how many of the guesses were right, at most r
 */
public record OneRunGuesses(int canaries, int made, int correct) {
  /** The greatest number of canaries. */
  public static final int MOST_CANARIES = 100_000_000;

  public OneRunGuesses {
    inRange("canaries", canaries, 1, MOST_CANARIES);
    inRange("guesses", made, 0, canaries);
    inRange("correct guesses", correct, 0, made);
  }

  /** What so many guesses about so many canaries could at most have shown. */
  static OneRunGuesses allRight(int canaries, int made) {
    return new OneRunGuesses(canaries, made, made);
  }

  int wrong() {
    return made - correct;
  }
}
