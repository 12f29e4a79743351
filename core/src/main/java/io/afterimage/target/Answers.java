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

  /** Whether some digits or some classes are withheld. */
  public boolean truncated() {
    return decimals.isPresent() || topK.isPresent();
  }

  /** These answers, then rounded to so many digits after the point. */
  public Answers rounded(int digits) {
    int fewest = Math.min(digits, decimals.orElse(digits));
    return new Answers(OptionalInt.of(fewest), topK, noise, noiseScale, temperature);
  }

  /** These answers, then cut to the k most probable classes. */
  public Answers cutTo(int k) {
    int fewest = Math.min(k, topK.orElse(k));
    return new Answers(decimals, OptionalInt.of(fewest), noise, noiseScale, temperature);
  }

  /** These answers, then with noise added. */
  public Answers noised(Noise kind, double scale) {
    return new Answers(decimals, topK, kind, scale, temperature);
  }

  /** These answers, then with their logits divided by a temperature. */
  public Answers tempered(double by) {
    return new Answers(decimals, topK, noise, noiseScale, temperature * by);
  }
}
