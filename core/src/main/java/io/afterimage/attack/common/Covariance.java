package io.afterimage.attack.common;

/** The shape of a normal distribution from which an evolution strategy draws, C = A·Aᵀ. */
public interface Covariance {
  /** Writes y = A·z for a standard normal z; z and y are different arrays. */
  void shape(double[] z, double[] y);

  /**
   * C ← keep·C + c1·path·pathᵀ + cmu·Σ weightᵢ·stepᵢ·stepᵢᵀ.
   *
   * @param steps [weights][dimensions], already shaped
   */
  void adapt(double keep, double c1, double[] path, double cmu, double[] weights, double[][] steps);

  /** How much faster than a full matrix it may learn, having fewer parameters. */
  double haste();
}
