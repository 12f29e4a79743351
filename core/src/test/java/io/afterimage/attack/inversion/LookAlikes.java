package io.afterimage.attack.inversion;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.evidence.Reconstructions;
import java.util.Arrays;

/** Counts pictures that look like their class. */
final class LookAlikes {
  private LookAlikes() {}

  /**
   * How many of the pictures are nearest to the mean of the class that they were rebuilt for.
   *
   * @param pictures one for each reconstruction
   * @param members of all classes
   */
  static long of(Reconstructions found, float[] pictures, Dataset members) {
    int size = found.shape().size();
    float[][] means = means(members, found.classNames().size(), size);
    long right = 0;
    for (int i = 0; i < found.count(); i++) {
      float[] picture = Arrays.copyOfRange(pictures, i * size, (i + 1) * size);
      int nearest = 0;
      for (int c = 1; c < means.length; c++) {
        nearest = distance(picture, means[c]) < distance(picture, means[nearest]) ? c : nearest;
      }
      right += nearest == found.classes()[i] ? 1 : 0;
    }
    return right;
  }

  /** The mean squared distance of a found picture's pixels from the mean of its class. */
  static double distance(Reconstructions found, Dataset members) {
    int size = found.shape().size();
    float[][] means = means(members, found.classNames().size(), size);
    double sum = 0;
    for (int i = 0; i < found.count(); i++) {
      float[] picture = Arrays.copyOfRange(found.pixels(), i * size, (i + 1) * size);
      sum += distance(picture, means[found.classes()[i]]);
    }
    return sum / found.pixels().length;
  }

  private static float[][] means(Dataset members, int classes, int size) {
    float[] pixels = ((Column.Array) members.inputs().get(0)).values();
    float[][] means = new float[classes][size];
    int[] counts = new int[classes];
    for (int row = 0; row < members.rows(); row++) {
      int own = members.classes()[row];
      counts[own]++;
      for (int i = 0; i < size; i++) {
        means[own][i] += (pixels[row * size + i] - means[own][i]) / counts[own];
      }
    }
    return means;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }
}
