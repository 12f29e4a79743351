package io.afterimage.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Turns a NumPy array into the input of a model: its first axis counts the rows. */
final class NpyRows {
  private NpyRows() {}

  /** Bytes with at least two axes a row are pixels; everything else is taken as it stands. */
  static Column.Array input(
      String name,
      InputFile file,
      NpyArray array,
      ReadOptions options,
      Storage storage,
      List<String> notices) {
    if (array.isText() || array.rank() < 2 || array.size() == 0) {
      throw file.bad(
          "array %s of shape %s and type %s is no input; it needs numbers, rows and a second axis",
          Show.quoted(array.name()), Arrays.toString(array.extents()), array.kind());
    }
    if (array.isBytes() && (array.rank() == 3 || array.rank() == 4)) {
      ImageOptions images = options.images();
      notices.add(
          "%s: array %s holds bytes, read as pixels from %s to %s"
              .formatted(file, Show.quoted(array.name()), images.low(), images.high()));
      return pictures(name, file, array, images, storage);
    }
    return numbers(name, file, array, options.images().target(), storage);
  }

  /** The rows of a one-dimensional array as texts. */
  static TextColumns.Texts texts(NpyArray array) {
    return new TextColumns.Texts(array.size(), array.isText(), array::text);
  }

  private static Column.Array numbers(
      String name, InputFile file, NpyArray array, Optional<Shape> target, Storage storage) {
    int[] extents = array.extents();
    Shape own = new Shape(Arrays.copyOfRange(extents, 1, extents.length));
    Shape shape = target.filter(t -> isSameBlock(t, own)).orElse(own);
    Column.Array rows = Column.Array.allocate(name, extents[0], shape, storage);
    float[] cells = new float[shape.size()];
    for (int row = 0; row < extents[0]; row++) {
      for (int i = 0; i < cells.length; i++) {
        cells[i] = (float) array.number(row * cells.length + i);
        if (!Float.isFinite(cells[i])) {
          throw file.bad(
              "array %s holds %s in row %d; every number must be finite",
              Show.quoted(array.name()), array.text(row * cells.length + i), row);
        }
      }
      rows.put(row, cells);
    }
    return rows;
  }

  /** Whether the shapes differ only by axes of extent one, or one of them is flat. */
  private static boolean isSameBlock(Shape target, Shape own) {
    if (Arrays.stream(target.extents()).anyMatch(extent -> extent <= 0)
        || target.size() != own.size()) {
      return false;
    }
    return target.rank() == 1 || own.rank() == 1 || Arrays.equals(squeezed(target), squeezed(own));
  }

  private static int[] squeezed(Shape shape) {
    return Arrays.stream(shape.extents()).filter(extent -> extent != 1).toArray();
  }

  private static Column.Array pictures(
      String name, InputFile file, NpyArray array, ImageOptions options, Storage storage) {
    int[] extents = array.extents();
    boolean channelsLast = extents.length == 4 && isChannels(extents[3]);
    boolean channelsFirst = extents.length == 4 && !channelsLast && isChannels(extents[1]);
    if (extents.length == 4 && !channelsLast && !channelsFirst) {
      throw file.bad(
          "array %s of shape %s has no axis of 1 or 3 channels",
          Show.quoted(array.name()), Arrays.toString(extents));
    }
    int channels = extents.length == 3 ? 1 : channelsLast ? extents[3] : extents[1];
    int height = extents[channelsFirst ? 2 : 1];
    int width = extents[channelsFirst ? 3 : 2];
    Picture first = picture(array, 0, height, width, channels, channelsFirst);
    Column.Array rows = Column.Array.allocate(name, extents[0], first.shape(options), storage);
    for (int row = 0; row < extents[0]; row++) {
      Picture picture = picture(array, row, height, width, channels, channelsFirst);
      rows.put(row, picture.input(file + " row " + row, options));
    }
    return rows;
  }

  private static boolean isChannels(int extent) {
    return extent == 1 || extent == 3;
  }

  private static Picture picture(
      NpyArray array, int row, int height, int width, int channels, boolean channelsFirst) {
    float[] samples = new float[height * width * channels];
    int pixels = height * width;
    for (int i = 0; i < samples.length; i++) {
      int from = channelsFirst ? i % channels * pixels + i / channels : i;
      samples[i] = array.integer(row * samples.length + from) / 255f;
    }
    return new Picture(height, width, channels, samples);
  }
}
