package io.afterimage.target;

import java.util.OptionalInt;

/**
 * What is public about a target's answers, so that an adaptive adversary needs no look into the
 * defence.
 *
 * @param decimals digits after the point, where answers are rounded
 * @param topK how many classes keep their probability, where the rest are set to 0
 * @param noise the kind of noise that is added afresh to every answer
 * @param noiseScale standard deviation of Gaussian noise, scale b of Laplace noise, else 0
 * @param temperature what logits are divided by before softmax; 1 changes nothing
 */
public record Answers(
    OptionalInt decimals, OptionalInt topK, Noise noise, double noiseScale, double temperature) {
  /** The kinds of noise. */
  public enum Noise {
    NONE,
    GAUSSIAN,
    LAPLACE
  }

  /** Exact answers with every class. */
  public static final Answers EXACT =
      new Answers(OptionalInt.empty(), OptionalInt.empty(), Noise.NONE, 0, 1);

  /** Whether the same question can get another answer the next time. */
  public boolean noisy() {
    return noise != Noise.NONE;
  }
}
