package io.afterimage.attack.common;

import java.util.Arrays;

/**
 * A width for each coordinate: n numbers, n operations a draw. Ros, Hansen: A Simple Modification
 * in CMA-ES Achieving Linear Time and Space Complexity, PPSN 2008.
 */
public final class DiagonalCovariance implements Covariance {
  private final double[] variances;
  private final double[] widths;

  /** Width 1 everywhere. */
  public DiagonalCovariance(int dimensions) {
    variances = new double[dimensions];
    widths = new double[dimensions];
    Arrays.fill(variances, 1);
    Arrays.fill(widths, 1);
  }

  @Override
  public void shape(double[] z, double[] y) {
    for (int i = 0; i < z.length; i++) {
      y[i] = widths[i] * z[i];
    }
  }

  @Override
  public void adapt(
      double keep, double c1, double[] path, double cmu, double[] weights, double[][] steps) {
    for (int i = 0; i < variances.length; i++) {
      double sum = 0;
      for (int k = 0; k < weights.length; k++) {
        sum += weights[k] * steps[k][i] * steps[k][i];
      }
      variances[i] = keep * variances[i] + c1 * path[i] * path[i] + cmu * sum;
      widths[i] = Math.sqrt(variances[i]);
    }
  }

  @Override
  public double haste() {
    return (variances.length + 2) / 3.0;
  }
}
