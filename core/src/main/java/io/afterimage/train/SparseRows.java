package io.afterimage.train;

/**
 * The rows of a table without their zeros, of which indicators of categories are full.
 *
 * @param starts where each row begins in the two other arrays; one more than there are rows
 */
record SparseRows(int[] starts, int[] places, double[] values, int columns) {

  /** The rows with each column multiplied by its scale. */
  static SparseRows of(Matrix table, double[] scales) {
    int filled = 0;
    for (float value : table.values()) {
      filled += value != 0 ? 1 : 0;
    }
    int[] starts = new int[table.rows() + 1];
    int[] places = new int[filled];
    double[] values = new double[filled];
    int at = 0;
    for (int row = 0; row < table.rows(); row++) {
      for (int column = 0; column < table.columns(); column++) {
        if (table.at(row, column) != 0) {
          places[at] = column;
          values[at++] = table.at(row, column) * scales[column];
        }
      }
      starts[row + 1] = at;
    }
    return new SparseRows(starts, places, values, table.columns());
  }

  int count() {
    return starts.length - 1;
  }

  /** The product of a row and the weights that begin at {@code from}. */
  double dot(int row, double[] weights, int from) {
    double sum = 0;
    for (int i = starts[row]; i < starts[row + 1]; i++) {
      sum += values[i] * weights[from + places[i]];
    }
    return sum;
  }

  /** Adds a multiple of a row to the numbers that begin at {@code from}. */
  void addTo(int row, double factor, double[] sums, int from) {
    for (int i = starts[row]; i < starts[row + 1]; i++) {
      sums[from + places[i]] += factor * values[i];
    }
  }
}
