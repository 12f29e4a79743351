package io.afterimage.report.page;

import io.afterimage.evidence.Pictures.Frame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** A picture as a data URI, so that the page needs no other file. */
final class Png {
  private Png() {}

  /** Numbers outside black and white are drawn as these; a missing one is black. */
  static String uri(Frame frame, float[] pixels) {
    BufferedImage image =
        new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < frame.width(); x++) {
        image.setRGB(x, y, rgb(frame, pixels, y, x));
      }
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes(image));
  }

  private static int rgb(Frame frame, float[] pixels, int y, int x) {
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      float number = pixels[frame.index(y, x, Math.min(channel, frame.channels() - 1))];
      float share = (number - frame.black()) / (frame.white() - frame.black());
      rgb = rgb << 8 | Math.round(255 * Math.min(1, Math.max(0, share)));
    }
    return rgb;
  }

  private static byte[] bytes(BufferedImage image) {
    // The small cache in memory: a disk cache would leave a person's picture in a temporary file.
    ImageIO.setUseCache(false);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
