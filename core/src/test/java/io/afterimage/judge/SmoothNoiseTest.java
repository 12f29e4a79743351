package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmoothNoiseTest {
  private static final int HEIGHT = 7;
  private static final int WIDTH = 9;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 1, 2.5, 20})
  void meansAreThoseOfTheWindowAroundEachPixel(double width) {
    double[] plane = new Random(1).doubles(HEIGHT * WIDTH).toArray();
    double[] smooth = SmoothNoise.smoothed(plane, HEIGHT, WIDTH, width);
    for (int i = 0; i < plane.length; i++) {
      assertThat(smooth[i]).isCloseTo(slowly(plane, i / WIDTH, i % WIDTH, width), within(1e-12));
    }
  }

  private static double slowly(double[] plane, int y, int x, double width) {
    int reach = (int) Math.ceil(3 * width);
    double sum = 0;
    double weights = 0;
    for (int down = -reach; down <= reach; down++) {
      for (int right = -reach; right <= reach; right++) {
        double away = width == 0 ? 0 : (down * down + right * right) / (2 * width * width);
        int place = Math.floorMod(y + down, HEIGHT) * WIDTH + Math.floorMod(x + right, WIDTH);
        sum += Math.exp(-away) * plane[place];
        weights += Math.exp(-away);
      }
    }
    return sum / weights;
  }

  @Test
  void hasMeanZeroAndVarianceOneAndIsCoarserUnderAWiderWindow() {
    double[] fine = SmoothNoise.of(32, 24, 0, new Random(2));
    double[] coarse = SmoothNoise.of(32, 24, 2, new Random(2));
    for (double[] noise : new double[][] {fine, coarse}) {
      assertThat(Arrays.stream(noise).average().orElseThrow()).isCloseTo(0, within(1e-12));
      assertThat(neighbours(noise, 0)).isCloseTo(1, within(1e-12));
    }
    // Of white noise neighbours are unrelated, under a window of width w exp(-1 / 4w^2).
    assertThat(neighbours(fine, 1)).isCloseTo(0, within(0.15));
    assertThat(neighbours(coarse, 1)).isCloseTo(Math.exp(-1 / 16.0), within(0.05));
  }

  /** The mean product of pixels that stand so far apart. */
  private static double neighbours(double[] noise, int apart) {
    double sum = 0;
    for (int i = 0; i < noise.length; i++) {
      int row = i / 24 * 24;
      sum += noise[i] * noise[row + (i % 24 + apart) % 24];
    }
    return sum / noise.length;
  }

  @Test
  void aPlaneWithoutContrastStaysWithout() {
    assertThat(SmoothNoise.standardised(new double[] {3, 3, 3})).containsOnly(0);
  }
}
