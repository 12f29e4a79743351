package io.afterimage.train;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Encoder;
import io.afterimage.graph.OnnxModel;
import java.util.Arrays;
import java.util.Map;

/**
 * A linear regression, fitted in closed form: the normal equations of the centred columns, solved
 * by Cholesky's factorisation in double precision.
 *
 * @param weights one a column
 */
public record LeastSquares(double[] weights, double intercept) {

  /** Enough for columns that add up to a constant, as indicators do; too little to be seen. */
  public static final double DEFAULT_RIDGE = 1e-9;

  /**
   * The least of the sum of squared errors.
   *
   * @param ridge what is added to the diagonal, as a share of its mean, from 0
   * @throws BadInputException where there are fewer than two rows, a value is not finite, or
   *     columns depend on each other and the ridge is too small to choose among them
   */
  public static LeastSquares fit(Matrix table, double[] targets, double ridge) {
    inRange("ridge", ridge, 0, 1e6);
    check(table.rows() > 1, "least squares need two rows at least, but there are %d", table.rows());
    table.checkFinite();
    for (int row = 0; row < targets.length; row++) {
      check(Double.isFinite(targets[row]), "the label of row %d is %s", row, targets[row]);
    }
    double[] means = means(table);
    double mean = Arrays.stream(targets).average().orElseThrow();
    int d = table.columns();
    double[][] products = new double[d][d];
    double[] right = new double[d];
    double[] centred = new double[d];
    for (int row = 0; row < table.rows(); row++) {
      for (int i = 0; i < d; i++) {
        centred[i] = table.at(row, i) - means[i];
      }
      for (int i = 0; i < d; i++) {
        right[i] += centred[i] * (targets[row] - mean);
        for (int j = 0; j <= i; j++) {
          products[i][j] += centred[i] * centred[j];
        }
      }
    }
    strengthen(products, ridge);
    double[] weights = solve(products, right);
    double intercept = mean;
    for (int i = 0; i < d; i++) {
      intercept -= weights[i] * means[i];
    }
    return new LeastSquares(weights, intercept);
  }

  /** The value of one row. */
  public double predict(Matrix table, int row) {
    double sum = intercept;
    for (int column = 0; column < weights.length; column++) {
      sum += weights[column] * table.at(row, column);
    }
    return sum;
  }

  /**
   * A model that takes a table's own columns and answers the value, FLOAT [N, 1].
   *
   * @param encoder that made the rows of the fit
   */
  public OnnxModel model(Encoder encoder) {
    float[] single = new float[weights.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) weights[i];
    }
    // The weights that it starts with are exchanged, so that their seed does not matter.
    return Architectures.linearRegression()
        .over(encoder, Run.of(0))
        .withParameters(
            Map.of("dense0.weight", single, "dense0.bias", new float[] {(float) intercept}));
  }

  private static double[] means(Matrix table) {
    double[] sums = new double[table.columns()];
    for (int row = 0; row < table.rows(); row++) {
      for (int column = 0; column < sums.length; column++) {
        sums[column] += table.at(row, column);
      }
    }
    return Arrays.stream(sums).map(sum -> sum / table.rows()).toArray();
  }

  private static void strengthen(double[][] products, double ridge) {
    double trace = 0;
    for (int i = 0; i < products.length; i++) {
      trace += products[i][i];
    }
    for (int i = 0; i < products.length; i++) {
      products[i][i] += trace > 0 ? ridge * trace / products.length : 1;
    }
  }

  /** Solves a x = b for a symmetric positive definite a, of which the lower half is read. */
  private static double[] solve(double[][] a, double[] b) {
    int d = b.length;
    for (int j = 0; j < d; j++) {
      double pivot = a[j][j] - square(a[j], j);
      if (!(pivot > 1e-14 * a[j][j])) {
        throw new BadInputException(
            "encoded column %d depends on the columns before it; raise ridge".formatted(j));
      }
      a[j][j] = Math.sqrt(pivot);
      for (int i = j + 1; i < d; i++) {
        a[i][j] = (a[i][j] - product(a[i], a[j], j)) / a[j][j];
      }
    }
    double[] x = b.clone();
    for (int i = 0; i < d; i++) {
      x[i] = (x[i] - product(a[i], x, i)) / a[i][i];
    }
    for (int i = d - 1; i >= 0; i--) {
      for (int j = i + 1; j < d; j++) {
        x[i] -= a[j][i] * x[j];
      }
      x[i] /= a[i][i];
    }
    return x;
  }

  private static double square(double[] a, int length) {
    return product(a, a, length);
  }

  private static double product(double[] a, double[] b, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
