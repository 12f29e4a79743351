package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import java.util.DoubleSummaryStatistics;

/** The range of the numbers that a target is fed. */
public record InputRange(double low, double high) {
  public InputRange {
    check(low < high, "--low must be below --high, but they are %s and %s", low, high);
  }

  /** As given; else the least and the greatest number among the inputs of these rows. */
  public static InputRange of(Dataset known, PixelRange given) {
    if (given.low().isPresent() && given.high().isPresent()) {
      return new InputRange(given.low().getAsDouble(), given.high().getAsDouble());
    }
    DoubleSummaryStatistics seen = new DoubleSummaryStatistics();
    for (Column column : known.inputs()) {
      if (column instanceof Column.Array array) {
        see(array, seen);
      } else if (column instanceof Column.Numeric numeric) {
        for (int row = 0; row < numeric.rows(); row++) {
          seen.accept(numeric.get(row));
        }
      }
    }
    return new InputRange(given.low().orElse(seen.getMin()), given.high().orElse(seen.getMax()));
  }

  public double width() {
    return high - low;
  }

  public double middle() {
    return low + (high - low) / 2;
  }

  private static void see(Column.Array array, DoubleSummaryStatistics seen) {
    float[] cells = new float[array.shape().size()];
    for (int row = 0; row < array.rows(); row++) {
      array.copyRow(row, cells, 0);
      for (float cell : cells) {
        seen.accept(cell);
      }
    }
  }
}
