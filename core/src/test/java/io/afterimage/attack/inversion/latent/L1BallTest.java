package io.afterimage.attack.inversion.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Run;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class L1BallTest {

  private static double size(double[] row) {
    return Arrays.stream(row).map(Math::abs).sum();
  }

  private static double[] shrunk(double[] row, double by) {
    return Arrays.stream(row).map(v -> Math.signum(v) * Math.max(0, Math.abs(v) - by)).toArray();
  }

  /** By halving what every number moves towards 0 until the sizes sum to the radius. */
  private static double[] slow(double[] row, double radius) {
    double low = 0;
    double high = size(row);
    for (int i = 0; i < 200 && size(row) > radius; i++) {
      double middle = (low + high) / 2;
      low = size(shrunk(row, middle)) > radius ? middle : low;
      high = size(shrunk(row, middle)) > radius ? high : middle;
    }
    return size(row) > radius ? shrunk(row, high) : row;
  }

  @Test
  void everyRowIsTheNearestPointOfItsBall() {
    RandomGenerator random = Run.of(3).random("rows");
    double[] radii = {0, 0.5, 3, 10, 1e-3, 200};
    double[][] rows = new double[radii.length][37];
    for (double[] row : rows) {
      Arrays.setAll(row, i -> i % 5 == 0 ? 0 : random.nextGaussian() * Math.pow(10, i % 3 - 1));
    }
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    double[] found =
        L1Ball.nearest(Tensors.of(flat, radii.length, 37), Tensors.of(radii, radii.length, 1))
            .toDoubles();
    for (int i = 0; i < radii.length; i++) {
      double[] own = Arrays.copyOfRange(found, i * 37, (i + 1) * 37);
      assertThat(own)
          .as("radius %s", radii[i])
          .containsExactly(slow(rows[i], radii[i]), within(1e-12));
    }
  }

  /** What SciPy's solver of constrained problems finds: bench/peers/l1_ball.py. */
  @Test
  void itIsWhatAGeneralSolverFinds() {
    double[] row = new double[8];
    long state = 1;
    for (int i = 0; i < row.length; i++) {
      state = (state * 1103515245 + 12345) % (1L << 31);
      row[i] = 4.0 * state / (1L << 31) - 2;
    }
    pinned(row, 1, 0, -0.163501, 0, 0, 0.656978, -0.179521, 0, 0);
    pinned(row, 3, 0, -0.618835, -0.087194, 0, 1.112312, -0.634855, 0.130725, -0.416078);
    pinned(
        row, 20, 0.05548, -1.297035, -0.765394, 0.138136, 1.790512, -1.313055, 0.808925, -1.094277);
  }

  private static void pinned(double[] row, double radius, double... expected) {
    Tensor found = L1Ball.nearest(Tensors.of(row, 1, 8), Tensors.of(new double[] {radius}, 1, 1));
    assertThat(found.toDoubles()).containsExactly(expected, within(1e-6));
  }

  @Test
  void pointsArePulledBackAroundTheirOwnCentres() {
    Tensor centre = Tensors.of(new float[] {1, 2, 3, -4, 0, 1, 0, 1}, 2, 2, 2);
    L1Ball ball = L1Ball.around(centre, 0.1);
    assertThat(ball.radius().toFloats()).containsExactly(new float[] {1, 0.2f}, within(1e-6f));
    Tensor points = Tensors.of(new float[] {1.5f, 2, 3, -4.25f, 0, 1.5f, 0, 1.4f}, 2, 2, 2);
    ball.pull(points);
    assertThat(points.toFloats())
        .containsExactly(new float[] {1.5f, 2, 3, -4.25f, 0, 1.15f, 0, 1.05f}, within(1e-6f));
  }
}
