package io.afterimage.attack.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The functions and the orders of convergence are those by which evolution strategies are known.
 */
class SearchTest {
  private static final Run RUN = Run.of(3);

  private static double sphere(double[] x) {
    return Arrays.stream(x).map(v -> v * v).sum();
  }

  /** Axes of widths from 1 to 1000. */
  private static double ellipsoid(double[] x) {
    return IntStream.range(0, x.length)
        .mapToDouble(i -> Math.pow(1e6, i / (x.length - 1.0)) * x[i] * x[i])
        .sum();
  }

  private static double rosenbrock(double[] x) {
    return IntStream.range(0, x.length - 1)
        .mapToDouble(i -> 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]))
        .sum();
  }

  private static double square(double x) {
    return x * x;
  }

  /** The ellipsoid, turned by the orthonormal cosine transform, so that no axis is special. */
  private static double turned(double[] x) {
    int n = x.length;
    double[] y = new double[n];
    for (int k = 0; k < n; k++) {
      for (int i = 0; i < n; i++) {
        y[k] += x[i] * Math.cos(Math.PI * (2 * i + 1) * k / (2.0 * n));
      }
      y[k] *= Math.sqrt((k == 0 ? 1.0 : 2.0) / n);
    }
    return ellipsoid(y);
  }

  /**
   * Evaluations until the cost at a point asked falls below the goal; the limit if it never does.
   */
  private static int evaluations(
      Search search, ToDoubleFunction<double[]> cost, double goal, int limit) {
    double[][] points = new double[search.size()][search.centre().length];
    for (int asked = 0; asked < limit; asked += points.length) {
      search.propose(points);
      double[] goodness = Arrays.stream(points).mapToDouble(x -> -cost.applyAsDouble(x)).toArray();
      search.learn(goodness);
      if (Arrays.stream(goodness).max().orElseThrow() > -goal) {
        return asked + points.length;
      }
    }
    return limit;
  }

  private static Search evolution(Covariance covariance, double[] start, String key) {
    int size = CovarianceAdaptation.usualSize(start.length);
    return new CovarianceAdaptation(
        start, covariance, size, 0.5, Double.POSITIVE_INFINITY, x -> {}, RUN.random(key));
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The worst of five seeds. */
  private static int worst(
      Function<String, Search> search, ToDoubleFunction<double[]> cost, int limit) {
    return IntStream.range(0, 5)
        .map(seed -> evaluations(search.apply("seed " + seed), cost, 1e-9, limit))
        .max()
        .orElseThrow();
  }

  /**
   * Some 1,600 evaluations on the sphere in 10 dimensions, and 7,000 on the ellipsoid, both ways.
   */
  @Test
  void fullCmaConvergesOnEveryConvexQuadraticHoweverItLies() {
    Function<String, Search> full = key -> evolution(new FullCovariance(10), ones(10), key);
    assertThat(worst(full, SearchTest::sphere, 4_000)).isLessThan(4_000);
    int straight = worst(full, SearchTest::ellipsoid, 20_000);
    int turned = worst(full, SearchTest::turned, 20_000);
    assertThat(straight).isLessThan(10_000);
    assertThat(turned).isLessThan(10_000);
  }

  /** In three dimensions the valley has one end; from four on it has a second. */
  @Test
  void fullCmaFollowsACurvedValley() {
    Function<String, Search> full = key -> evolution(new FullCovariance(3), new double[3], key);
    assertThat(worst(full, SearchTest::rosenbrock, 20_000)).isLessThan(5_000);
  }

  @Test
  void separableCmaIsFasterAlongTheAxesAndLostOffThem() {
    Function<String, Search> separable =
        key -> evolution(new DiagonalCovariance(10), ones(10), key);
    Function<String, Search> full = key -> evolution(new FullCovariance(10), ones(10), key);
    assertThat(worst(separable, SearchTest::ellipsoid, 20_000))
        .isLessThan(worst(full, SearchTest::ellipsoid, 20_000));
    assertThat(worst(separable, SearchTest::turned, 20_000)).isEqualTo(20_000);
  }

  /**
   * Without selection the width must neither grow nor shrink. Measured over 40 runs of 100
   * generations its logarithm has a standard error of 0.1; the path's start from zero costs 0.2.
   * Choosing both points of a pair would make it shrink without end.
   */
  @Test
  void randomGoodnessLeavesTheWidthWithoutDrift() {
    double sum = 0;
    int runs = 40;
    for (int seed = 0; seed < runs; seed++) {
      RandomGenerator noise = RUN.random("noise " + seed);
      Search search = evolution(new DiagonalCovariance(20), new double[20], "drift " + seed);
      double[][] points = new double[search.size()][20];
      for (int generation = 0; generation < 100; generation++) {
        search.propose(points);
        search.learn(noise.doubles(points.length).toArray());
      }
      search.propose(points);
      double[] centre = search.centre();
      double[] first = points[0];
      double distance = IntStream.range(0, 20).mapToDouble(i -> square(first[i] - centre[i])).sum();
      double log = Math.log(distance / 20 / 0.25) / 2;
      sum += log;
    }
    double mean = sum / runs;
    assertThat(mean).as("log of the width after 100 generations").isBetween(-0.7, 0.5);
  }

  @Test
  void theCholeskyFactorFollowsTheMatrix() {
    int n = 6;
    RandomGenerator random = RUN.random("matrix");
    FullCovariance covariance = new FullCovariance(n);
    double[][] matrix = new double[n][n];
    IntStream.range(0, n).forEach(i -> matrix[i][i] = 1);
    double[] weights = {0.7, 0.3};
    for (int round = 0; round < 20; round++) {
      double[] path = random.doubles(n, -1, 1).toArray();
      double[][] steps = {random.doubles(n, -1, 1).toArray(), random.doubles(n, -1, 1).toArray()};
      covariance.adapt(0.8, 0.1, path, 0.2, weights, steps);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          matrix[i][j] =
              0.8 * matrix[i][j]
                  + 0.1 * path[i] * path[j]
                  + 0.2 * (0.7 * steps[0][i] * steps[0][j] + 0.3 * steps[1][i] * steps[1][j]);
        }
      }
    }
    double[][] columns = new double[n][n];
    for (int j = 0; j < n; j++) {
      double[] unit = new double[n];
      unit[j] = 1;
      covariance.shape(unit, columns[j]);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double product = 0;
        for (int k = 0; k < n; k++) {
          product += columns[k][i] * columns[k][j];
        }
        assertThat(product).isCloseTo(matrix[i][j], within(1e-12));
      }
    }
  }

  /** Steps have a fixed length, so it ends within about 0.01 a coordinate. */
  @Test
  void naturalEvolutionEndsWithinAStepOfItsGoal() {
    Search search = new NaturalEvolution(ones(30), 20, 0.05, 0.01, 0.5, x -> {}, RUN.random("nes"));
    assertThat(evaluations(search, SearchTest::sphere, 30 * 0.1 * 0.1, 20_000)).isLessThan(20_000);
  }

  @Test
  void equalGoodnessMovesNaturalEvolutionNowhere() {
    Search search = new NaturalEvolution(ones(5), 8, 1, 1, 0.9, x -> {}, RUN.random("flat"));
    search.propose(new double[8][5]);
    search.learn(new double[8]);
    assertThat(search.centre()).containsExactly(ones(5));
  }

  @Test
  void onlyTheOrderOfGoodnessCounts() {
    double[][] centres = new double[2][];
    for (int way = 0; way < 2; way++) {
      Search search = evolution(new FullCovariance(4), ones(4), "order");
      double[][] points = new double[search.size()][4];
      for (int generation = 0; generation < 50; generation++) {
        search.propose(points);
        boolean cubed = way == 1;
        search.learn(
            Arrays.stream(points)
                .mapToDouble(x -> cubed ? -Math.pow(sphere(x), 3) : -sphere(x))
                .toArray());
      }
      centres[way] = search.centre();
    }
    assertThat(centres[1]).containsExactly(centres[0]);
  }

  @Test
  void oddPopulationsAreBadInput() {
    assertThatThrownBy(() -> new NaturalEvolution(ones(2), 3, 1, 1, 0, x -> {}, RUN.random("")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("3");
  }
}
