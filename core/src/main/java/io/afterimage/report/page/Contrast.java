package io.afterimage.report.page;

import io.afterimage.evidence.Pictures.Frame;

/** Shows what a faint picture holds. */
final class Contrast {
  private Contrast() {}

  /** Its darkest number black and its brightest white. */
  static Frame stretched(Frame frame, float[] picture) {
    float black = Float.POSITIVE_INFINITY;
    float white = Float.NEGATIVE_INFINITY;
    for (float value : picture) {
      black = Math.min(black, value);
      white = Math.max(white, value);
    }
    boolean flat = !Float.isFinite(black) || !Float.isFinite(white) || black >= white;
    return flat
        ? frame
        : new Frame(
            frame.height(), frame.width(), frame.channels(), frame.channelsFirst(), black, white);
  }
}
