package io.afterimage.base;

import java.util.random.RandomGenerator;

/** Numbers drawn from a normal distribution around 0. */
public final class Gaussians {
  private Gaussians() {}

  /** So many of deviation 1. */
  public static float[] floats(int count, RandomGenerator random) {
    return floats(count, 1, random);
  }

  public static float[] floats(int count, double deviation, RandomGenerator random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
