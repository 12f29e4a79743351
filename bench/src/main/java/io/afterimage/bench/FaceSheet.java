package io.afterimage.bench;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.evidence.Reconstructions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Grey pictures beside each other in one PNG, each stretched to full contrast. */
final class FaceSheet {
  private static final int COLUMNS = 10;

  private FaceSheet() {}

  /** Bands of ten people: their photo, and below it their reconstruction by each attack. */
  static void write(Path file, Dataset photos, List<Reconstructions> attacks) throws IOException {
    Column.Array pixels = (Column.Array) photos.inputs().get(0);
    int height = pixels.shape().extent(1);
    int width = pixels.shape().extent(2);
    int rows = 1 + attacks.size();
    int bands = (photos.rows() + COLUMNS - 1) / COLUMNS;
    BufferedImage sheet =
        new BufferedImage(COLUMNS * width, bands * rows * height, BufferedImage.TYPE_BYTE_GRAY);
    for (int person = 0; person < photos.rows(); person++) {
      int left = person % COLUMNS * width;
      int top = person / COLUMNS * rows * height;
      draw(sheet, pixels.row(person), left, top, width);
      for (int attack = 0; attack < attacks.size(); attack++) {
        float[] picture = attacks.get(attack).picture(person);
        draw(sheet, picture, left, top + (attack + 1) * height, width);
      }
    }
    if (!ImageIO.write(sheet, "png", file.toFile())) {
      throw new IOException("no writer for PNG");
    }
  }

  private static void draw(BufferedImage sheet, float[] picture, int left, int top, int width) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : picture) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    for (int i = 0; i < picture.length; i++) {
      int grey = Math.round(255 * (picture[i] - low) / Math.max(high - low, 1e-6f));
      sheet.getRaster().setSample(left + i % width, top + i / width, 0, grey);
    }
  }
}
