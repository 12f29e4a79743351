package io.afterimage.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An IDX pair, as MNIST comes: unsigned bytes, images in one file and labels in the other, each
 * perhaps gzipped. The labels' name follows from the images': train-images-idx3-ubyte.gz has
 * train-labels-idx1-ubyte.gz beside it.
 */
record IdxSource(InputFile file) implements ArraySource {
  private static final int UNSIGNED_BYTE = 8;

  @Override
  public ArrayRows read(ReadOptions options, Storage storage, List<String> notices) {
    FilePair pair = FilePair.of(file);
    return ArrayRows.of(
        images(pair.first().checkedFile(), options.images(), storage),
        pair.second().or(() -> beside(pair.first())).map(IdxSource::labels));
  }

  private static Optional<InputFile> beside(InputFile images) {
    String name = images.path().getFileName().toString();
    String stem = name.replace("images", "labels").replace("idx3", "idx1");
    return Stream.of(stem, stem + ".gz", stem.replaceFirst("\\.gz$", ""))
        .filter(labels -> !labels.equals(name))
        .map(labels -> images.path().resolveSibling(labels))
        .filter(Files::exists)
        .findFirst()
        .map(path -> new InputFile(images.role(), path));
  }

  private static Column.Array images(InputFile file, ImageOptions options, Storage storage) {
    try (DataInputStream in = new DataInputStream(file.open())) {
      int[] extents = extents(file, in);
      if (extents.length < 2 || extents.length > 3) {
        throw file.bad("images need 2 or 3 axes, but there are %d", extents.length);
      }
      int height = extents.length == 3 ? extents[1] : 1;
      int width = extents[extents.length - 1];
      Rows rows = new Rows(file, height, width, options);
      return rows.read(in, extents[0], storage);
    } catch (IOException e) {
      throw file.unreadable("IDX", e);
    }
  }

  private static TableSource labels(InputFile file) {
    file.checkedFile();
    try (DataInputStream in = new DataInputStream(file.open())) {
      int[] extents = extents(file, in);
      if (extents.length != 1) {
        throw file.bad("labels need one axis, but there are %d", extents.length);
      }
      byte[] labels = in.readNBytes(extents[0]);
      requireEnd(file, in, labels.length == extents[0]);
      return new TextColumns(
          file,
          Map.of(
              "label",
              new TextColumns.Texts(
                  labels.length, false, row -> Integer.toString(labels[row] & 0xff))));
    } catch (IOException e) {
      throw file.unreadable("IDX", e);
    }
  }

  private static int[] extents(InputFile file, DataInputStream in) throws IOException {
    int magic = in.readInt();
    if (magic >>> 16 != 0 || (magic >> 8 & 0xff) != UNSIGNED_BYTE) {
      throw file.bad("is no IDX file of unsigned bytes");
    }
    int[] extents = new int[magic & 0xff];
    long size = 1;
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = in.readInt();
      size = extents[axis] > 0 && size < Integer.MAX_VALUE ? size * extents[axis] : -1;
      if (size <= 0) {
        throw file.bad("its axis %d of %d is absurd", axis, extents[axis]);
      }
    }
    long bytes = size + Integer.BYTES * (1L + extents.length);
    if (bytes > Math.max(Limits.EXPANDED_BYTES, file.size() * Limits.EXPANSION)) {
      throw file.bad("says to hold %,d bytes, but is far smaller; is it complete?", size);
    }
    return extents;
  }

  private static void requireEnd(InputFile file, DataInputStream in, boolean full)
      throws IOException {
    if (!full || in.read() >= 0) {
      throw file.bad("holds %s bytes than its head says", full ? "more" : "fewer");
    }
  }

  /** Reads image after image. */
  private record Rows(InputFile file, int height, int width, ImageOptions options) {

    Column.Array read(DataInputStream in, int count, Storage storage) throws IOException {
      Picture blank = new Picture(height, width, 1, new float[height * width]);
      blank.input(file.toString(), options);
      Column.Array rows = Column.Array.allocate("input", count, blank.shape(options), storage);
      for (int row = 0; row < count; row++) {
        rows.put(row, next(in).input(file + " image " + row, options));
      }
      requireEnd(file, in, true);
      return rows;
    }

    private Picture next(DataInputStream in) throws IOException {
      byte[] pixels = in.readNBytes(height * width);
      if (pixels.length < height * width) {
        throw new EOFException("the images end early");
      }
      float[] samples = new float[pixels.length];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = (pixels[i] & 0xff) / 255f;
      }
      return new Picture(height, width, 1, samples);
    }
  }
}
