package io.afterimage.assess;

/**
 * How often each value was guessed for each true one, and the figures that follow from it.
 *
 * @param counts true value, then guess; people who were not guessed stand in the last column
 */
record Confusion(double[][] counts) {

  /** An empty table for this many values. */
  static Confusion of(int values) {
    return new Confusion(new double[values][values + 1]);
  }

  void add(int truth, int guess, double times) {
    int values = counts.length;
    counts[truth][guess >= 0 && guess < values ? guess : values] += times;
  }

  /**
   * The mean over values of the F1 score, 2 TP / (2 TP + FP + FN); values that neither occur nor
   * are guessed do not count.
   */
  double macroF1() {
    double sum = 0;
    int seen = 0;
    for (int value = 0; value < counts.length; value++) {
      double either = row(value) + column(value);
      if (either > 0) {
        sum += 2 * counts[value][value] / either;
        seen++;
      }
    }
    return sum / seen;
  }

  /**
   * Matthews' correlation of guesses and truth over several values (Gorodkin, Computational Biology
   * and Chemistry 2004); 0 where all guesses or all truths are alike.
   */
  double mcc() {
    double all = 0;
    double right = 0;
    double expected = 0;
    double truths = 0;
    double guesses = 0;
    for (int value = 0; value < counts.length; value++) {
      all += row(value);
      right += counts[value][value];
      expected += row(value) * column(value);
      truths += row(value) * row(value);
      guesses += column(value) * column(value);
    }
    double unguessed = column(counts.length);
    guesses += unguessed * unguessed;
    double scale = Math.sqrt(all * all - truths) * Math.sqrt(all * all - guesses);
    return scale > 0 ? (right * all - expected) / scale : 0;
  }

  private double row(int truth) {
    double sum = 0;
    for (double count : counts[truth]) {
      sum += count;
    }
    return sum;
  }

  private double column(int guess) {
    double sum = 0;
    for (double[] row : counts) {
      sum += row[guess];
    }
    return sum;
  }
}
