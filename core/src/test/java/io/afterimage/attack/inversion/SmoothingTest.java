package io.afterimage.attack.inversion;

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
