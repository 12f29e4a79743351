package io.afterimage.data;

import io.afterimage.base.BadInputException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes PNG, JPEG, PGM, PPM and WebP. The size is read from the head first, so that no picture is
 * decoded which would not fit. Samples are taken as they stand: no gamma, no colour management; an
 * alpha channel is dropped.
 */
final class PictureFile {
  private static final List<String> ENDINGS = List.of("png", "jpg", "jpeg", "pgm", "ppm", "webp");

  private PictureFile() {}

  static boolean isPicture(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return ENDINGS.contains(ending.toLowerCase(Locale.ROOT));
  }

  /** The picture of a file; warnings hear what its decoder put up with. */
  static Picture read(InputFile file, List<String> warnings) {
    file.checkedFile();
    try (ImageInputStream in = new FileImageInputStream(file.path().toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw file.bad("is no picture, whatever its name says");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return decode(file, reader, warnings);
      } finally {
        reader.dispose();
      }
    } catch (BadInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Decoders meet damage with exceptions of any kind.
      throw file.unreadable("a picture", e);
    }
  }

  private static Picture decode(InputFile file, ImageReader reader, List<String> warnings)
      throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels <= 0 || pixels > Limits.PICTURE_PIXELS) {
      throw file.bad(
          "is %d pixels wide and %d high; at most %d pixels are decoded",
          reader.getWidth(0), reader.getHeight(0), Limits.PICTURE_PIXELS);
    }
    List<String> heard = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> heard.add(warning));
    BufferedImage image = reader.read(0);
    if (!heard.isEmpty() && isJpegCutOff(file)) {
      throw file.bad("ends early; is it complete?");
    }
    heard.forEach(warning -> warnings.add(file + ": " + Show.quoted(warning)));
    return image.getColorModel() instanceof IndexColorModel palette
        ? ofPalette(image, palette)
        : ofSamples(file, image);
  }

  /** Whether a JPEG lacks its end marker; decoders then fill up with grey and only warn. */
  private static boolean isJpegCutOff(InputFile file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.path().toFile(), "r")) {
      byte[] tail = new byte[(int) Math.min(1 << 16, bytes.length())];
      boolean jpeg = bytes.readUnsignedShort() == 0xffd8;
      bytes.seek(bytes.length() - tail.length);
      bytes.readFully(tail);
      return jpeg
          && IntStream.range(1, tail.length)
              .noneMatch(i -> tail[i - 1] == (byte) 0xff && tail[i] == (byte) 0xd9);
    }
  }

  private static Picture ofPalette(BufferedImage image, IndexColorModel palette) {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    boolean grey = IntStream.of(colours).allMatch(c -> red(c) == green(c) && green(c) == blue(c));
    int channels = grey ? 1 : 3;
    int width = image.getWidth();
    Raster raster = image.getRaster();
    float[] samples = new float[width * image.getHeight() * channels];
    for (int pixel = 0; pixel < width * image.getHeight(); pixel++) {
      int colour = colours[raster.getSample(pixel % width, pixel / width, 0)];
      for (int c = 0; c < channels; c++) {
        samples[pixel * channels + c] = (colour >> (16 - 8 * c) & 0xff) / 255f;
      }
    }
    return new Picture(image.getHeight(), width, channels, samples);
  }

  private static Picture ofSamples(InputFile file, BufferedImage image) throws IOException {
    int colours = image.getColorModel().getColorSpace().getType();
    if (colours != ColorSpace.TYPE_GRAY && colours != ColorSpace.TYPE_RGB) {
      throw file.bad("is neither grey nor RGB; save it as one of them");
    }
    int channels = colours == ColorSpace.TYPE_GRAY ? 1 : 3;
    int width = image.getWidth();
    Raster raster = image.getRaster();
    float[] samples = new float[Math.multiplyExact(width * image.getHeight(), channels)];
    float[] full = new float[channels];
    for (int c = 0; c < channels; c++) {
      int bits = image.getSampleModel().getSampleSize(c);
      if (bits > 16) {
        throw file.bad("has %d bits a sample; at most 16 are read", bits);
      }
      full[c] = (1 << bits) - 1;
    }
    float[] row = new float[width];
    for (int y = 0; y < image.getHeight(); y++) {
      for (int c = 0; c < channels; c++) {
        raster.getSamples(0, y, width, 1, c, row);
        for (int x = 0; x < width; x++) {
          samples[(y * width + x) * channels + c] = row[x] / full[c];
        }
      }
    }
    return new Picture(image.getHeight(), width, channels, samples);
  }

  private static int red(int colour) {
    return colour >> 16 & 0xff;
  }

  private static int green(int colour) {
    return colour >> 8 & 0xff;
  }

  private static int blue(int colour) {
    return colour & 0xff;
  }
}
