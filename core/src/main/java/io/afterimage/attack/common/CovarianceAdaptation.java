package io.afterimage.attack.common;

import static io.afterimage.base.Checks.check;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * CMA-ES: draws a generation from a normal distribution, moves its centre to the mean of the best,
 * and adapts its shape to the steps that succeeded and its width to whether successive steps agree.
 *
 * <p>Hansen, Ostermeier: Completely Derandomized Self-Adaptation in Evolution Strategies,
 * Evolutionary Computation 9(2), 2001, with the constants of Hansen: The CMA Evolution Strategy: A
 * Tutorial, 2016. The shape is a {@link Covariance}, diagonal or full. Points come in mirrored
 * pairs of which the better is eligible (Auger, Brockhoff, Hansen: Mirrored Sampling in Evolution
 * Strategies With Weighted Recombination, GECCO 2011): choosing both would pull the width down.
 */
public final class CovarianceAdaptation implements Search {
  private final double[] centre;
  private final Covariance covariance;
  private final Consumer<double[]> bound;
  private final double greatestSigma;
  private final RandomGenerator random;
  private final double[][] draws;
  private final double[][] steps;
  private final double[] weights;
  private final double[] shapePath;
  private final double[] widthPath;
  private final double cSigma;
  private final double damping;
  private final double cPath;
  private final double c1;
  private final double cMu;
  private final double parents;
  private final double expectedLength;
  private double sigma;
  private int generation;

  /**
   * A search from a start.
   *
   * @param start copied
   * @param size points a generation, even, at least 8
   * @param sigma width of the first generation
   * @param greatestSigma what the width may not exceed
   * @param bound brings a centre back into the allowed range
   */
  public CovarianceAdaptation(
      double[] start,
      Covariance covariance,
      int size,
      double sigma,
      double greatestSigma,
      Consumer<double[]> bound,
      RandomGenerator random) {
    check(
        size >= 8 && size % 2 == 0, "the population must be even and at least 8, but is %d", size);
    int n = start.length;
    this.centre = start.clone();
    this.covariance = covariance;
    this.bound = bound;
    this.sigma = sigma;
    this.greatestSigma = greatestSigma;
    this.random = random;
    this.draws = new double[size / 2][n];
    this.steps = new double[size / 2][n];
    this.weights = weights(size / 2);
    this.shapePath = new double[n];
    this.widthPath = new double[n];
    parents = 1 / Arrays.stream(weights).map(w -> w * w).sum();
    cSigma = (parents + 2) / (n + parents + 5);
    damping = 1 + 2 * Math.max(0, Math.sqrt((parents - 1) / (n + 1)) - 1) + cSigma;
    cPath = (4 + parents / n) / (n + 4 + 2 * parents / n);
    c1 = Math.min(0.5, covariance.haste() * 2 / ((n + 1.3) * (n + 1.3) + parents));
    cMu =
        Math.min(
            0.9 - c1,
            covariance.haste()
                * 2
                * (parents - 1.75 + 1 / parents)
                / ((n + 2) * (n + 2) + parents));
    expectedLength = Math.sqrt(n) * (1 - 1 / (4.0 * n) + 1 / (21.0 * n * n));
  }

  /** The usual size for so many dimensions, 4 + 3 ln n, made even. */
  public static int usualSize(int dimensions) {
    int usual = 4 + (int) (3 * Math.log(dimensions));
    return Math.max(8, usual + usual % 2);
  }

  @Override
  public int size() {
    return 2 * draws.length;
  }

  @Override
  public double[] centre() {
    return centre;
  }

  @Override
  public void propose(double[][] points) {
    for (int pair = 0; pair < draws.length; pair++) {
      Arrays.setAll(draws[pair], i -> random.nextGaussian());
      covariance.shape(draws[pair], steps[pair]);
      for (int i = 0; i < centre.length; i++) {
        points[2 * pair][i] = centre[i] + sigma * steps[pair][i];
        points[2 * pair + 1][i] = centre[i] - sigma * steps[pair][i];
      }
    }
  }

  @Override
  public void learn(double[] goodness) {
    generation++;
    int[] best = best(goodness);
    double[] step = mean(best, goodness, steps);
    double[] draw = mean(best, goodness, draws);
    for (int i = 0; i < centre.length; i++) {
      centre[i] += sigma * step[i];
    }
    bound.accept(centre);
    follow(widthPath, cSigma, draw);
    double length = length(widthPath);
    boolean steady = isSteady(length);
    follow(shapePath, cPath, steady ? step : new double[step.length]);
    double lost = steady ? 0 : c1 * cPath * (2 - cPath);
    double[][] chosen = Arrays.stream(best).mapToObj(pair -> steps[pair]).toArray(double[][]::new);
    covariance.adapt(1 - c1 - cMu + lost, c1, shapePath, cMu, weights, chosen);
    double growth = Math.exp(Math.min(1, cSigma / damping * (length / expectedLength - 1)));
    sigma = Math.min(greatestSigma, sigma * growth);
  }

  /** Whether the width is not growing so fast that the path would exaggerate the shape. */
  private boolean isSteady(double length) {
    double settled = Math.sqrt(1 - Math.pow(1 - cSigma, 2.0 * generation));
    return length / settled < (1.4 + 2 / (centre.length + 1.0)) * expectedLength;
  }

  /** The pairs whose better point is among the best, best first. */
  private int[] best(double[] goodness) {
    return IntStream.range(0, draws.length)
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                pair -> -Math.max(goodness[2 * pair], goodness[2 * pair + 1])))
        .mapToInt(pair -> pair)
        .limit(weights.length)
        .toArray();
  }

  /** The weighted mean of the pairs' vectors, turned towards the better point of each. */
  private double[] mean(int[] pairs, double[] goodness, double[][] vectors) {
    double[] mean = new double[centre.length];
    for (int k = 0; k < pairs.length; k++) {
      boolean mirrored = goodness[2 * pairs[k] + 1] > goodness[2 * pairs[k]];
      double weight = mirrored ? -weights[k] : weights[k];
      double[] vector = vectors[pairs[k]];
      for (int i = 0; i < mean.length; i++) {
        mean[i] += weight * vector[i];
      }
    }
    return mean;
  }

  private void follow(double[] path, double rate, double[] step) {
    double gain = Math.sqrt(rate * (2 - rate) * parents);
    for (int i = 0; i < path.length; i++) {
      path[i] = (1 - rate) * path[i] + gain * step[i];
    }
  }

  private static double length(double[] vector) {
    return Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
  }

  /** Logarithmic, for the better half of the pairs; they add up to 1. */
  private static double[] weights(int pairs) {
    double[] weights =
        IntStream.range(0, pairs / 2)
            .mapToDouble(i -> Math.log(pairs / 2.0 + 0.5) - Math.log(i + 1))
            .toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }
}
