package io.afterimage.judge;

/** The numbers that bench/peers/picture_metrics.py draws, from the generator of C's standard. */
final class PeersNumbers {
  private PeersNumbers() {}

  /** So many numbers from 0 to 1. */
  static double[] drawn(int seed, int count) {
    double[] numbers = new double[count];
    long state = seed;
    for (int i = 0; i < count; i++) {
      state = (state * 1103515245 + 12345) % (1L << 31);
      numbers[i] = state / (double) (1L << 31);
    }
    return numbers;
  }

  static float[] picture(int seed, int count) {
    double[] numbers = drawn(seed, count);
    float[] picture = new float[count];
    for (int i = 0; i < count; i++) {
      picture[i] = (float) numbers[i];
    }
    return picture;
  }

  static double[][] rows(int seed, int rows, int columns) {
    double[] numbers = drawn(seed, rows * columns);
    double[][] drawn = new double[rows][columns];
    for (int i = 0; i < numbers.length; i++) {
      drawn[i / columns][i % columns] = numbers[i];
    }
    return drawn;
  }
}
