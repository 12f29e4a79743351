package io.afterimage.attack.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GeneticSearchTest {
  private static final Run RUN = Run.of(3);
  private static final int SIZE = 20;

  private static GeneticSearch search(double mutated, Consumer<double[]> bound) {
    RandomGenerator random = RUN.random("first");
    double[][] first = new double[SIZE][6];
    for (double[] vector : first) {
      Arrays.setAll(vector, i -> random.nextGaussian());
    }
    return new GeneticSearch(first, 2, mutated, 0.3, bound, RUN.random("children"));
  }

  /** Minus the squared distance from 1 everywhere. */
  private static double goodness(double[] point) {
    return -Arrays.stream(point).map(v -> (v - 1) * (v - 1)).sum();
  }

  private static double after(GeneticSearch search, int generations, DoubleUnaryOperator seen) {
    double[][] points = new double[SIZE][6];
    for (int generation = 0; generation < generations; generation++) {
      search.propose(points);
      search.learn(
          Arrays.stream(points)
              .mapToDouble(point -> seen.applyAsDouble(goodness(point)))
              .toArray());
    }
    return goodness(search.centre());
  }

  @Test
  void generationsGrowBetterAndTheBestIsNeverLost() {
    double best = Double.NEGATIVE_INFINITY;
    for (int generations : new int[] {1, 5, 20, 80}) {
      double now = after(search(0.2, x -> {}), generations, g -> g);
      assertThat(now).isGreaterThanOrEqualTo(best);
      best = now;
    }
    assertThat(best).isGreaterThan(-0.05);
  }

  @Test
  void goodnessCountsByRankAlone() {
    GeneticSearch plain = search(0.2, x -> {});
    GeneticSearch bent = search(0.2, x -> {});
    after(plain, 10, g -> g);
    after(bent, 10, g -> Math.exp(3 * g));
    assertThat(bent.centre()).containsExactly(plain.centre());
  }

  /** Without changes a child has each number from one of the first generation. */
  @Test
  void childrenInheritAndChangedOnesStayInBounds() {
    double[][] first = new double[SIZE][6];
    search(0, x -> {}).propose(first);
    GeneticSearch heirs = search(0, x -> {});
    after(heirs, 5, g -> g);
    double[][] points = new double[SIZE][6];
    heirs.propose(points);
    for (double[] point : points) {
      for (int i = 0; i < point.length; i++) {
        int at = i;
        double number = point[i];
        assertThat(Arrays.stream(first).mapToDouble(vector -> vector[at])).contains(number);
      }
    }
    Consumer<double[]> bound = x -> Arrays.setAll(x, i -> Math.max(-0.5, Math.min(0.5, x[i])));
    GeneticSearch bounded = search(1, bound);
    after(bounded, 3, g -> -g);
    bounded.propose(points);
    for (int i = 2; i < SIZE; i++) { // behind the elites
      assertThat(Arrays.stream(points[i]).map(Math::abs).max().orElseThrow())
          .isLessThanOrEqualTo(0.5);
    }
  }

  @Test
  void aGenerationMustHaveRoomForChildren() {
    assertThatThrownBy(
            () -> new GeneticSearch(new double[4][2], 4, 0, 1, x -> {}, RUN.random("any")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("elites must be 1 to 3, but are 4");
  }
}
