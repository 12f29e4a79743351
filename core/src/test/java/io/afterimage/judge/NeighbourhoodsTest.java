package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NeighbourhoodsTest {
  private static final double EXACT = 1e-12;

  /** The package prdc with nearest_k=5: bench/peers/picture_metrics.py. */
  @Test
  void agreesWithPrdc() {
    double[][] rebuilt = PeersNumbers.rows(6, 30, 3);
    for (double[] row : rebuilt) {
      Arrays.setAll(row, i -> row[i] + .3);
    }
    Neighbourhoods found = Neighbourhoods.of(PeersNumbers.rows(5, 24, 3), rebuilt);
    assertThat(mean(found.precision())).isCloseTo(0.9, within(EXACT));
    assertThat(mean(found.recall())).isCloseTo(0.5833333333333334, within(EXACT));
    assertThat(mean(found.density())).isCloseTo(0.68, within(EXACT));
    assertThat(mean(found.coverage())).isCloseTo(0.5833333333333334, within(EXACT));
  }

  /**
   * Naeem et al. 2020: of one distribution density is 1 and coverage 1 - (1/2)^k on average. Over
   * 40 pairs of 200 rows the means stray by some 0.007 and 0.003.
   */
  @Test
  void ofOneDistributionDensityIsOneAndCoverageAlmost() {
    Random random = new Random(5);
    double density = 0;
    double coverage = 0;
    for (int i = 0; i < 40; i++) {
      Neighbourhoods found = Neighbourhoods.of(normal(random), normal(random));
      density += mean(found.density()) / 40;
      coverage += mean(found.coverage()) / 40;
    }
    assertThat(density).isCloseTo(1, within(.04));
    assertThat(coverage).isCloseTo(1 - Math.pow(.5, 5), within(.015));
  }

  @Test
  void oneRowRebuiltAgainAndAgainIsPreciseAndCoversNextToNothing() {
    double[][] real = PeersNumbers.rows(8, 100, 2);
    double[][] same = new double[100][];
    Arrays.fill(same, new double[] {real[50][0] + 1e-6, real[50][1]});
    Neighbourhoods found = Neighbourhoods.of(real, same);
    assertThat(mean(found.precision())).isEqualTo(1);
    assertThat(mean(found.coverage())).isLessThan(.15);
    assertThat(mean(found.recall())).isZero();
  }

  @Test
  void rowsFarFromAllOthersAreNeitherPreciseNorCovering() {
    double[][] far = PeersNumbers.rows(9, 40, 2);
    Arrays.stream(far).forEach(row -> row[0] += 10);
    Neighbourhoods found = Neighbourhoods.of(PeersNumbers.rows(8, 40, 2), far);
    for (double[] answer :
        new double[][] {found.precision(), found.recall(), found.density(), found.coverage()}) {
      assertThat(answer).hasSize(40).containsOnly(0);
    }
  }

  private static double[][] normal(Random random) {
    double[][] rows = new double[200][3];
    for (double[] row : rows) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return rows;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
