package io.afterimage.judge;

import java.util.Arrays;

/**
 * Pairs rows with columns so that the sum of their costs is least and nobody stands in two pairs:
 * the Hungarian method by shortest augmenting paths (Kuhn, Naval Research Logistics 1955; Jonker,
 * Volgenant, Computing 1987), in rows² x columns steps.
 */
final class Assignment {
  private static final int FREE = -1;

  private final double[][] cost;
  private final int columns;
  private final double[] ofRow;
  private final double[] ofColumn;
  private final int[] rowOf;

  private Assignment(double[][] cost) {
    this.cost = cost;
    this.columns = cost[0].length;
    this.ofRow = new double[cost.length];
    this.ofColumn = new double[columns];
    this.rowOf = new int[columns];
    Arrays.fill(rowOf, FREE);
  }

  /**
   * The column of each row; -1 where there are more rows than columns and the row is left over.
   *
   * @param cost of each row with each column, finite; at least one of either
   */
  static int[] of(double[][] cost) {
    return cost.length <= cost[0].length
        ? inverted(rowsOf(cost), cost.length)
        : rowsOf(transposed(cost));
  }

  /** The row of each column; there are at least as many columns. */
  private static int[] rowsOf(double[][] cost) {
    Assignment assignment = new Assignment(cost);
    for (int row = 0; row < cost.length; row++) {
      assignment.place(row);
    }
    return assignment.rowOf;
  }

  /** Finds the cheapest path by which this row and those placed before it all have a column. */
  private void place(int newcomer) {
    double[] shortest = new double[columns];
    Arrays.fill(shortest, Double.POSITIVE_INFINITY);
    int[] before = new int[columns];
    Arrays.fill(before, FREE);
    boolean[] reached = new boolean[columns];
    int row = newcomer;
    int column = FREE;
    double length = 0;
    while (row != FREE) {
      relax(row, column, length, shortest, before, reached);
      column = nearest(shortest, reached);
      reached[column] = true;
      length = shortest[column];
      row = rowOf[column];
    }
    reprice(newcomer, length, shortest, reached);
    augment(newcomer, column, before);
  }

  /** Goes on from this row, which the path reached through the column. */
  private void relax(
      int row, int column, double length, double[] shortest, int[] before, boolean[] reached) {
    for (int next = 0; next < columns; next++) {
      double through = length + cost[row][next] - ofRow[row] - ofColumn[next];
      if (!reached[next] && through < shortest[next]) {
        shortest[next] = through;
        before[next] = column;
      }
    }
  }

  private static int nearest(double[] shortest, boolean[] reached) {
    int nearest = FREE;
    for (int column = 0; column < shortest.length; column++) {
      if (!reached[column] && (nearest == FREE || shortest[column] < shortest[nearest])) {
        nearest = column;
      }
    }
    return nearest;
  }

  /** Moves the prices so that no pair costs less than its prices, and each on the path as much. */
  private void reprice(int newcomer, double length, double[] shortest, boolean[] reached) {
    ofRow[newcomer] += length;
    for (int column = 0; column < columns; column++) {
      if (reached[column] && rowOf[column] != FREE) {
        ofRow[rowOf[column]] += length - shortest[column];
      }
      if (reached[column]) {
        ofColumn[column] -= length - shortest[column];
      }
    }
  }

  /** Hands each column on the path to the row before it. */
  private void augment(int newcomer, int last, int[] before) {
    int column = last;
    while (before[column] != FREE) {
      rowOf[column] = rowOf[before[column]];
      column = before[column];
    }
    rowOf[column] = newcomer;
  }

  private static int[] inverted(int[] rowOf, int rows) {
    int[] columnOf = new int[rows];
    for (int column = 0; column < rowOf.length; column++) {
      if (rowOf[column] != FREE) {
        columnOf[rowOf[column]] = column;
      }
    }
    return columnOf;
  }

  private static double[][] transposed(double[][] cost) {
    double[][] transposed = new double[cost[0].length][cost.length];
    for (int row = 0; row < cost.length; row++) {
      for (int column = 0; column < cost[row].length; column++) {
        transposed[column][row] = cost[row][column];
      }
    }
    return transposed;
  }
}
