package io.afterimage.attack.common;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Differential evolution: every member of a generation is challenged by one made of three others, a
 * + weight * (b - c), that takes some of the member's own numbers; the challenger takes the place
 * of a member that is not better.
 *
 * <p>Storn, Price: Differential Evolution: A Simple and Efficient Heuristic for Global Optimization
 * over Continuous Spaces, Journal of Global Optimization 11, 1997, its form DE/rand/1/bin. Steps
 * are as long as the generation is wide, and so shrink as it comes together. Where goodness is
 * equal the challenger wins, so that the generation keeps moving across what a rounded answer
 * cannot tell apart. What a member was found good for once it keeps: noise in the answers is not
 * corrected.
 *
 * <p>{@link #centre} is the best of all that was asked about; at first the first member.
 */
public final class DifferentialEvolution implements Search {
  private final double[][] members;
  private final double[][] challengers;
  private final double[] goodness;
  private final double weight;
  private final double crossover;
  private final Consumer<double[]> bound;
  private final RandomGenerator random;
  private boolean judged;
  private int best;

  /**
   * A search from a first generation, which is asked about before any challenger.
   *
   * @param first the first generation, copied; at least 4
   * @param weight of the difference of two members, above 0 to 2
   * @param crossover chance that a number is the mutant's, not the member's, 0 to 1; one always is
   * @param bound brings a challenger back to where it may be
   */
  public DifferentialEvolution(
      double[][] first,
      double weight,
      double crossover,
      Consumer<double[]> bound,
      RandomGenerator random) {
    check(first.length >= 4, "a generation must be of 4 at least, but is of %d", first.length);
    above("the weight of differences", weight, 0, 2);
    inRange("the chance of crossover", crossover, 0, 1);
    this.members = Arrays.stream(first).map(double[]::clone).toArray(double[][]::new);
    this.challengers = new double[first.length][];
    this.goodness = new double[first.length];
    this.weight = weight;
    this.crossover = crossover;
    this.bound = bound;
    this.random = random;
  }

  @Override
  public int size() {
    return members.length;
  }

  @Override
  public void propose(double[][] points) {
    for (int i = 0; i < members.length; i++) {
      challengers[i] = judged ? challenger(i) : members[i];
      System.arraycopy(challengers[i], 0, points[i], 0, points[i].length);
    }
  }

  private double[] challenger(int member) {
    int[] others = others(member);
    int own = random.nextInt(members[member].length);
    double[] challenger = members[member].clone();
    for (int j = 0; j < challenger.length; j++) {
      if (random.nextDouble() < crossover || j == own) {
        double difference = members[others[1]][j] - members[others[2]][j];
        challenger[j] = members[others[0]][j] + weight * difference;
      }
    }
    bound.accept(challenger);
    return challenger;
  }

  /** Three different ones besides this member. */
  private int[] others(int member) {
    int[] chosen = new int[3];
    for (int i = 0; i < chosen.length; i++) {
      int next = random.nextInt(members.length);
      while (next == member || contains(chosen, i, next)) {
        next = random.nextInt(members.length);
      }
      chosen[i] = next;
    }
    return chosen;
  }

  private static boolean contains(int[] numbers, int count, int number) {
    for (int i = 0; i < count; i++) {
      if (numbers[i] == number) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void learn(double[] found) {
    for (int i = 0; i < members.length; i++) {
      if (!judged || found[i] >= goodness[i]) {
        members[i] = challengers[i];
        goodness[i] = found[i];
      }
    }
    for (int i = 0; i < members.length; i++) {
      best = goodness[i] > goodness[best] ? i : best;
    }
    judged = true;
  }

  @Override
  public double[] centre() {
    return members[best];
  }
}
