package io.afterimage.defence.output;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import java.util.function.DoubleSupplier;

/** What the noises share: where they may stand, and how probabilities stay probabilities. */
final class Noise {
  private Noise() {}

  /** A scale that can be drawn with, in units of the answers. */
  static double scale(String defence, String meaning, double scale) {
    return inRange("--defend %s: %s".formatted(defence, meaning), scale, 1e-6, 1e6);
  }

  /** Adds a fresh draw to every number; probabilities are clipped to [0, 1], values are not. */
  static Predictions added(Predictions answers, DoubleSupplier draw) {
    return answers.meaning() == Meaning.VALUE
        ? answers.map(value -> value + draw.getAsDouble())
        : answers.map(value -> Math.min(1, Math.max(0, value + draw.getAsDouble())));
  }

  /** Noise comes once, and before anything that withholds digits or classes. */
  static Answers answers(Answers before, String defence, Answers.Noise kind, double scale) {
    check(!before.noisy(), "--defend %s: the answers are noised already; add noise once", defence);
    check(
        !before.truncated(),
        "--defend %s: noise must come before rounding, top-k and label-only",
        defence);
    return before.noised(kind, scale);
  }
}
