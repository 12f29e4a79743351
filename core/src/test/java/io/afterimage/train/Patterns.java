package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Pictures of 8 x 8 that show one of three patterns, with some noise. */
final class Patterns {
  static final Shape SHAPE = new Shape(1, 8, 8);
  static final int COUNT = 3;
  private static final int SIZE = 64;

  private Patterns() {}

  /** A bar across, a bar down, a square. */
  private static double clean(int pattern, int pixel) {
    int y = pixel / 8;
    int x = pixel % 8;
    boolean on =
        switch (pattern) {
          case 0 -> y == 2 || y == 3;
          case 1 -> x == 5 || x == 6;
          default -> y >= 4 && x < 4;
        };
    return on ? 0.9 : 0.1;
  }

  /** So many pictures, of one pattern after the other. */
  static float[] pictures(int count) {
    RandomGenerator random = Run.of(1).random("pictures");
    float[] pictures = new float[count * SIZE];
    for (int i = 0; i < pictures.length; i++) {
      double clean = clean(i / SIZE % COUNT, i % SIZE);
      pictures[i] = (float) (clean + 0.05 * (random.nextDouble() - 0.5));
    }
    return pictures;
  }

  /** The pattern of each of so many pictures. */
  static int[] classes(int count) {
    return IntStream.range(0, count).map(i -> i % COUNT).toArray();
  }

  /** What a picture shows. */
  record Shown(int pattern, double distance) {}

  /** The pattern that a picture is nearest to, and its mean distance from it, a pixel. */
  static Shown shown(float[] pictures, int number) {
    Shown best = new Shown(-1, Double.POSITIVE_INFINITY);
    for (int pattern = 0; pattern < COUNT; pattern++) {
      double sum = 0;
      for (int i = 0; i < SIZE; i++) {
        sum += Math.abs(pictures[number * SIZE + i] - clean(pattern, i));
      }
      if (sum / SIZE < best.distance()) {
        best = new Shown(pattern, sum / SIZE);
      }
    }
    return best;
  }
}
