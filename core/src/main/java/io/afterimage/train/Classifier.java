package io.afterimage.train;

/** What tells classes apart by the rows of a table. */
public interface Classifier {
  int classes();

  /** The probability of each class for one row of the table; they sum to 1. */
  double[] probabilities(Matrix table, int row);

  /** The most probable class of one row, the first of equals. */
  default int guess(Matrix table, int row) {
    double[] p = probabilities(table, row);
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      if (p[c] > p[best]) {
        best = c;
      }
    }
    return best;
  }
}
