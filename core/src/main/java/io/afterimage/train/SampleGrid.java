package io.afterimage.train;

import io.afterimage.base.OutputFile;
import io.afterimage.data.Planes;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures side by side in a PNG, with a white line between them. */
final class SampleGrid {
  private SampleGrid() {}

  /**
   * Draws them, row after row.
   *
   * @param columns pictures a row
   * @param pictures picture after picture, their numbers from 0 black to 1 white
   */
  static void write(Path file, Planes planes, int columns, float[] pictures) {
    int count = pictures.length / planes.size();
    int height = planes.height() + 1;
    int width = planes.width() + 1;
    BufferedImage image =
        new BufferedImage(
            columns * width - 1,
            (count + columns - 1) / columns * height - 1,
            BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int number = y / height * columns + x / width;
        boolean inside = y % height < planes.height() && x % width < planes.width();
        image.setRGB(
            x,
            y,
            inside && number < count
                ? rgb(planes, pictures, number, y % height, x % width)
                : 0xffffff);
      }
    }
    // The small cache in memory: a disk cache would leave a temporary file.
    ImageIO.setUseCache(false);
    OutputFile.write(file, out -> ImageIO.write(image, "png", out));
  }

  private static int rgb(Planes planes, float[] pictures, int number, int y, int x) {
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      int at = planes.index(Math.min(channel, planes.channels() - 1), y, x);
      float share = pictures[number * planes.size() + at];
      rgb = rgb << 8 | Math.round(255 * Math.min(1, Math.max(0, share)));
    }
    return rgb;
  }
}
