package io.afterimage.attack.inversion.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class SmoothingTest {
  @Test
  void totalVariationIsTheMeanLengthOfTheDifferencesToTheRightAndBelow() {
    Tensor picture = Tensors.of(new float[] {0, 3, 9, 4, 0, 0, 0, 0, 0}, 1, 1, 3, 3);
    double expected = (5 + Math.hypot(6, 3) + Math.hypot(4, 4) + 0) / 4;
    assertThat(Smoothing.totalVariation(picture).toFloats()[0])
        .isCloseTo((float) expected, within(1e-3f));
  }

  @Test
  void totalVariationOfAFlatPictureHasAFiniteGradient() {
    Tensor flat = Tensors.zeros(2, 3, 4, 4).requireGrad();
    Tensor gradient =
        Autograd.gradients(Smoothing.totalVariation(flat).sum(), List.of(flat), false).get(0);
    assertThat(gradient.toFloats()).containsOnly(0f);
  }

  /** An edge of height 1 under noise of 0.05: the noise falls by half at least, the edge stays. */
  @Test
  void denoisingLowersNoiseAndKeepsEdges() {
    Random random = new Random(11);
    float[] clean = new float[32 * 32];
    float[] noisy = new float[32 * 32];
    for (int i = 0; i < clean.length; i++) {
      clean[i] = i % 32 < 16 ? 0 : 1;
      noisy[i] = clean[i] + 0.05f * (float) random.nextGaussian();
    }
    float[] denoised = Smoothing.denoiseAndSharpen(Tensors.of(noisy, 1, 1, 32, 32), 0.1).toFloats();
    assertThat(error(denoised, clean, 2, 12)).isLessThan(error(noisy, clean, 2, 12) / 2);
    assertThat(denoised[16 * 32 + 16] - denoised[16 * 32 + 15]).isGreaterThan(0.9f);
  }

  @Test
  void aFlatPictureStaysAsItIs() {
    Tensor flat = Tensors.full(io.afterimage.tensor.DType.FLOAT, 0.4, 1, 1, 8, 9);
    for (float value : Smoothing.denoiseAndSharpen(flat, 0.1).toFloats()) {
      assertThat(value).isCloseTo(0.4f, within(1e-6f));
    }
  }

  /** Against both formulas pixel by pixel, on two pictures of two channels. */
  @Test
  void denoisingAndSharpeningAreNonLocalMeansAndAnUnsharpMask() {
    Random random = new Random(12);
    float[] pixels = new float[2 * 2 * 6 * 9];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    float[] found = Smoothing.denoiseAndSharpen(Tensors.of(pixels, 2, 2, 6, 9), 0.4).toFloats();
    for (int plane = 0; plane < 4; plane++) {
      double[][] smooth = new double[6][9];
      double[][] picture = new double[6][9];
      for (int i = 0; i < 54; i++) {
        picture[i / 9][i % 9] = pixels[plane * 54 + i];
      }
      for (int i = 0; i < 54; i++) {
        smooth[i / 9][i % 9] = nonLocalMean(picture, i / 9, i % 9, 0.4);
      }
      for (int i = 0; i < 54; i++) {
        double blurred = neighbourhood((y, x) -> smooth[y][x], i / 9, i % 9);
        double sharpened = 1.5 * smooth[i / 9][i % 9] - 0.5 * blurred;
        assertThat(found[plane * 54 + i]).isCloseTo((float) sharpened, within(1e-5f));
      }
    }
  }

  private static double nonLocalMean(double[][] picture, int y, int x, double noise) {
    double sum = 0;
    double weights = 0;
    for (int down = -3; down <= 3; down++) {
      for (int right = -3; right <= 3; right++) {
        int dy = down;
        int dx = right;
        double distance =
            neighbourhood((a, b) -> Math.pow(picture[a][b] - at(picture, a + dy, b + dx), 2), y, x);
        double weight = Math.exp(-distance / (noise * noise));
        sum += weight * at(picture, y + down, x + right);
        weights += weight;
      }
    }
    return sum / weights;
  }

  /** Beyond the edge stands the edge's own pixel. */
  private static double at(double[][] picture, int y, int x) {
    return picture[Math.max(0, Math.min(5, y))][Math.max(0, Math.min(8, x))];
  }

  @FunctionalInterface
  private interface Plane {
    double at(int y, int x);
  }

  /** The mean of the 3x3 pixels around, those that are in the picture. */
  private static double neighbourhood(Plane plane, int y, int x) {
    double sum = 0;
    int count = 0;
    for (int row = Math.max(0, y - 1); row <= Math.min(5, y + 1); row++) {
      for (int column = Math.max(0, x - 1); column <= Math.min(8, x + 1); column++) {
        sum += plane.at(row, column);
        count++;
      }
    }
    return sum / count;
  }

  private static double error(float[] a, float[] b, int left, int right) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      if (i % 32 >= left && i % 32 < right) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
      }
    }
    return Math.sqrt(sum);
  }
}
