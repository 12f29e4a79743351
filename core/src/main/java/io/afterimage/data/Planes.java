package io.afterimage.data;

import java.util.Optional;

/**
 * How a picture's pixels stand in a row: plane after plane, or the channels of each pixel together.
 *
 * @param channels 1 for grey, 3 for colour, 4 with transparency
 * @param height rows of pixels
 * @param width pixels a row
 * @param channelsLast whether the channels of a pixel stand together (HWC) rather than those of a
 *     plane (CHW)
 */
public record Planes(int channels, int height, int width, boolean channelsLast) {

  /** Of a shape of rank 2, or of rank 3 with 1, 3 or 4 channels first or last; else empty. */
  public static Optional<Planes> of(Shape shape) {
    if (shape.rank() == 2) {
      return Optional.of(new Planes(1, shape.extent(0), shape.extent(1), false));
    }
    if (shape.rank() == 3 && isChannels(shape.extent(0))) {
      return Optional.of(new Planes(shape.extent(0), shape.extent(1), shape.extent(2), false));
    }
    if (shape.rank() == 3 && isChannels(shape.extent(2))) {
      return Optional.of(new Planes(shape.extent(2), shape.extent(0), shape.extent(1), true));
    }
    return Optional.empty();
  }

  /**
   * Of a model's input, which may have flattened the pictures: then as the rows' array column says.
   */
  public static Optional<Planes> of(Shape input, Dataset rows) {
    return of(input)
        .or(
            () ->
                rows.inputs().stream()
                    .filter(Column.Array.class::isInstance)
                    .map(column -> ((Column.Array) column).shape())
                    .filter(shape -> shape.size() == input.size())
                    .findFirst()
                    .flatMap(Planes::of));
  }

  private static boolean isChannels(int extent) {
    return extent == 1 || extent == 3 || extent == 4;
  }

  /** Numbers a row. */
  public int size() {
    return channels * height * width;
  }

  /** Where a pixel's number stands in the row. */
  public int index(int channel, int y, int x) {
    int pixel = y * width + x;
    return channelsLast ? pixel * channels + channel : channel * height * width + pixel;
  }

  /** One channel of a row, pixel row after pixel row. */
  public double[] plane(float[] row, int channel) {
    double[] plane = new double[height * width];
    for (int i = 0; i < plane.length; i++) {
      plane[i] = row[index(channel, i / width, i % width)];
    }
    return plane;
  }
}
