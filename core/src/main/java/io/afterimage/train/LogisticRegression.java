package io.afterimage.train;

import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.Run;
import java.util.Arrays;

/**
 * Multinomial logistic regression, fitted in double precision: the least of mean cross-entropy +
 * ridge / (2 rows) * |weights|². The bias goes unpunished. Columns are divided by their deviation
 * first, so that the ridge means the same in any unit.
 *
 * @param weights class after class, each the weights of the columns and then the bias
 */
public record LogisticRegression(double[] weights, int classes, int columns) implements Classifier {
  private static final double CONVERGED = 1e-6;
  private static final int ITERATIONS = 1000;

  /** Fits the regression to convergence. */
  public static LogisticRegression fit(
      Matrix table, int[] labels, int classes, double ridge, Run run) {
    return fit(table, labels, classes, ridge, CONVERGED, run);
  }

  /**
   * Fits the regression.
   *
   * @param labels the class of each row, 0 to {@code classes - 1}
   * @param ridge strength of the penalty, from 0; 1 is usual. At 0 a separable table has no minimum
   *     and the fit ends after 1,000 iterations
   * @param tolerance the fit ends where no slope of the loss along a scaled weight is steeper
   */
  public static LogisticRegression fit(
      Matrix table, int[] labels, int classes, double ridge, double tolerance, Run run) {
    atLeast("ridge", ridge, 0);
    inRange("tolerance", tolerance, 0, 1);
    check(table.rows() > 0, "logistic regression needs rows to fit, but there are none");
    table.checkFinite();
    double[] scales = scales(table);
    SparseRows rows = SparseRows.of(table, scales);
    double[] start = new double[classes * (table.columns() + 1)];
    Lbfgs.Function loss = (x, gradient) -> loss(rows, labels, classes, ridge, x, gradient);
    double[] weights = Lbfgs.minimise(loss, start, tolerance, ITERATIONS, run);
    for (int i = 0; i < weights.length; i++) {
      int column = i % (table.columns() + 1);
      weights[i] *= column < table.columns() ? scales[column] : 1;
    }
    return new LogisticRegression(weights, classes, table.columns());
  }

  @Override
  public double[] probabilities(Matrix table, int row) {
    double[] scores = new double[classes];
    for (int c = 0; c < classes; c++) {
      int at = c * (columns + 1);
      double sum = weights[at + columns];
      for (int column = 0; column < columns; column++) {
        sum += weights[at + column] * table.at(row, column);
      }
      scores[c] = sum;
    }
    softmax(scores);
    return scores;
  }

  private static double loss(
      SparseRows rows, int[] labels, int classes, double ridge, double[] x, double[] gradient) {
    int stride = rows.columns() + 1;
    double share = 1.0 / rows.count();
    double penalty = 0;
    for (int i = 0; i < x.length; i++) {
      boolean bias = i % stride == stride - 1;
      gradient[i] = bias ? 0 : ridge * share * x[i];
      penalty += 0.5 * x[i] * gradient[i];
    }
    double[] p = new double[classes];
    double sum = 0;
    for (int row = 0; row < rows.count(); row++) {
      for (int c = 0; c < classes; c++) {
        p[c] = rows.dot(row, x, c * stride) + x[c * stride + stride - 1];
      }
      double score = p[labels[row]];
      sum += softmax(p) - score;
      for (int c = 0; c < classes; c++) {
        double error = share * (p[c] - (c == labels[row] ? 1 : 0));
        rows.addTo(row, error, gradient, c * stride);
        gradient[c * stride + stride - 1] += error;
      }
    }
    return share * sum + penalty;
  }

  /** Turns scores into probabilities, and returns the logarithm of the sum of exponentials. */
  private static double softmax(double[] scores) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (double score : scores) { // no stream: this runs once a row and step
      greatest = Math.max(greatest, score);
    }
    double sum = 0;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = Math.exp(scores[c] - greatest);
      sum += scores[c];
    }
    for (int c = 0; c < scores.length; c++) {
      scores[c] /= sum;
    }
    return greatest + Math.log(sum);
  }

  /** One over each column's deviation; 1 for a constant column. */
  private static double[] scales(Matrix table) {
    double[] mean = new double[table.columns()];
    double[] squares = new double[table.columns()];
    for (int row = 0; row < table.rows(); row++) {
      for (int column = 0; column < mean.length; column++) {
        double before = table.at(row, column) - mean[column];
        mean[column] += before / (row + 1);
        squares[column] += before * (table.at(row, column) - mean[column]);
      }
    }
    int rows = table.rows();
    return Arrays.stream(squares).map(s -> s > 0 ? Math.sqrt(rows / s) : 1).toArray();
  }
}
