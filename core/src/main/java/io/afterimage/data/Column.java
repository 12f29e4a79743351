package io.afterimage.data;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One named column of a dataset. Immutable; {@link #select} copies the chosen rows. */
public sealed interface Column {
  String name();

  int rows();

  /** The cell as text: a whole number without a point; null where the value is missing. */
  @Nullable String text(int row);

  /** The rows of these indices, in this order; an index may repeat. */
  Column select(int[] indices);

  /** Numbers; NaN where the value is missing. */
  record Numeric(String name, double[] values) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    public double get(int row) {
      return values[row];
    }

    @Override
    public @Nullable String text(int row) {
      double value = values[row];
      if (Double.isNaN(value)) {
        return null;
      }
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? Long.toString((long) value)
          : Double.toString(value);
    }

    @Override
    public Numeric select(int[] indices) {
      return new Numeric(name, Arrays.stream(indices).mapToDouble(i -> values[i]).toArray());
    }
  }

  /**
   * Texts, each once in a dictionary that all roles of an audit share.
   *
   * @param codes index into the dictionary, -1 where the value is missing
   * @param dictionary the distinct texts, byte for byte as they stand in the file
   */
  record Categorical(String name, int[] codes, List<String> dictionary) implements Column {
    public Categorical {
      dictionary = List.copyOf(dictionary);
    }

    @Override
    public int rows() {
      return codes.length;
    }

    public int code(int row) {
      return codes[row];
    }

    @Override
    public @Nullable String text(int row) {
      return codes[row] < 0 ? null : dictionary.get(codes[row]);
    }

    @Override
    public Categorical select(int[] indices) {
      return new Categorical(name, Arrays.stream(indices).map(i -> codes[i]).toArray(), dictionary);
    }
  }

  /**
   * One array of the same shape for each row: a picture, or all columns of an array file.
   *
   * @param values row after row, each row in C order
   * @param shape of one row, without the batch dimension
   */
  record Array(String name, float[] values, Shape shape) implements Column {
    @Override
    public int rows() {
      return values.length / shape.size();
    }

    @Override
    public String text(int row) {
      return Arrays.toString(row(row));
    }

    /** A copy of one row, in C order. */
    public float[] row(int row) {
      return Arrays.copyOfRange(values, row * shape.size(), (row + 1) * shape.size());
    }

    @Override
    public Array select(int[] indices) {
      int size = shape.size();
      float[] chosen = new float[indices.length * size];
      for (int i = 0; i < indices.length; i++) {
        System.arraycopy(values, indices[i] * size, chosen, i * size, size);
      }
      return new Array(name, chosen, shape);
    }
  }
}
