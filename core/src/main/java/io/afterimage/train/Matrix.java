package io.afterimage.train;

import io.afterimage.base.BadInputException;
import java.util.Arrays;

/**
 * A table of numbers, one row a record: what encoders give and learners take.
 *
 * @param values row after row
 * @param columns numbers in a row, at least 1
 */
public record Matrix(float[] values, int columns) {
  public Matrix {
    if (columns < 1 || values.length % columns != 0) {
      throw new IllegalArgumentException(
          "%d values do not make rows of %d".formatted(values.length, columns));
    }
  }

  public int rows() {
    return values.length / columns;
  }

  public float at(int row, int column) {
    return values[row * columns + column];
  }

  /** The rows of these indices, in this order; an index may repeat. */
  public Matrix select(int[] indices) {
    float[] chosen = new float[Math.multiplyExact(indices.length, columns)];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(values, indices[i] * columns, chosen, i * columns, columns);
    }
    return new Matrix(chosen, columns);
  }

  /** These columns and the other's, side by side. */
  public Matrix beside(Matrix other) {
    if (other.rows() != rows()) {
      throw new IllegalArgumentException(
          "%d rows cannot stand beside %d".formatted(other.rows(), rows()));
    }
    int width = columns + other.columns;
    float[] both = new float[Math.multiplyExact(rows(), width)];
    for (int row = 0; row < rows(); row++) {
      System.arraycopy(values, row * columns, both, row * width, columns);
      System.arraycopy(
          other.values, row * other.columns, both, row * width + columns, other.columns);
    }
    return new Matrix(both, width);
  }

  /** These rows and then the other's, of the same columns. */
  public Matrix above(Matrix other) {
    if (other.columns != columns) {
      throw new IllegalArgumentException(
          "rows of %d cannot stand above rows of %d".formatted(columns, other.columns));
    }
    float[] both = Arrays.copyOf(values, Math.addExact(values.length, other.values.length));
    System.arraycopy(other.values, 0, both, values.length, other.values.length);
    return new Matrix(both, columns);
  }

  /** Fails with a BadInputException that names the first value that is not finite. */
  void checkFinite() {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new BadInputException(
            "row %d, encoded column %d is %s, but learners need finite values: fill or drop it"
                .formatted(i / columns, i % columns, values[i]));
      }
    }
  }
}
