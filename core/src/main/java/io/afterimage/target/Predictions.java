package io.afterimage.target;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * A target's answers to a batch of rows. A binary model with one output column is given two
 * columns, so that every classifier has one column a class, in the order of {@link
 * TargetInfo#classes}.
 *
 * @param values row after row
 * @param columns numbers a row: classes, or 1 for a regressor
 * @param meaning what the numbers are
 */
public record Predictions(double[] values, int columns, Meaning meaning) {

  public int rows() {
    return values.length / columns;
  }

  public double get(int row, int column) {
    return values[row * columns + column];
  }

  /** A copy of one row. */
  public double[] row(int row) {
    return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
  }

  /** The column of the greatest number; the first of equals. */
  public int label(int row) {
    int best = 0;
    for (int column = 1; column < columns; column++) {
      if (get(row, column) > get(row, best)) {
        best = column;
      }
    }
    return best;
  }

  /** The same answers with every number changed, row after row. */
  public Predictions map(DoubleUnaryOperator change) {
    return new Predictions(Arrays.stream(values).map(change).toArray(), columns, meaning);
  }

  /**
   * The same answers as probabilities: softmax of logits, exponential of logarithms, else as they
   * are.
   */
  public Predictions probabilities() {
    return switch (meaning) {
      case PROBABILITIES, LABEL, VALUE -> this;
      case LOGITS, LOG_PROBABILITIES -> softmax();
    };
  }

  private Predictions softmax() {
    double[] result = new double[values.length];
    for (int row = 0; row < rows(); row++) {
      double greatest = get(row, label(row));
      double sum = 0;
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        result[i] = Math.exp(values[i] - greatest);
        sum += result[i];
      }
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        result[i] /= sum;
      }
    }
    return new Predictions(result, columns, Meaning.PROBABILITIES);
  }
}
