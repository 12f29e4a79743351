package io.afterimage.judge;

import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import java.util.Arrays;
import java.util.Optional;

/** How alike two pictures are. Pure arithmetic; both pictures have the same length. */
final class Similarity {
  private Similarity() {}

  /** Pearson's correlation of the pixels; 0 where a picture is constant. */
  static double correlation(float[] a, float[] b) {
    double meanA = mean(a);
    double meanB = mean(b);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      double da = a[i] - meanA;
      double db = b[i] - meanB;
      ab += da * db;
      aa += da * da;
      bb += db * db;
    }
    return aa == 0 || bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
  }

  /**
   * Peak signal-to-noise ratio in decibels: 10 log10(peak² / mean squared difference); infinite for
   * equal pictures.
   *
   * @param peak the width of the range that pixels can take
   */
  static double psnr(float[] a, float[] b, double peak) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      squares += difference * difference;
    }
    return 10 * Math.log10(peak * peak * a.length / squares);
  }

  private static double mean(float[] picture) {
    double sum = 0;
    for (float value : picture) {
      sum += value;
    }
    return sum / picture.length;
  }

  /**
   * Structural similarity: Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment, IEEE TIP
   * 2004, with its 11x11 Gaussian window of 1.5 pixels, K1 0.01 and K2 0.03, over windows that lie
   * inside the picture; the mean over windows and channels. A picture smaller than the window has
   * none: a smaller window, or one over padding, would be another figure of the same name. Windows
   * that hold a pixel which was known beforehand do not count.
   *
   * @param planes channels, height and width of both pictures
   * @param peak the width of the range that pixels can take
   * @param counted of each channel, 1 for each window that counts, else 0
   */
  record Ssim(Planes planes, double peak, int[][] counted) {
    private static final int WINDOW = 11;
    private static final double[] GAUSS = gauss();

    /**
     * For pictures like this; empty where no window of them counts, or all are alike.
     *
     * @param places where the known pixels stand
     */
    static Optional<Ssim> of(Planes picture, double peak, int... places) {
      if (picture.height() < WINDOW || picture.width() < WINDOW || peak <= 0) {
        return Optional.empty();
      }
      float[] known = new float[picture.size()];
      Arrays.stream(places).forEach(place -> known[place] = 1);
      int[][] counted = new int[picture.channels()][];
      Arrays.setAll(counted, channel -> free(picture, picture.plane(known, channel)));
      return Optional.of(new Ssim(picture, peak, counted)).filter(ssim -> ssim.windows() > 0);
    }

    /** 1 for each window of a plane that holds zeros alone, else 0. */
    private static int[] free(Planes planes, double[] plane) {
      return Arrays.stream(blur(planes, plane)).mapToInt(mean -> mean == 0 ? 1 : 0).toArray();
    }

    /** How many windows count, over all channels. */
    private int windows() {
      return Arrays.stream(counted).flatMapToInt(Arrays::stream).sum();
    }

    /** Why there is none for pictures of this shape. */
    static String tooSmall(Shape shape) {
      return "it needs pictures of at least %dx%d pixels, not %s".formatted(WINDOW, WINDOW, shape);
    }

    double between(float[] a, float[] b) {
      double sum = 0;
      for (int channel = 0; channel < planes.channels(); channel++) {
        sum += plane(planes.plane(a, channel), planes.plane(b, channel), counted[channel]);
      }
      return sum / windows();
    }

    /** The sum over the windows that count. */
    private double plane(double[] a, double[] b, int[] weights) {
      double[] meanA = blur(planes, a);
      double[] meanB = blur(planes, b);
      double[] aa = blur(planes, product(a, a));
      double[] bb = blur(planes, product(b, b));
      double[] ab = blur(planes, product(a, b));
      double c1 = Math.pow(0.01 * peak, 2);
      double c2 = Math.pow(0.03 * peak, 2);
      double sum = 0;
      for (int i = 0; i < meanA.length; i++) {
        double both = meanA[i] * meanB[i];
        double squares = meanA[i] * meanA[i] + meanB[i] * meanB[i];
        double covariance = ab[i] - both;
        double variances = aa[i] + bb[i] - squares;
        sum +=
            weights[i]
                * (2 * both + c1)
                * (2 * covariance + c2)
                / ((squares + c1) * (variances + c2));
      }
      return sum;
    }

    /** Weighted means over every window inside the plane: along rows, then along columns. */
    private static double[] blur(Planes planes, double[] plane) {
      int width = planes.width() - WINDOW + 1;
      int height = planes.height() - WINDOW + 1;
      double[] rows = new double[planes.height() * width];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = weighted(plane, i / width * planes.width() + i % width, 1);
      }
      double[] blurred = new double[height * width];
      for (int i = 0; i < blurred.length; i++) {
        blurred[i] = weighted(rows, i, width);
      }
      return blurred;
    }

    private static double weighted(double[] values, int from, int stride) {
      double sum = 0;
      for (int k = 0; k < WINDOW; k++) {
        sum += GAUSS[k] * values[from + k * stride];
      }
      return sum;
    }

    private static double[] product(double[] a, double[] b) {
      double[] product = new double[a.length];
      for (int i = 0; i < a.length; i++) {
        product[i] = a[i] * b[i];
      }
      return product;
    }

    private static double[] gauss() {
      double[] weights = new double[WINDOW];
      double sum = 0;
      for (int k = 0; k < WINDOW; k++) {
        double distance = (k - WINDOW / 2) / 1.5;
        weights[k] = Math.exp(-distance * distance / 2);
        sum += weights[k];
      }
      for (int k = 0; k < WINDOW; k++) {
        weights[k] /= sum;
      }
      return weights;
    }
  }
}
