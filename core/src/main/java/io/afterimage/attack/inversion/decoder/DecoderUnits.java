package io.afterimage.attack.inversion.decoder;

import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.data.Planes;

/**
 * Between a target's own units and those of a {@link Decoder}: what is observed is centred on each
 * column's mean and divided by the deviation of all, whatever the units of a layer; pictures are
 * plane after plane, from 0 to 1.
 *
 * @param planes of one picture
 * @param range of its pixels
 * @param mean of each column observed
 * @param deviation of all that was observed from these means, above 0
 */
record DecoderUnits(Planes planes, InputRange range, float[] mean, double deviation) {
  /** Of what was observed about these rows. */
  static DecoderUnits of(float[] observed, int rows, Planes planes, InputRange range) {
    float[] mean = means(observed, observed.length / rows);
    return new DecoderUnits(planes, range, mean, deviation(observed, mean));
  }

  private static float[] means(float[] observed, int width) {
    double[] sums = new double[width];
    for (int i = 0; i < observed.length; i++) {
      sums[i % width] += observed[i];
    }
    float[] means = new float[width];
    for (int i = 0; i < width; i++) {
      means[i] = (float) (sums[i] * width / observed.length);
    }
    return means;
  }

  private static double deviation(float[] observed, float[] mean) {
    double sum = 0;
    for (int i = 0; i < observed.length; i++) {
      double difference = observed[i] - mean[i % mean.length];
      sum += difference * difference;
    }
    return sum > 0 ? Math.sqrt(sum / observed.length) : 1;
  }

  /** Numbers observed about one row. */
  int width() {
    return mean.length;
  }

  /** What was observed, as a decoder is given it. */
  float[] scaled(float[] observed) {
    float[] scaled = new float[observed.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) ((observed[i] - mean[i % mean.length]) / deviation);
    }
    return scaled;
  }

  /** Pictures as a decoder answers them. */
  float[] planar(float[] pictures) {
    float[] planar = new float[pictures.length];
    for (int i = 0; i < planar.length; i++) {
      double pixel = pictures[place(i)];
      planar[i] = (float) Math.max(0, Math.min(1, (pixel - range.low()) / range.width()));
    }
    return planar;
  }

  /** The opposite of {@link #planar}. */
  float[] pictures(float[] planar) {
    float[] pictures = new float[planar.length];
    for (int i = 0; i < planar.length; i++) {
      pictures[place(i)] = (float) (range.low() + range.width() * planar[i]);
    }
    return pictures;
  }

  /** Where, in the rows' own order, the number stands that is the i-th plane after plane. */
  private int place(int i) {
    int inRow = i % planes.size();
    int plane = planes.height() * planes.width();
    int pixel = inRow % plane;
    int index = planes.index(inRow / plane, pixel / planes.width(), pixel % planes.width());
    return i - inRow + index;
  }
}
