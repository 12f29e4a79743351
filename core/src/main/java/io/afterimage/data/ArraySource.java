package io.afterimage.data;

import java.util.List;
import java.util.Optional;

/** A file or folder that holds one array for each row, and perhaps more about the row. */
interface ArraySource {
  /** Whether labels may be missing here alone: public arrays show what arrays look like. */
  static boolean mayLackLabels(String role) {
    return role.equals("population");
  }

  /** Reads all of it. */
  ArrayRows read(ReadOptions options, Storage storage, List<String> notices);

  /**
   * Rows of arrays.
   *
   * @param input what the model is fed
   * @param others what else is known of the rows, as a table with as many rows
   * @param label the column of that table which holds the label, unless the user names another
   */
  record ArrayRows(Column.Array input, Optional<TableSource> others, Optional<String> label) {
    /** Rows with labels and nothing else. */
    static ArrayRows of(Column.Array input, Optional<TableSource> labels) {
      return new ArrayRows(input, labels, labels.map(table -> table.columns().get(0)));
    }
  }
}
