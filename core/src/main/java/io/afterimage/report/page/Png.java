package io.afterimage.report.page;

import io.afterimage.evidence.Pictures.Frame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** A picture as a data URI, so that the page needs no other file. */
final class Png {
  private Png() {}

  /** Numbers outside black and white are drawn as these; a missing one is black. */
  static String uri(Frame frame, float[] pixels) {
    BufferedImage image =
        new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
    draw(image, 0, 0, frame, pixels);
    return uri(image);
  }

  /** Pictures side by side, the contrast of each stretched, a margin of nothing around each. */
  static String stretched(Frame frame, List<float[]> pictures) {
    int margin = margin(frame);
    int cell = frame.width() + 2 * margin;
    BufferedImage image =
        new BufferedImage(
            pictures.size() * cell, frame.height() + 2 * margin, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < pictures.size(); i++) {
      float[] picture = pictures.get(i);
      draw(image, i * cell + margin, margin, Contrast.stretched(frame, picture), picture);
    }
    return uri(image);
  }

  private static int margin(Frame frame) {
    return Math.max(1, frame.width() / 32);
  }

  private static void draw(BufferedImage image, int left, int top, Frame frame, float[] pixels) {
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < frame.width(); x++) {
        image.setRGB(left + x, top + y, 0xff000000 | rgb(frame, pixels, y, x));
      }
    }
  }

  private static String uri(BufferedImage image) {
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
