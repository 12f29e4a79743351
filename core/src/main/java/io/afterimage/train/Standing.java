package io.afterimage.train;

import io.afterimage.train.SupervisedStep.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a training stands between two steps.
 *
 * @param epochs those that are done
 * @param seen examples that the epoch under way has shown
 * @param sum of their losses
 */
public record Standing(List<Epoch> epochs, int seen, double sum) {
  /** Before the first step. */
  public static final Standing START = new Standing(List.of(), 0, 0);

  /**
   * One pass over the examples.
   *
   * @param loss mean over its steps
   * @param validationLoss on the validation rows after it; null where there are none
   * @param validationAccuracy on them; null where there is none
   */
  public record Epoch(
      double loss, @Nullable Double validationLoss, @Nullable Double validationAccuracy) {

    static Epoch of(double loss, Optional<Score> validation) {
      return new Epoch(
          loss,
          validation.map(Score::loss).orElse(null),
          validation
              .filter(v -> v.accuracy().isPresent())
              .map(v -> v.accuracy().getAsDouble())
              .orElse(null));
    }

    /** The loss that epochs are compared by: on the validation rows where there are some. */
    public double watched() {
      return validationLoss == null ? loss : validationLoss;
    }
  }

  public Standing {
    epochs = List.copyOf(epochs);
  }

  Standing after(double loss, int rows) {
    return new Standing(epochs, seen + rows, sum + loss * rows);
  }

  Standing epochDone(Epoch epoch) {
    List<Epoch> all = new ArrayList<>(epochs);
    all.add(epoch);
    return new Standing(all, 0, 0);
  }

  /** The number of the best epoch so far, the first of equals; -1 before any. */
  public int best() {
    int best = epochs.isEmpty() ? -1 : 0;
    for (int i = 1; i < epochs.size(); i++) {
      best = epochs.get(i).watched() < epochs.get(best).watched() ? i : best;
    }
    return best;
  }

  /** Mean training loss of each epoch. */
  public List<Double> losses() {
    return epochs.stream().map(Epoch::loss).toList();
  }
}
