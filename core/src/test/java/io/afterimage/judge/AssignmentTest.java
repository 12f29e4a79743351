package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  /** SciPy's linear_sum_assignment: bench/peers/picture_metrics.py. */
  @Test
  void agreesWithSciPy() {
    assertThat(Assignment.of(PeersNumbers.rows(7, 6, 9))).containsExactly(8, 5, 2, 6, 1, 4);
    assertThat(Assignment.of(PeersNumbers.rows(7, 9, 6)))
        .containsExactly(5, -1, 3, 2, -1, -1, 1, 0, 4);
  }

  @Test
  void costsAsLittleAsTheBestOfAllPermutations() {
    Random random = new Random(6);
    for (int trial = 0; trial < 300; trial++) {
      double[][] cost = new double[1 + random.nextInt(6)][1 + random.nextInt(6)];
      for (double[] row : cost) {
        // Whole numbers tie often; some costs are negative.
        Arrays.setAll(row, i -> random.nextInt(7) - 3);
      }
      int[] found = Assignment.of(cost);
      assertThat(Arrays.stream(found).filter(column -> column >= 0))
          .doesNotHaveDuplicates()
          .hasSize(Math.min(cost.length, cost[0].length));
      assertThat(sum(cost, found)).isCloseTo(best(cost), within(1e-9));
    }
  }

  private static double sum(double[][] cost, int[] columns) {
    double sum = 0;
    for (int row = 0; row < cost.length; row++) {
      sum += columns[row] < 0 ? 0 : cost[row][columns[row]];
    }
    return sum;
  }

  /** The least cost over every way to pair as many as can be. */
  private static double best(double[][] cost) {
    int left = Math.max(0, cost.length - cost[0].length);
    return best(cost, 0, left, new boolean[cost[0].length]);
  }

  private static double best(double[][] cost, int row, int left, boolean[] taken) {
    if (row == cost.length) {
      return 0;
    }
    double best = left > 0 ? best(cost, row + 1, left - 1, taken) : Double.POSITIVE_INFINITY;
    for (int column = 0; column < taken.length; column++) {
      if (!taken[column]) {
        taken[column] = true;
        best = Math.min(best, cost[row][column] + best(cost, row + 1, left, taken));
        taken[column] = false;
      }
    }
    return best;
  }
}
