package io.afterimage.report.page;

import io.afterimage.evidence.Pictures.Frame;
import java.util.List;

/** What faint pictures hold. */
final class Contrast {
  private Contrast() {}

  /** Their darkest number black and their brightest white. */
  static Frame stretched(Frame frame, List<float[]> pictures) {
    float black = Float.POSITIVE_INFINITY;
    float white = Float.NEGATIVE_INFINITY;
    for (float[] picture : pictures) {
      for (float value : picture) {
        black = Math.min(black, value);
        white = Math.max(white, value);
      }
    }
    boolean flat = !Float.isFinite(black) || !Float.isFinite(white) || black >= white;
    return flat
        ? frame
        : new Frame(
            frame.height(), frame.width(), frame.channels(), frame.channelsFirst(), black, white);
  }
}
