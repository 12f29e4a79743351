package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.judge.FrechetDistance.Moments;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class FrechetDistanceTest {
  private static final int ROWS = 60;

  /** SciPy's sqrtm: bench/peers/picture_metrics.py. */
  @Test
  void agreesWithSciPy() {
    assertThat(distance(a(1), b(), once(ROWS))).isCloseTo(0.06839938789074726, within(1e-12));
  }

  @Test
  void aRowCountsAsOftenAsItIsSaidTo() {
    double[] often = IntStream.range(0, ROWS).mapToDouble(i -> i % 3).toArray();
    assertThat(distance(a(1), b(), often)).isCloseTo(0.09198134945624191, within(1e-12));
  }

  @Test
  void severalDrawsAtOnceAreTheDrawsOneByOne() {
    double[][][] a = {rows(a(1), 0, 25), rows(a(1), 25, 60)};
    double[][][] b = {rows(b(), 0, 25), rows(b(), 25, 60)};
    double[] centre = new double[4];
    Tensor drawn = Tensors.of(new double[] {1, 1, 2, 0, 0, 2}, 3, 2);
    double[] distances =
        FrechetDistance.between(Moments.of(a, centre), Moments.of(b, centre), drawn).toDoubles();
    for (int draw = 0; draw < 3; draw++) {
      double[] often = new double[ROWS];
      Arrays.fill(often, 0, 25, new double[] {1, 2, 0}[draw]);
      Arrays.fill(often, 25, 60, new double[] {1, 0, 2}[draw]);
      assertThat(distances[draw]).isCloseTo(distance(a(1), b(), often), within(1e-12));
    }
  }

  private static double[][] rows(double[][] rows, int from, int to) {
    return Arrays.copyOfRange(rows, from, to);
  }

  @Test
  void aFeatureThatNeverVariesIsNoObstacle() {
    assertThat(distance(a(0), b(), once(ROWS))).isCloseTo(0.3382895107515133, within(1e-9));
  }

  @Test
  void isNoughtBetweenASetAndItself() {
    assertThat(distance(a(1), a(1), once(ROWS))).isCloseTo(0, within(1e-12));
  }

  /**
   * What ROWS_A_FEATURE promises. Over 20 pairs of samples the mean strays from 0.05 by some
   * 0.0015; 0.01 is beyond six times that.
   */
  @Test
  void atTenRowsAFeatureTwoSamplesOfOneGaussianLieATwentiethOfItsVarianceApart() {
    int features = 30;
    int rows = FrechetDistance.ROWS_A_FEATURE * features;
    Random random = new Random(4);
    double mean =
        IntStream.range(0, 20)
            .mapToDouble(
                i ->
                    distance(
                        normal(random, rows, features), normal(random, rows, features), once(rows)))
            .average()
            .orElseThrow();
    assertThat(mean / features).isCloseTo((features + 5) / (2.0 * rows), within(.01));
  }

  private static double[][] a(double last) {
    double[][] rows = PeersNumbers.rows(3, ROWS, 4);
    Arrays.stream(rows).forEach(row -> row[3] *= last);
    return rows;
  }

  private static double[][] b() {
    double[][] rows = PeersNumbers.rows(4, ROWS, 4);
    for (double[] row : rows) {
      Arrays.setAll(row, i -> row[i] * row[i] + .1);
    }
    return rows;
  }

  private static double[][] normal(Random random, int rows, int columns) {
    double[][] drawn = new double[rows][columns];
    for (double[] row : drawn) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return drawn;
  }

  /** Each row a class by itself, which counts so often. */
  private static double distance(double[][] a, double[][] b, double[] often) {
    double[] centre = new double[a[0].length];
    Arrays.fill(centre, .5);
    Tensor distance =
        FrechetDistance.between(
            Moments.of(classes(a), centre),
            Moments.of(classes(b), centre),
            Tensors.of(often, 1, often.length));
    return distance.item();
  }

  private static double[][][] classes(double[][] rows) {
    return Arrays.stream(rows).map(row -> new double[][] {row}).toArray(double[][][]::new);
  }

  private static double[] once(int rows) {
    double[] once = new double[rows];
    Arrays.fill(once, 1);
    return once;
  }
}
