package io.afterimage.attack.common;

import static io.afterimage.base.Checks.check;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Natural evolution strategy: estimates the gradient of the expected goodness under a normal
 * distribution of fixed width around the centre, and climbs it with momentum.
 *
 * <p>Wierstra, Schaul, Glasmachers, Sun, Peters, Schmidhuber: Natural Evolution Strategies, JMLR
 * 15, 2014. Points come in pairs centre ± σε (antithetic); goodness is replaced by its rank, equal
 * goodness by the mean of its ranks. As in Ilyas, Engstrom, Athalye, Lin: Black-box Adversarial
 * Attacks with Limited Queries and Information, ICML 2018, a step has a fixed length: each
 * coordinate moves by the rate in root mean square, so the search ends within about that of its
 * goal.
 */
public final class NaturalEvolution implements Search {
  private final double[] centre;
  private final double[] velocity;
  private final double[][] draws;
  private final double sigma;
  private final double rate;
  private final double momentum;
  private final Consumer<double[]> bound;
  private final RandomGenerator random;

  /**
   * A search from a start.
   *
   * @param start copied
   * @param size points a generation, even
   * @param sigma width of the distribution
   * @param rate root mean square of a step, over coordinates
   * @param momentum share of the last direction that is kept, 0 to below 1
   * @param bound brings a centre back into the allowed range
   */
  public NaturalEvolution(
      double[] start,
      int size,
      double sigma,
      double rate,
      double momentum,
      Consumer<double[]> bound,
      RandomGenerator random) {
    check(
        size >= 2 && size % 2 == 0, "the population must be even and at least 2, but is %d", size);
    this.centre = start.clone();
    this.velocity = new double[start.length];
    this.draws = new double[size / 2][start.length];
    this.sigma = sigma;
    this.rate = rate;
    this.momentum = momentum;
    this.bound = bound;
    this.random = random;
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
      double[] draw = draws[pair];
      for (int i = 0; i < centre.length; i++) {
        draw[i] = random.nextGaussian();
        points[2 * pair][i] = centre[i] + sigma * draw[i];
        points[2 * pair + 1][i] = centre[i] - sigma * draw[i];
      }
    }
  }

  @Override
  public void learn(double[] goodness) {
    double[] ranks = ranks(goodness);
    double squares = 0;
    for (int i = 0; i < centre.length; i++) {
      double slope = 0;
      for (int pair = 0; pair < draws.length; pair++) {
        slope += (ranks[2 * pair] - ranks[2 * pair + 1]) * draws[pair][i];
      }
      velocity[i] = momentum * velocity[i] + (1 - momentum) * slope;
      squares += velocity[i] * velocity[i];
    }
    if (squares > 0) {
      double step = rate / Math.sqrt(squares / centre.length);
      Arrays.setAll(centre, i -> centre[i] + step * velocity[i]);
      bound.accept(centre);
    }
  }

  /** 0 for the worst; of equals each the mean. */
  private static double[] ranks(double[] goodness) {
    int[] order =
        IntStream.range(0, goodness.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> goodness[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] ranks = new double[goodness.length];
    for (int from = 0, to; from < order.length; from = to) {
      to = from + 1;
      while (to < order.length && goodness[order[to]] == goodness[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to - 1) / 2.0;
      }
    }
    return ranks;
  }
}
