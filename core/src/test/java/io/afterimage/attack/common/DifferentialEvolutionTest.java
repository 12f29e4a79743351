package io.afterimage.attack.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DifferentialEvolutionTest {
  private static final Run RUN = Run.of(3);
  private static final int SIZE = 30;
  private static final int LENGTH = 6;
  private static final double WEIGHT = 0.6;
  private static final double CROSSOVER = 0.8;

  private static double[][] first() {
    RandomGenerator random = RUN.random("first");
    double[][] first = new double[SIZE][LENGTH];
    for (double[] vector : first) {
      Arrays.setAll(vector, i -> random.nextGaussian());
    }
    return first;
  }

  private static DifferentialEvolution search(Consumer<double[]> bound) {
    return new DifferentialEvolution(first(), WEIGHT, CROSSOVER, bound, RUN.random("rivals"));
  }

  /** Minus a squared distance from 1 everywhere whose axes are of widths from 1 to 10. */
  private static double goodness(double[] point) {
    return -IntStream.range(0, point.length)
        .mapToDouble(i -> Math.pow(10, 2.0 * i / (LENGTH - 1)) * (point[i] - 1) * (point[i] - 1))
        .sum();
  }

  private static void evolve(
      DifferentialEvolution search, int generations, ToDoubleFunction<double[]> goodness) {
    double[][] points = new double[SIZE][LENGTH];
    for (int generation = 0; generation < generations; generation++) {
      search.propose(points);
      search.learn(Arrays.stream(points).mapToDouble(goodness).toArray());
    }
  }

  /** As Storn and Price write it down, with a list of who may still be drawn. */
  private static final class Plain {
    private final RandomGenerator random = RUN.random("rivals");
    private double[][] members = first();

    void generation() {
      double[][] next = new double[SIZE][];
      for (int i = 0; i < SIZE; i++) {
        double[] rival = rival(i);
        next[i] = goodness(rival) >= goodness(members[i]) ? rival : members[i];
      }
      members = next;
    }

    private double[] rival(int member) {
      List<Integer> drawn = new ArrayList<>(List.of(member));
      while (drawn.size() < 4) {
        int other = random.nextInt(SIZE);
        if (!drawn.contains(other)) {
          drawn.add(other);
        }
      }
      int always = random.nextInt(LENGTH);
      double[] rival = new double[LENGTH];
      for (int j = 0; j < LENGTH; j++) {
        double mutant =
            members[drawn.get(1)][j]
                + WEIGHT * (members[drawn.get(2)][j] - members[drawn.get(3)][j]);
        rival[j] = random.nextDouble() < CROSSOVER || j == always ? mutant : members[member][j];
      }
      return rival;
    }

    double[] best() {
      return Arrays.stream(members)
          .max((a, b) -> Double.compare(goodness(a), goodness(b)))
          .orElseThrow();
    }
  }

  @Test
  void itGoesAsTheAlgorithmWrittenPlainly() {
    DifferentialEvolution search = search(x -> {});
    Plain plain = new Plain();
    evolve(search, 1, DifferentialEvolutionTest::goodness);
    for (int generation = 0; generation < 40; generation++) {
      assertThat(search.centre()).containsExactly(plain.best());
      evolve(search, 1, DifferentialEvolutionTest::goodness);
      plain.generation();
    }
  }

  @Test
  void itConvergesAndTheBestIsNeverLost() {
    double best = Double.NEGATIVE_INFINITY;
    DifferentialEvolution search = search(x -> {});
    for (int round = 0; round < 15; round++) {
      evolve(search, 20, DifferentialEvolutionTest::goodness);
      assertThat(goodness(search.centre())).isGreaterThanOrEqualTo(best);
      best = goodness(search.centre());
    }
    assertThat(best).isGreaterThan(-1e-9);
  }

  @Test
  void goodnessCountsByRankAlone() {
    DoubleUnaryOperator bend = g -> Math.cbrt(g) - 7;
    DifferentialEvolution plain = search(x -> {});
    DifferentialEvolution bent = search(x -> {});
    evolve(plain, 20, DifferentialEvolutionTest::goodness);
    evolve(bent, 20, point -> bend.applyAsDouble(goodness(point)));
    assertThat(bent.centre()).containsExactly(plain.centre());
  }

  /** Rounded answers tell nobody apart at first, but the generation does not stand still. */
  @Test
  void anEqualChallengerTakesAMembersPlaceAndAWorseOneDoesNot() {
    DifferentialEvolution search = search(x -> {});
    evolve(search, 1, point -> 0);
    double[][] equals = new double[SIZE][LENGTH];
    search.propose(equals);
    search.learn(new double[SIZE]);
    assertThat(search.centre()).containsExactly(equals[0]).isNotEqualTo(first()[0]);
    evolve(search, 1, point -> -1);
    assertThat(search.centre()).containsExactly(equals[0]);
  }

  @Test
  void challengersStayInBounds() {
    Consumer<double[]> bound = x -> Arrays.setAll(x, i -> Math.max(-0.5, Math.min(0.5, x[i])));
    DifferentialEvolution search = search(bound);
    evolve(search, 5, DifferentialEvolutionTest::goodness);
    double[][] points = new double[SIZE][LENGTH];
    search.propose(points);
    for (double[] point : points) {
      assertThat(Arrays.stream(point).map(Math::abs).max().orElseThrow()).isLessThanOrEqualTo(0.5);
    }
  }

  @Test
  void whatCannotEvolveIsRefused() {
    assertThatThrownBy(
            () -> new DifferentialEvolution(new double[3][2], 1, 1, x -> {}, RUN.random("any")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("a generation must be of 4 at least, but is of 3");
    assertThatThrownBy(
            () -> new DifferentialEvolution(new double[4][2], 0, 1, x -> {}, RUN.random("any")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the weight of differences");
    assertThatThrownBy(
            () -> new DifferentialEvolution(new double[4][2], 1, 1.1, x -> {}, RUN.random("any")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the chance of crossover");
  }
}
