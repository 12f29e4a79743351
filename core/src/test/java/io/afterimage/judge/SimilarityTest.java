package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.judge.Similarity.Ssim;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimilarityTest {
  private static final Shape SQUARE = new Shape(16, 16);

  @Test
  void correlationIgnoresBrightnessAndContrast() {
    float[] a = {0.1f, 0.9f, 0.3f, 0.5f};
    float[] b = {0.35f, 0.75f, 0.45f, 0.55f};
    assertThat(Similarity.correlation(a, b)).isCloseTo(1, within(1e-6));
  }

  @Test
  void correlationWithAConstantPictureIsNought() {
    assertThat(Similarity.correlation(new float[] {1, 1, 1}, new float[] {1, 2, 3})).isZero();
  }

  @Test
  void aTenthOfTheRangeOffEverywhereIsTwentyDecibels() {
    float[] a = {0.2f, 0.4f};
    float[] b = {0.3f, 0.5f};
    assertThat(Similarity.psnr(a, b, 1)).isCloseTo(20, within(1e-4));
    assertThat(Similarity.psnr(a, a, 1)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void aPictureIsWhollySimilarToItself() {
    float[] noise = noise(1, 256);
    assertThat(ssim(SQUARE).between(noise, noise)).isCloseTo(1, within(1e-12));
  }

  @Test
  void constantPicturesDifferByLuminanceAlone() {
    double expected = (2 * 0.2 * 0.6 + 1e-4) / (0.2 * 0.2 + 0.6 * 0.6 + 1e-4);
    assertThat(ssim(SQUARE).between(constant(0.2f), constant(0.6f)))
        .isCloseTo(expected, within(1e-6));
  }

  /** The definition written out, window by window, in two dimensions. */
  @Test
  void agreesWithTheDefinitionWrittenOutWindowByWindow() {
    float[] a = noise(2, 16 * 13);
    float[] b = noise(3, 16 * 13);
    double sum = 0;
    for (int top = 0; top < 6; top++) {
      for (int left = 0; left < 3; left++) {
        sum += window(a, b, top, left);
      }
    }
    assertThat(ssim(new Shape(1, 16, 13)).between(a, b)).isCloseTo(sum / 18, within(1e-9));
  }

  /** scikit-image with the window of Wang et al.: bench/peers/picture_metrics.py. */
  @Test
  void agreesWithScikitImage() {
    float[] grey = PeersNumbers.picture(1, 16 * 13);
    float[] likeGrey = halfWay(grey, PeersNumbers.picture(2, 16 * 13));
    assertThat(ssim(new Shape(16, 13)).between(grey, likeGrey))
        .isCloseTo(0.6446529854425431, within(1e-9));
    assertThat(Similarity.psnr(grey, likeGrey, 1)).isCloseTo(13.934424381513457, within(1e-9));
    float[] colour = PeersNumbers.picture(1, 3 * 14 * 12);
    float[] likeColour = halfWay(colour, PeersNumbers.picture(2, 3 * 14 * 12));
    Ssim ssim = Ssim.of(new Planes(3, 14, 12, false), 2.5).orElseThrow();
    assertThat(ssim.between(colour, likeColour)).isCloseTo(0.7070343201953259, within(1e-9));
    assertThat(Similarity.psnr(colour, likeColour, 2.5))
        .isCloseTo(21.780735422179262, within(1e-9));
  }

  private static float[] halfWay(float[] a, float[] b) {
    float[] between = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      between[i] = (float) (((double) a[i] + b[i]) / 2);
    }
    return between;
  }

  @Test
  void channelsLastAndChannelsFirstAgree() {
    float[] first = noise(4, 3 * 144);
    float[] other = noise(5, 3 * 144);
    double chw = ssim(new Shape(3, 12, 12)).between(first, other);
    double hwc = ssim(new Shape(12, 12, 3)).between(last(first), last(other));
    assertThat(hwc).isCloseTo(chw, within(1e-12));
  }

  @Test
  void hasNoAnswerForPicturesSmallerThanItsWindow() {
    assertThat(Ssim.of(new Planes(1, 8, 8, false), 1)).isEmpty();
    assertThat(Ssim.of(new Planes(1, 11, 11, false), 1)).isPresent();
    assertThat(Ssim.of(new Planes(1, 11, 11, false), 1, 60)).isEmpty();
    assertThat(Planes.of(new Shape(64))).isEmpty();
    assertThat(Planes.of(new Shape(7, 16, 16))).isEmpty();
  }

  private static double window(float[] a, float[] b, int top, int left) {
    double total = 0;
    double[] moments = new double[5];
    for (int y = 0; y < 11; y++) {
      for (int x = 0; x < 11; x++) {
        double weight = Math.exp(-((y - 5) * (y - 5) + (x - 5) * (x - 5)) / 4.5);
        double va = a[(top + y) * 13 + left + x];
        double vb = b[(top + y) * 13 + left + x];
        double[] terms = {va, vb, va * va, vb * vb, va * vb};
        for (int m = 0; m < 5; m++) {
          moments[m] += weight * terms[m];
        }
        total += weight;
      }
    }
    double ma = moments[0] / total;
    double mb = moments[1] / total;
    double luminance = (2 * ma * mb + 1e-4) / (ma * ma + mb * mb + 1e-4);
    double covariance = moments[4] / total - ma * mb;
    double variances = moments[2] / total - ma * ma + moments[3] / total - mb * mb;
    return luminance * (2 * covariance + 9e-4) / (variances + 9e-4);
  }

  private static float[] last(float[] planes) {
    float[] interleaved = new float[planes.length];
    for (int i = 0; i < planes.length; i++) {
      interleaved[i % 144 * 3 + i / 144] = planes[i];
    }
    return interleaved;
  }

  private static Ssim ssim(Shape shape) {
    return Planes.of(shape).flatMap(planes -> Ssim.of(planes, 1)).orElseThrow();
  }

  private static float[] constant(float value) {
    float[] picture = new float[256];
    java.util.Arrays.fill(picture, value);
    return picture;
  }

  private static float[] noise(long seed, int size) {
    Random random = new Random(seed);
    float[] picture = new float[size];
    for (int i = 0; i < size; i++) {
      picture[i] = random.nextFloat();
    }
    return picture;
  }
}
