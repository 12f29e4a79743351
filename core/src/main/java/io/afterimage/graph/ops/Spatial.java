package io.afterimage.graph.ops;

import java.util.Arrays;

/**
 * The geometry of a sliding window: what convolutions and pools share. One number an axis of space.
 *
 * @param kernel extents of the window
 * @param stride steps between windows
 * @param dilation steps between the window's taps
 * @param begin padding before each axis
 * @param end padding after each axis
 */
record Spatial(long[] kernel, long[] stride, long[] dilation, long[] begin, long[] end) {

  /** Reads the attributes; auto_pad is worked out for the input's extents. */
  static Spatial of(Call c, long[] kernel, long[] input) {
    int axes = kernel.length;
    if (input.length != axes) {
      throw c.error(
          "has a window over %d axes, but its input has %d axes of space"
              .formatted(axes, input.length));
    }
    long[] stride = setting(c, "strides", axes);
    long[] dilation = setting(c, "dilations", axes);
    long[] pads = c.attributes().integers("pads").orElse(new long[2 * axes]);
    String auto = c.attributes().text("auto_pad", "NOTSET");
    if (!auto.equals("NOTSET")) {
      pads = automatic(auto, kernel, stride, dilation, input);
    }
    if (pads.length != 2 * axes) {
      throw c.error("has %d pads for %d axes".formatted(pads.length, axes));
    }
    return new Spatial(
        kernel,
        stride,
        dilation,
        Arrays.copyOf(pads, axes),
        Arrays.copyOfRange(pads, axes, 2 * axes));
  }

  static long[] setting(Call c, String attribute, int axes) {
    long[] ones = new long[axes];
    Arrays.fill(ones, 1);
    long[] values = c.attributes().integers(attribute).orElse(ones);
    if (values.length != axes) {
      throw c.error("has %d %s for %d axes".formatted(values.length, attribute, axes));
    }
    return values;
  }

  // SAME: as many windows as input / stride, rounded up; an odd pad goes after or before.
  private static long[] automatic(
      String auto, long[] kernel, long[] stride, long[] dilation, long[] input) {
    int axes = kernel.length;
    long[] pads = new long[2 * axes];
    if (auto.equals("VALID")) {
      return pads;
    }
    for (int i = 0; i < axes; i++) {
      long windows = (input[i] + stride[i] - 1) / stride[i];
      long needed = (windows - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1 - input[i];
      long total = Math.max(0, needed);
      pads[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      pads[axes + i] = total - pads[i];
    }
    return pads;
  }

  /** Whether both sides of every axis are padded alike. */
  boolean isSymmetric() {
    return Arrays.equals(begin, end);
  }

  /** Extent of the dilated window. */
  long reach(int axis) {
    return (kernel[axis] - 1) * dilation[axis] + 1;
  }

  /** How many windows fit. */
  long windows(int axis, long input, boolean ceil) {
    long room = input + begin[axis] + end[axis] - reach(axis);
    if (!ceil) {
      return Math.floorDiv(room, stride[axis]) + 1;
    }
    long count = Math.floorDiv(room + stride[axis] - 1, stride[axis]) + 1;
    // A window may not begin in the padding after the input.
    return (count - 1) * stride[axis] >= input + begin[axis] ? count - 1 : count;
  }

  /** Padding for {@code Indexing.pad}: the last axis first. */
  static long[] reversed(long[] begin, long[] end) {
    long[] counts = new long[2 * begin.length];
    for (int i = 0; i < begin.length; i++) {
      int axis = begin.length - 1 - i;
      counts[2 * i] = begin[axis];
      counts[2 * i + 1] = end[axis];
    }
    return counts;
  }

  /** The extents of space of a picture's shape. */
  static long[] extents(Call c, long[] shape) {
    if (shape.length < 3 || shape.length > 5) {
      throw c.error(
          "works on 1 to 3 axes of space, but its input has shape " + Arrays.toString(shape));
    }
    return Arrays.copyOfRange(shape, 2, shape.length);
  }
}
