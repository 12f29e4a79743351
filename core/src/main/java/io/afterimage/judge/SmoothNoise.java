package io.afterimage.judge;

import java.util.random.RandomGenerator;

/**
 * Noise without a picture in it, as fine or as coarse as pictures are: white noise under a Gaussian
 * window, of mean 0 and variance 1. Ends meet: what leaves on one side comes in on the other.
 */
final class SmoothNoise {
  /** Windows reach so many widths. */
  private static final int REACH = 3;

  private SmoothNoise() {}

  /**
   * One plane of it, in C order.
   *
   * @param width of the window, in pixels, 0 or more: blobs are some four times as wide
   */
  static double[] of(int height, int columns, double width, RandomGenerator random) {
    double[] white = new double[height * columns];
    for (int i = 0; i < white.length; i++) {
      white[i] = random.nextGaussian();
    }
    return standardised(smoothed(white, height, columns, width));
  }

  /** The weighted means of a plane under a window of this width around each pixel. */
  static double[] smoothed(double[] plane, int height, int columns, double width) {
    double[] window = window(width);
    double[] along = new double[plane.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < columns; x++) {
        double sum = 0;
        for (int i = 0; i < window.length; i++) {
          sum += window[i] * plane[y * columns + Math.floorMod(x + i - window.length / 2, columns)];
        }
        along[y * columns + x] = sum;
      }
    }
    double[] smooth = new double[plane.length];
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < window.length; i++) {
        int from = Math.floorMod(y + i - window.length / 2, height) * columns;
        for (int x = 0; x < columns; x++) {
          smooth[y * columns + x] += window[i] * along[from + x];
        }
      }
    }
    return smooth;
  }

  private static double[] window(double width) {
    int reach = (int) Math.ceil(REACH * width);
    double[] window = new double[2 * reach + 1];
    double sum = 0;
    for (int i = 0; i < window.length; i++) {
      double away = width > 0 ? (i - reach) / width : 0;
      window[i] = Math.exp(-away * away / 2);
      sum += window[i];
    }
    for (int i = 0; i < window.length; i++) {
      window[i] /= sum;
    }
    return window;
  }

  /** With mean 0 and variance 1; zeros where all values are alike. */
  static double[] standardised(double[] plane) {
    double mean = 0;
    for (double value : plane) {
      mean += value / plane.length;
    }
    double squares = 0;
    for (double value : plane) {
      squares += (value - mean) * (value - mean) / plane.length;
    }
    double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    double[] standard = new double[plane.length];
    for (int i = 0; i < standard.length; i++) {
      standard[i] = (plane[i] - mean) * scale;
    }
    return standard;
  }
}
