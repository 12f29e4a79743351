package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * ImageDecoder: the bytes of an image file to [height, width, channels], by whatever readers the
 * Java runtime and the class path have. The size is checked before a pixel is read.
 */
final class Images {
  private static final long MAX_PIXELS = 1L << 25;

  private Images() {}

  static void register() {
    Operators.flat("ImageDecoder", "its input is the bytes of a file", Images::decode);
  }

  private static Tensor decode(Call c) {
    BufferedImage image = read(c, bytes(c.x(0)));
    int height = image.getHeight();
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    String format = c.attributes().text("pixel_format", "RGB");
    int channels = format.equals("Grayscale") ? 1 : 3;
    byte[] values = new byte[pixels.length * channels];
    for (int i = 0; i < pixels.length; i++) {
      int red = pixels[i] >> 16 & 0xFF;
      int green = pixels[i] >> 8 & 0xFF;
      int blue = pixels[i] & 0xFF;
      switch (format) {
        case "Grayscale" -> values[i] = (byte) luma(red, green, blue);
        case "RGB" -> set(values, i, red, green, blue);
        case "BGR" -> set(values, i, blue, green, red);
        default -> throw c.error("has pixel_format " + format + ", which is not of the standard");
      }
    }
    return Tensors.ofBytes(DType.UBYTE, values, height, width, channels);
  }

  private static void set(byte[] values, int pixel, int first, int second, int third) {
    values[3 * pixel] = (byte) first;
    values[3 * pixel + 1] = (byte) second;
    values[3 * pixel + 2] = (byte) third;
  }

  /** ITU-R 601-2, in whole numbers. */
  private static int luma(int red, int green, int blue) {
    return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
  }

  private static byte[] bytes(Tensor x) {
    long[] values = x.toLongs();
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static BufferedImage read(Call c, byte[] file) {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw c.error("is given an image of a format that cannot be read here");
      }
      ImageReader reader = readers.next();
      if (reader.getFormatName().equalsIgnoreCase("webp")) {
        throw c.error("is given a WebP image, whose colours are not read exactly; use PNG");
      }
      try {
        reader.setInput(in, true, true);
        long pixels = (long) reader.getHeight(0) * reader.getWidth(0);
        if (pixels > MAX_PIXELS) {
          throw c.error("is given %d pixels, more than %d".formatted(pixels, MAX_PIXELS));
        }
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      throw c.error("is given an image that cannot be read: " + e.getMessage());
    }
  }
}
