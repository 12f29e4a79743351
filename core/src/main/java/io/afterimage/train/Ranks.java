package io.afterimage.train;

import java.util.Arrays;

/**
 * A table with each value replaced by its rank among the distinct values of its column: trees see
 * only the order.
 *
 * @param codes column after column: {@code codes[column][row]} indexes {@code distinct[column]}
 * @param distinct the distinct values of each column, ascending
 */
record Ranks(int[][] codes, float[][] distinct) {

  static Ranks of(Matrix table) {
    int[][] codes = new int[table.columns()][];
    float[][] distinct = new float[table.columns()][];
    for (int column = 0; column < codes.length; column++) {
      float[] values = values(table, column);
      float[] different = distinct(values);
      int[] ranks = new int[values.length];
      Arrays.setAll(ranks, row -> Arrays.binarySearch(different, values[row]));
      codes[column] = ranks;
      distinct[column] = different;
    }
    return new Ranks(codes, distinct);
  }

  int columns() {
    return codes.length;
  }

  /**
   * A float that separates two neighbours among the distinct values: at least the lower one and
   * less than the upper one, in the middle where floats lie between them.
   */
  float between(int column, int lower, int upper) {
    double low = distinct[column][lower];
    double high = distinct[column][upper];
    float middle = (float) (low + (high - low) / 2);
    return middle < high ? middle : (float) low;
  }

  /** A column's values, negative zero as zero: they compare as equal. */
  private static float[] values(Matrix table, int column) {
    float[] values = new float[table.rows()];
    for (int row = 0; row < values.length; row++) {
      values[row] = table.at(row, column) + 0f;
    }
    return values;
  }

  private static float[] distinct(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[count++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, count);
  }
}
