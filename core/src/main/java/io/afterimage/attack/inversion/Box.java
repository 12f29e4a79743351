package io.afterimage.attack.inversion;

import io.afterimage.data.Dataset;
import io.afterimage.target.FeatureTarget;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.stream.IntStream;

/**
 * The range of values that an input can take, the same for all of its numbers.
 *
 * @param low the least, perhaps minus infinity
 * @param high the greatest, then infinity
 */
record Box(double low, double high) {
  private static final int ROWS_AT_ONCE = 256;

  /** Where the range comes from. */
  enum Kind {
    /** The least and the greatest number in the adversary's own data. */
    OBSERVED,
    /** 0 to 1. */
    UNIT,
    /** No bound. */
    NONE
  }

  static Box of(Kind kind, FeatureTarget target, Dataset known) {
    return switch (kind) {
      case OBSERVED -> observed(target, known);
      case UNIT -> new Box(0, 1);
      case NONE -> new Box(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    };
  }

  @SuppressWarnings("try") // the scope is there to close
  private static Box observed(FeatureTarget target, Dataset known) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int from = 0; from < known.rows(); from += ROWS_AT_ONCE) {
      int to = Math.min(known.rows(), from + ROWS_AT_ONCE);
      try (TensorScope scope = new TensorScope()) {
        Tensor rows = target.input(known.select(IntStream.range(from, to).toArray()));
        low = Math.min(low, rows.min(false).item());
        high = Math.max(high, rows.max(false).item());
      }
    }
    return new Box(low, high);
  }

  boolean isBounded() {
    return high < Double.POSITIVE_INFINITY;
  }

  /** Its width, in which steps are measured; 1 where it has none. */
  double width() {
    return isBounded() && high > low ? high - low : 1;
  }

  /** The middle; 0 where it has none. */
  double middle() {
    return isBounded() ? low + (high - low) / 2 : 0;
  }

  /** Moves every number into the box, in place. */
  void clamp(Tensor x) {
    if (isBounded()) {
      InPlace.clamp(x, low, high);
    }
  }
}
