package io.afterimage.data;

import static io.afterimage.base.Checks.check;

/**
 * One picture as it stands in its file.
 *
 * @param channels 1 for grey, 3 for red, green and blue
 * @param samples row after row, pixel after pixel, channel after channel; 0 black to 1 full
 */
record Picture(int height, int width, int channels, float[] samples) {
  /** ITU-R BT.601, as most tools turn colour into grey. */
  private static final double[] LUMA = {0.299, 0.587, 0.114};

  /** The sample of a pixel in a picture of so many channels. */
  double sample(int pixel, int channel, int wanted) {
    if (wanted == channels) {
      return samples[pixel * channels + channel];
    }
    if (channels == 1) {
      return samples[pixel];
    }
    double grey = 0;
    for (int c = 0; c < channels; c++) {
      grey += LUMA[c] * samples[pixel * channels + c];
    }
    return grey;
  }

  /**
   * The picture as a model's input, in C order of {@link #shape}.
   *
   * @param name for messages
   */
  float[] input(String name, ImageOptions options) {
    int wanted = wantedChannels(name, options);
    requireChannels("--mean", options.mean().size(), wanted);
    int pixels = height * width;
    boolean first = options.layout() == Layout.NCHW;
    float[] input = new float[Math.multiplyExact(pixels, wanted)];
    for (int pixel = 0; pixel < pixels; pixel++) {
      for (int c = 0; c < wanted; c++) {
        int at = first ? c * pixels + pixel : pixel * wanted + c;
        input[at] = (float) scaled(sample(pixel, c, wanted), c, options);
      }
    }
    return input;
  }

  /** The shape of that input: the target's, or the picture's own. */
  Shape shape(ImageOptions options) {
    return options
        .target()
        .filter(target -> target.rank() != 3)
        .map(target -> target.rank() == 1 ? new Shape(size(options)) : new Shape(height, width))
        .orElseGet(() -> ownShape(wantedChannels("picture", options), options.layout()));
  }

  private int size(ImageOptions options) {
    return height * width * wantedChannels("picture", options);
  }

  private Shape ownShape(int wanted, Layout layout) {
    return layout == Layout.NCHW
        ? new Shape(wanted, height, width)
        : new Shape(height, width, wanted);
  }

  private static double scaled(double sample, int channel, ImageOptions options) {
    double value = options.low() + (options.high() - options.low()) * sample;
    if (options.mean().isEmpty()) {
      return value;
    }
    int c = options.mean().size() == 1 ? 0 : channel;
    return (value - options.mean().get(c)) / options.std().get(c);
  }

  private int wantedChannels(String name, ImageOptions options) {
    if (options.target().isEmpty()) {
      return channels;
    }
    Shape target = options.target().get();
    int wanted = channelsOf(target, options.layout());
    boolean fits =
        switch (target.rank()) {
          case 1 -> target.extent(0) == (long) height * width * wanted;
          case 2 -> fits(target.extent(0), height) && fits(target.extent(1), width);
          case 3 -> {
            int axis = options.layout() == Layout.NCHW ? 1 : 0;
            yield fits(target.extent(axis), height) && fits(target.extent(axis + 1), width);
          }
          default -> false;
        };
    check(
        fits,
        "%s is %d high and %d wide with %d channels, but the model takes %s (%s); resize it first",
        name,
        height,
        width,
        channels,
        target,
        options.layout());
    check(
        wanted == channels || (options.convertColours() && wanted * channels == 3),
        "%s has %d channels, but the model takes %d; say --convert-colours",
        name,
        channels,
        wanted);
    return wanted;
  }

  private int channelsOf(Shape target, Layout layout) {
    return switch (target.rank()) {
      case 1 -> Math.max(1, target.extent(0) / Math.max(1, height * width));
      case 3 -> {
        int wanted = target.extent(layout == Layout.NCHW ? 0 : 2);
        yield wanted > 0 ? wanted : channels;
      }
      default -> 1;
    };
  }

  /** An extent that is not positive is free. */
  private static boolean fits(int wanted, int actual) {
    return wanted <= 0 || wanted == actual;
  }

  private static void requireChannels(String option, int values, int channels) {
    check(
        values == 0 || values == 1 || values == channels,
        "%s has %d values, but the pictures have %d channels",
        option,
        values,
        channels);
  }
}
