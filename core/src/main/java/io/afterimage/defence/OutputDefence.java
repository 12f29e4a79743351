package io.afterimage.defence;

import io.afterimage.base.Access;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import java.util.random.RandomGenerator;

/**
 * A defence that changes the model's answers: it maps a prediction to a prediction. The defended
 * target and the gateway call the same method.
 *
 * <p>No defence brings a row back to a sum of 1: dividing by the sum would give every rounded
 * number its many digits again, spread one class's noise over the others, and make {@link #answers}
 * untrue. Noised probabilities are clipped to [0, 1], which an adversary could do himself.
 */
public interface OutputDefence {
  /** Its name and setting as typed: {@code round:2}. */
  String name();

  /**
   * The answers, which are probabilities or values, as the adversary gets them. Draws its noise
   * from the generator.
   */
  Predictions apply(Predictions answers, RandomGenerator random);

  /**
   * What becomes public about the answers, given what was public before. A BadInputException where
   * that could not be said truly, because another defence came first.
   */
  Answers answers(Answers before);

  /** What the adversary still sees of the model behind it. */
  default Access access() {
    return Access.SCORES;
  }

  /** Whether it means something only where the model tells classes apart. */
  default boolean needsClasses() {
    return false;
  }

  /** Makes a defence from what was typed. One each, registered with {@code @AutoService}. */
  interface Factory {
    /** The word and its setting: {@code round:DIGITS}. */
    String usage();

    /** A sensible choice: {@code round:2}. */
    String example();

    /** What it does and what it means for a regressor, in one line. */
    String help();

    /** The defence with this setting, checked. */
    OutputDefence of(DefenceOption typed);

    /** The word before the setting. */
    default String word() {
      return usage().split(":", 2)[0];
    }
  }
}
