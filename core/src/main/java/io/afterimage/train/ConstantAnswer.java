package io.afterimage.train;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.TensorScope;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What one and the same answer for every row would reach, which a trained model must beat to be of
 * any use. Rows of many cells are judged by a sample, evenly spaced.
 */
final class ConstantAnswer {
  private static final long MOST_CELLS = 1L << 24;

  /** Losses grow at first where weights are drawn badly, but not to so many times this one. */
  private static final double DIVERGED = 1e6;

  private static final double FAR = 2;
  private static final double ROUNDING = 1e-6;

  private ConstantAnswer() {}

  /** The loss of the best such answer, or little more; empty where the loss knows none. */
  @SuppressWarnings("try") // scope and guard are there to close
  static OptionalDouble loss(Loss loss, Examples examples) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      long cells = Math.max(1, examples.targets(new int[] {0}).count());
      int most = (int) Math.max(1, MOST_CELLS / cells);
      int rows = Math.min(examples.rows(), most);
      int[] chosen =
          IntStream.range(0, rows).map(i -> (int) ((long) i * examples.rows() / rows)).toArray();
      return loss.ofConstant(examples.targets(chosen));
    }
  }

  /** The loss beyond all reason; infinite before anything is known to hold it against. */
  static double bound(Standing standing, OptionalDouble constant) {
    if (standing.epochs().isEmpty()) {
      return Double.MAX_VALUE;
    }
    return DIVERGED * Math.max(1, constant.orElse(standing.losses().get(0)));
  }

  /** Whether a loss is far above that of the constant answer. */
  static boolean beatsModel(OptionalDouble constant, double loss) {
    return constant.isPresent() && !(loss <= FAR * constant.getAsDouble() + ROUNDING);
  }

  /** What to say of a model that ends with such a loss on its own rows; empty where it is fine. */
  static Optional<String> warning(OptionalDouble constant, double loss, int epochs) {
    return beatsModel(constant, loss)
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "after %d epochs the loss on the members is %.3g, where one answer for all would reach %.3g:"
                    + " the model has learned nothing; %s, or give more --epochs",
                epochs,
                loss,
                constant.getAsDouble(),
                Trainer.ADVICE))
        : Optional.empty();
  }
}
