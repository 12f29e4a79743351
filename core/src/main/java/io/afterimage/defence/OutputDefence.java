package io.afterimage.defence;

import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import java.util.random.RandomGenerator;

/**
 * A defence that changes the model's answers: it maps a prediction to a prediction. The defended
 * target and the gateway call the same method.
 */
public interface OutputDefence {
  /** Its name and setting as typed: {@code round:2}. */
  String name();

  /**
   * The answers, which are probabilities or values, as the adversary gets them. Draws its noise
   * from the generator.
   */
  Predictions apply(Predictions answers, RandomGenerator random);

  /** What becomes public about the answers, given what was public before. */
  Answers answers(Answers before);
}
