package io.afterimage.attack.common;

import static io.afterimage.base.Checks.check;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A genetic algorithm: the best of a generation live on, and the others are children of two parents
 * each, from whom they have every number by the toss of a coin, some of them changed.
 *
 * <p>Holland: Adaptation in Natural and Artificial Systems, 1975, in the usual form with elites and
 * tournaments of two. {@link #centre} is the best of all that was asked about.
 */
public final class GeneticSearch implements Search {
  private final double[][] generation;
  private final int elites;
  private final double mutated;
  private final double width;
  private final Consumer<double[]> bound;
  private final RandomGenerator random;
  private double[] best;
  private double bestGoodness = Double.NEGATIVE_INFINITY;

  /**
   * A search from a first generation.
   *
   * @param first the first generation, copied; at least 4
   * @param elites how many of the best live on, fewer than a generation
   * @param mutated chance that a number of a child is changed
   * @param width standard deviation of that change
   * @param bound brings a child back to where it may be
   */
  public GeneticSearch(
      double[][] first,
      int elites,
      double mutated,
      double width,
      Consumer<double[]> bound,
      RandomGenerator random) {
    check(first.length >= 4, "a generation must be of 4 at least, but is of %d", first.length);
    check(
        elites >= 1 && elites < first.length,
        "elites must be 1 to %d, but are %d",
        first.length - 1,
        elites);
    this.generation = Arrays.stream(first).map(double[]::clone).toArray(double[][]::new);
    this.elites = elites;
    this.mutated = mutated;
    this.width = width;
    this.bound = bound;
    this.random = random;
    this.best = generation[0].clone();
  }

  @Override
  public int size() {
    return generation.length;
  }

  @Override
  public void propose(double[][] points) {
    for (int i = 0; i < generation.length; i++) {
      System.arraycopy(generation[i], 0, points[i], 0, points[i].length);
    }
  }

  @Override
  public void learn(double[] goodness) {
    int[] order =
        IntStream.range(0, generation.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -goodness[i]))
            .mapToInt(i -> i)
            .toArray();
    if (goodness[order[0]] > bestGoodness) {
      bestGoodness = goodness[order[0]];
      best = generation[order[0]].clone();
    }
    double[][] next = new double[generation.length][];
    for (int i = 0; i < next.length; i++) {
      next[i] = i < elites ? generation[order[i]] : child(order);
    }
    System.arraycopy(next, 0, generation, 0, next.length);
  }

  /** A child of two winners of tournaments; a rank is worth more the lower it is. */
  private double[] child(int[] order) {
    double[] one = generation[order[winner()]];
    double[] other = generation[order[winner()]];
    double[] child = new double[one.length];
    for (int i = 0; i < child.length; i++) {
      double inherited = random.nextBoolean() ? one[i] : other[i];
      boolean changed = random.nextDouble() < mutated;
      child[i] = changed ? inherited + width * random.nextGaussian() : inherited;
    }
    bound.accept(child);
    return child;
  }

  private int winner() {
    return Math.min(random.nextInt(generation.length), random.nextInt(generation.length));
  }

  @Override
  public double[] centre() {
    return best;
  }
}
