package io.afterimage.judge;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The squared Fréchet distance between the Gaussians that are fitted to two sets of rows (Dowson,
 * Landau, Journal of Multivariate Analysis 1982; Heusel et al., NeurIPS 2017): |m - m'|² + tr(C) +
 * tr(C') - 2 tr((C C')^1/2), with covariances divided by n - 1.
 *
 * <p>The last trace is taken of (C^1/2 C' C^1/2)^1/2, which has the same eigenvalues and is
 * symmetric: so it stays real where a feature never varies.
 */
final class FrechetDistance {
  /**
   * Rows that each set needs for each feature. Two samples of one Gaussian of d features lie about
   * (d + 5) / (4n) + (d + 5) / (4n') of its variance apart, so at ten a twentieth.
   */
  static final int ROWS_A_FEATURE = 10;

  private FrechetDistance() {}

  /**
   * The distances, each 0 or more, where classes count as often as they were drawn: DOUBLE [draws].
   *
   * @param drawn how often each class was: DOUBLE [draws, classes]; more than one row in each draw
   */
  static Tensor between(Moments a, Moments b, Tensor drawn) {
    Gaussians one = Gaussians.of(a, drawn);
    Gaussians other = Gaussians.of(b, drawn);
    Tensor root = Maths.squareRoot(one.covariance);
    Tensor product = root.matmul(other.covariance).matmul(root);
    Tensor common = Maths.symmetricEigenvalues(product).relu().sqrt().sum(false, 1);
    Tensor apart = one.mean.sub(other.mean).square().sum(false, 1);
    return apart.add(one.variance).add(other.variance).sub(common.mul(2)).relu();
  }

  /**
   * Sums over the rows of each class, from which every draw of classes is fitted at once.
   *
   * @param counts rows: [classes, 1]
   * @param sums of the rows: [classes, features]
   * @param products of the rows with themselves: [classes, features²]
   */
  record Moments(Tensor counts, Tensor sums, Tensor products) {
    /**
     * Of classes of one row at least.
     *
     * @param rows class, row, feature
     * @param centre subtracted from every row, so that little is lost where rows lie far from 0
     */
    static Moments of(double[][][] rows, double[] centre) {
      List<Tensor> sums = new ArrayList<>();
      List<Tensor> products = new ArrayList<>();
      int features = centre.length;
      for (double[][] some : rows) {
        double[] joined = Arrays.stream(some).flatMapToDouble(Arrays::stream).toArray();
        Tensor x = Tensors.of(joined, some.length, features).sub(Tensors.of(centre, features));
        sums.add(x.sum(true, 0));
        products.add(x.t().matmul(x).reshape(1, (long) features * features));
      }
      double[] counts = Arrays.stream(rows).mapToDouble(some -> some.length).toArray();
      return new Moments(
          Tensors.of(counts, counts.length, 1), Indexing.cat(sums, 0), Indexing.cat(products, 0));
    }
  }

  /**
   * A Gaussian for each draw.
   *
   * @param mean [draws, features]
   * @param covariance [draws, features, features]
   * @param variance its trace: [draws]
   */
  private record Gaussians(Tensor mean, Tensor covariance, Tensor variance) {
    static Gaussians of(Moments classes, Tensor drawn) {
      Tensor n = drawn.matmul(classes.counts);
      Tensor mean = drawn.matmul(classes.sums).div(n);
      Tensor squares = mean.unsqueeze(2).mul(mean.unsqueeze(1)).mul(n.unsqueeze(2));
      long features = mean.size(1);
      Tensor covariance =
          drawn
              .matmul(classes.products)
              .reshape(-1, features, features)
              .sub(squares)
              .div(n.sub(1).unsqueeze(2));
      return new Gaussians(
          mean, covariance, covariance.mul(identity((int) features)).sum(false, 1, 2));
    }

    private static Tensor identity(int size) {
      double[] cells = new double[size * size];
      for (int i = 0; i < size; i++) {
        cells[i * size + i] = 1;
      }
      return Tensors.of(cells, size, size);
    }
  }
}
