package io.afterimage.attack.common;

import java.util.Arrays;

/**
 * A full matrix, kept as its lower triangular Cholesky factor: n²/2 numbers, and as many operations
 * for a draw or a rank-one update.
 *
 * <p>Krause, Arbonès, Igel: CMA-ES with Optimal Covariance Update and Storage Complexity, NIPS
 * 2016. No eigendecomposition: the evolution path of the step size is kept in the coordinates
 * before shaping, which turns it but leaves its length alone.
 */
public final class FullCovariance implements Covariance {
  /** Column j of the factor from its diagonal down: element i stands for row j + i. */
  private final double[][] columns;

  private final double[] rest;

  /** The identity. */
  public FullCovariance(int dimensions) {
    columns = new double[dimensions][];
    rest = new double[dimensions];
    for (int j = 0; j < dimensions; j++) {
      columns[j] = new double[dimensions - j];
      columns[j][0] = 1;
    }
  }

  @Override
  public void shape(double[] z, double[] y) {
    Arrays.fill(y, 0);
    for (int j = 0; j < columns.length; j++) {
      double[] column = columns[j];
      for (int i = 0; i < column.length; i++) {
        y[j + i] += column[i] * z[j];
      }
    }
  }

  @Override
  public void adapt(
      double keep, double c1, double[] path, double cmu, double[] weights, double[][] steps) {
    double scale = Math.sqrt(keep);
    for (double[] column : columns) {
      for (int i = 0; i < column.length; i++) {
        column[i] *= scale;
      }
    }
    add(c1, path);
    for (int k = 0; k < weights.length; k++) {
      add(cmu * weights[k], steps[k]);
    }
  }

  @Override
  public double haste() {
    return 1;
  }

  /** The factor of A·Aᵀ + weight·v·vᵀ. */
  private void add(double weight, double[] v) {
    System.arraycopy(v, 0, rest, 0, rest.length);
    double b = 1;
    for (int j = 0; j < columns.length; j++) {
      double[] column = columns[j];
      double pivot = column[0];
      double along = rest[j];
      double grown = Math.sqrt(pivot * pivot + weight / b * along * along);
      double turn = grown * weight * along / (pivot * pivot * b + weight * along * along);
      column[0] = grown;
      for (int i = 1; i < column.length; i++) {
        rest[j + i] -= along / pivot * column[i];
        column[i] = grown / pivot * column[i] + turn * rest[j + i];
      }
      b += weight * along * along / (pivot * pivot);
    }
  }
}
