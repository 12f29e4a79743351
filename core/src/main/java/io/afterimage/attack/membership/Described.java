package io.afterimage.attack.membership;

import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Encoder.Field;
import io.afterimage.data.Encoder.Flat;
import java.util.Arrays;

/**
 * Rows with their classes as a network takes them: encoded as {@link Encoder} does, arrays shifted
 * and scaled to mean 0 and deviation 1 over all their cells, then one indicator for each class. It
 * is fitted to some rows and then fixed.
 *
 * @param shift subtracted from each encoded number
 * @param scale by which each is divided then
 * @param classes how many there are; 0 for a regressor's rows
 */
record Described(Encoder encoder, double[] shift, double[] scale, int classes) {
  static Described by(Dataset rows, int classes) {
    Encoder encoder = Encoder.fit(rows);
    float[] encoded = encoder.encode(rows);
    double[] shift = new double[encoder.width()];
    double[] scale = new double[encoder.width()];
    Arrays.fill(scale, 1);
    int offset = 0;
    for (Field field : encoder.fields()) {
      if (field instanceof Flat) {
        fit(encoded, offset, field.width(), shift, scale);
      }
      offset += field.width();
    }
    return new Described(encoder, shift, scale, classes);
  }

  private static void fit(float[] encoded, int from, int width, double[] shift, double[] scale) {
    double sum = 0;
    double squares = 0;
    long count = 0;
    for (int row = 0; row < encoded.length; row += shift.length) {
      for (int i = row + from; i < row + from + width; i++) {
        double before = encoded[i] - (count == 0 ? 0 : sum / count);
        sum += encoded[i];
        squares += before * (encoded[i] - sum / ++count);
      }
    }
    double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
    Arrays.fill(shift, from, from + width, count == 0 ? 0 : sum / count);
    Arrays.fill(scale, from, from + width, deviation > 0 ? deviation : 1);
  }

  /** Numbers in a row. */
  int width() {
    return encoder.width() + classes;
  }

  /**
   * Rows, one after the other.
   *
   * @param y the class of each, ignored where there are no classes
   */
  float[] of(Dataset rows, int[] y) {
    float[] encoded = encoder.encode(rows);
    float[] described = new float[Math.multiplyExact(rows.rows(), width())];
    for (int row = 0; row < rows.rows(); row++) {
      int at = row * width();
      for (int i = 0; i < shift.length; i++) {
        described[at + i] = (float) ((encoded[row * shift.length + i] - shift[i]) / scale[i]);
      }
      if (classes > 0) {
        described[at + shift.length + y[row]] = 1;
      }
    }
    return described;
  }
}
