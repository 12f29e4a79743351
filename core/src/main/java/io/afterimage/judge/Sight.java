package io.afterimage.judge;

import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import java.util.Optional;

/**
 * How an evaluator sees a row: a picture shrunk by a whole factor until its shorter side has at
 * most 48 pixels, without its mean brightness, in widths of the pixels' range; any other row in
 * those widths alone.
 *
 * <p>Contrast is left as it is. Stretched to full contrast, grey noise of 2% along the signs of a
 * linear model's weights is recognised by a network at least as well as any reconstruction, and by
 * nobody else.
 *
 * @param shape of a row
 * @param planes of a picture; empty where a row is none
 * @param range that pixels have
 */
record Sight(Shape shape, Optional<Planes> planes, Pictures.Range range) {
  private static final int SIDE = 48;

  /** The shape that rows are seen in. */
  Shape seen() {
    return planes
        .map(p -> new Shape(p.channels(), p.height() / factor(p), p.width() / factor(p)))
        .orElse(new Shape(shape.size()));
  }

  private static int factor(Planes planes) {
    return (Math.min(planes.height(), planes.width()) + SIDE - 1) / SIDE;
  }

  /** What is seen of a row. */
  float[] of(float[] row) {
    float[] view = planes.map(p -> shrunk(row, p)).orElseGet(row::clone);
    double middle = planes.isPresent() ? mean(view) : range.middle();
    double width = range.width() > 0 ? range.width() : 1;
    for (int i = 0; i < view.length; i++) {
      view[i] = (float) ((view[i] - middle) / width);
    }
    return view;
  }

  private static float[] shrunk(float[] row, Planes planes) {
    int factor = factor(planes);
    int height = planes.height() / factor;
    int width = planes.width() / factor;
    float[] small = new float[planes.channels() * height * width];
    for (int i = 0; i < small.length; i++) {
      int x = i % width * factor;
      int y = i / width % height * factor;
      small[i] = block(row, planes, i / width / height, y, x);
    }
    return small;
  }

  private static float block(float[] row, Planes planes, int channel, int top, int left) {
    int factor = factor(planes);
    double sum = 0;
    for (int y = top; y < top + factor; y++) {
      for (int x = left; x < left + factor; x++) {
        sum += row[planes.index(channel, y, x)];
      }
    }
    return (float) (sum / (factor * factor));
  }

  private static double mean(float[] view) {
    double sum = 0;
    for (float value : view) {
      sum += value;
    }
    return sum / view.length;
  }
}
