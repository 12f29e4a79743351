package io.afterimage.judge;

import java.util.Arrays;

/**
 * How well one set of rows covers another, by the neighbourhoods of rows: balls that reach to their
 * k-th nearest row of the same set, which they do not contain. Distances are Euclidean.
 *
 * <p>Precision and recall: Kynkäänniemi et al., NeurIPS 2019; density and coverage: Naeem et al.,
 * ICML 2020. For two sets of one distribution density is 1 on average.
 *
 * @param precision for each rebuilt row, 1 where a real row's neighbourhood holds it
 * @param density for each rebuilt row, how many real rows' neighbourhoods hold it, divided by k
 * @param recall for each real row, 1 where a rebuilt row's neighbourhood holds it
 * @param coverage for each real row, 1 where its neighbourhood holds a rebuilt row
 */
record Neighbourhoods(double[] precision, double[] density, double[] recall, double[] coverage) {
  /** Neighbours that a neighbourhood reaches to, as in Naeem et al. */
  static final int NEIGHBOURS = 5;

  /** Rows that each set needs, so that a neighbourhood is a quarter of the set at most. */
  static final int FEWEST = 4 * NEIGHBOURS;

  /** Of two sets, each of more than {@value #NEIGHBOURS} rows. */
  static Neighbourhoods of(double[][] real, double[][] rebuilt) {
    double[] realReach = reaches(real);
    double[] rebuiltReach = reaches(rebuilt);
    Neighbourhoods answers =
        new Neighbourhoods(
            new double[rebuilt.length],
            new double[rebuilt.length],
            new double[real.length],
            new double[real.length]);
    for (int i = 0; i < real.length; i++) {
      for (int j = 0; j < rebuilt.length; j++) {
        double apart = apart(real[i], rebuilt[j]);
        if (apart < realReach[i]) {
          answers.precision[j] = 1;
          answers.density[j] += 1.0 / NEIGHBOURS;
          answers.coverage[i] = 1;
        }
        if (apart < rebuiltReach[j]) {
          answers.recall[i] = 1;
        }
      }
    }
    return answers;
  }

  /** The answers about some rows, which both sets have. */
  Neighbourhoods rows(int from, int to) {
    return new Neighbourhoods(
        Arrays.copyOfRange(precision, from, to),
        Arrays.copyOfRange(density, from, to),
        Arrays.copyOfRange(recall, from, to),
        Arrays.copyOfRange(coverage, from, to));
  }

  /** How far, squared, the k-th nearest other row of the same set lies from each. */
  private static double[] reaches(double[][] rows) {
    double[] reaches = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double[] nearest = new double[NEIGHBOURS];
      Arrays.fill(nearest, Double.POSITIVE_INFINITY);
      for (int j = 0; j < rows.length; j++) {
        if (j != i) {
          insert(nearest, apart(rows[i], rows[j]));
        }
      }
      reaches[i] = nearest[NEIGHBOURS - 1];
    }
    return reaches;
  }

  /** Puts a distance among the least, which ascend; the greatest falls out. */
  private static void insert(double[] least, double distance) {
    int place = least.length - 1;
    if (distance >= least[place]) {
      return;
    }
    while (place > 0 && least[place - 1] > distance) {
      least[place] = least[place - 1];
      place--;
    }
    least[place] = distance;
  }

  private static double apart(double[] a, double[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return squares;
  }
}
