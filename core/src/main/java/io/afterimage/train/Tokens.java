package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import java.util.List;

/** Rows that are numbers of tokens. */
final class Tokens {
  private Tokens() {}

  /** A BadInputException where a row holds something else than one of so many tokens. */
  static void require(Dataset rows, int vocabulary) {
    List<Column> inputs = rows.inputs();
    check(
        inputs.size() == 1 && inputs.get(0) instanceof Column.Array,
        "--vocabulary is for rows of token numbers in one array a row, but --%s has columns; give an array file (.npz)",
        rows.name());
    Column.Array tokens = (Column.Array) inputs.get(0);
    int steps = tokens.shape().size();
    float[] values = tokens.values();
    float greatest = 0;
    int at = -1;
    for (int i = 0; i < values.length; i++) {
      requireToken(values[i], rows, i, steps);
      if (values[i] > greatest) {
        greatest = values[i];
        at = i;
      }
    }
    check(
        greatest < vocabulary,
        "row %s of --%s holds token %.0f at step %d, but --vocabulary %d has tokens 0 to %d; raise it to %.0f at least",
        at < 0 ? "" : rows.id(at / steps),
        rows.name(),
        greatest,
        Math.floorMod(at, steps) + 1,
        vocabulary,
        vocabulary - 1,
        greatest + 1.0);
  }

  private static void requireToken(float value, Dataset rows, int index, int steps) {
    if (!(value >= 0 && value == Math.rint(value) && value < Integer.MAX_VALUE)) {
      throw new BadInputException(
          "row %s of --%s holds %s at step %d, which is no number of a token; with --vocabulary they are whole, from 0"
              .formatted(rows.id(index / steps), rows.name(), value, index % steps + 1));
    }
  }
}
