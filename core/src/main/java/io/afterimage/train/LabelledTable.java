package io.afterimage.train;

import java.util.Arrays;
import java.util.List;

/**
 * Rows of numbers with their true answers.
 *
 * @param answers the class of each row, as an index into the classes, or its value
 * @param classes names of the classes; empty where answers are values
 */
public record LabelledTable(Matrix table, double[] answers, List<String> classes) {
  public LabelledTable {
    classes = List.copyOf(classes);
    if (answers.length != table.rows()) {
      throw new IllegalArgumentException(
          "%d answers to %d rows".formatted(answers.length, table.rows()));
    }
  }

  /** Whether answers are values. */
  boolean ofValues() {
    return classes.isEmpty();
  }

  /** The class of each row. */
  int[] labels() {
    return Arrays.stream(answers).mapToInt(answer -> (int) answer).toArray();
  }

  LabelledTable select(int[] rows) {
    return new LabelledTable(
        table.select(rows),
        Arrays.stream(rows).mapToDouble(row -> answers[row]).toArray(),
        classes);
  }

  String sha256() {
    Sha256 sha256 = new Sha256();
    sha256.add(table.columns());
    sha256.add(table.values(), 0, table.values().length);
    Arrays.stream(answers).forEach(answer -> sha256.add(Double.doubleToLongBits(answer)));
    sha256.add(classes.toString());
    return sha256.hex();
  }
}
