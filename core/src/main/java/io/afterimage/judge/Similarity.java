package io.afterimage.judge;

import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
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
   * none: a smaller window, or one over padding, would be another figure of the same name.
   *
   * @param planes channels, height and width of both pictures
   * @param peak the width of the range that pixels can take
   */
  record Ssim(Planes planes, double peak) {
    private static final int WINDOW = 11;
    private static final double[] GAUSS = gauss();

    /** For pictures like this; empty where they are smaller than the window, or all alike. */
    static Optional<Ssim> of(Planes picture, double peak) {
      return Optional.of(picture)
          .filter(planes -> planes.height() >= WINDOW && planes.width() >= WINDOW && peak > 0)
          .map(planes -> new Ssim(planes, peak));
    }

    /** Why there is none for pictures of this shape. */
    static String tooSmall(Shape shape) {
      return "it needs pictures of at least %dx%d pixels, not %s".formatted(WINDOW, WINDOW, shape);
    }

    double between(float[] a, float[] b) {
      double sum = 0;
      for (int channel = 0; channel < planes.channels(); channel++) {
        sum += plane(planes.plane(a, channel), planes.plane(b, channel));
      }
      return sum / planes.channels();
    }

    private double plane(double[] a, double[] b) {
      double[] meanA = blur(a);
      double[] meanB = blur(b);
      double[] aa = blur(product(a, a));
      double[] bb = blur(product(b, b));
      double[] ab = blur(product(a, b));
      double c1 = Math.pow(0.01 * peak, 2);
      double c2 = Math.pow(0.03 * peak, 2);
      double sum = 0;
      for (int i = 0; i < meanA.length; i++) {
        double both = meanA[i] * meanB[i];
        double squares = meanA[i] * meanA[i] + meanB[i] * meanB[i];
        double covariance = ab[i] - both;
        double variances = aa[i] + bb[i] - squares;
        sum += (2 * both + c1) * (2 * covariance + c2) / ((squares + c1) * (variances + c2));
      }
      return sum / meanA.length;
    }

    /** Weighted means over every window inside the plane: along rows, then along columns. */
    private double[] blur(double[] plane) {
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
