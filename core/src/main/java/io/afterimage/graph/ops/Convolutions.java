package io.afterimage.graph.ops;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Convolutions over one, two or three axes of space. */
final class Convolutions {
  private Convolutions() {}

  static void register() {
    Operators.one("Conv", Convolutions::conv);
    Operators.one("ConvTranspose", Convolutions::convTranspose);
  }

  private static Tensor conv(Call c) {
    return conv(c, c.x(0), c.x(1), c.has(2) ? c.x(2) : null);
  }

  /** The convolution that the attributes describe, of other tensors than the inputs themselves. */
  static Tensor conv(Call c, Tensor picture, Tensor weights, @Nullable Tensor bias) {
    Tensor x = picture;
    long[] input = Spatial.extents(c, x.shape());
    Spatial space = Spatial.of(c, kernel(c, weights), input);
    long[] output = x.shape();
    output[1] = weights.size(0);
    long[] padded = x.shape();
    for (int i = 0; i < input.length; i++) {
      output[i + 2] = space.windows(i, input[i], false);
      padded[i + 2] += space.begin()[i] + space.end()[i];
    }
    c.sized(padded);
    c.sized(output);
    long[] padding = space.begin();
    if (!space.isSymmetric()) {
      x = Indexing.pad(x, 0, Spatial.reversed(space.begin(), space.end()));
      padding = new long[padding.length];
    }
    Nn.Window window = new Nn.Window(space.stride(), padding, space.dilation());
    return Nn.conv(x, weights, bias, window, c.attributes().integer("group", 1));
  }

  private static long[] kernel(Call c, Tensor weights) {
    long[] shape = weights.shape();
    if (shape.length < 3) {
      throw c.error("has weights of shape " + Arrays.toString(shape));
    }
    return Arrays.copyOfRange(shape, 2, shape.length);
  }

  // The full output, cut as the pads say: pads of a transposed convolution take away.
  private static Tensor convTranspose(Call c) {
    Tensor x = c.x(0);
    long[] input = Spatial.extents(c, x.shape());
    long[] kernel = kernel(c, c.x(1));
    int axes = kernel.length;
    if (input.length != axes) {
      throw c.error("has weights and an input of different ranks");
    }
    long[] stride = Spatial.setting(c, "strides", axes);
    long[] dilation = Spatial.setting(c, "dilations", axes);
    long[] extra = c.attributes().integers("output_padding").orElse(new long[axes]);
    long[] full = new long[axes];
    for (int i = 0; i < axes; i++) {
      full[i] = (input[i] - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1 + extra[i];
    }
    long[] shape = Arrays.copyOf(x.shape(), axes + 2);
    shape[1] = c.x(1).size(1) * c.attributes().integer("group", 1);
    System.arraycopy(full, 0, shape, 2, axes);
    c.sized(shape);
    long[] pads = transposePads(c, full, input, stride);
    return cut(c, x, new Nn.Window(stride, new long[axes], dilation), pads, extra);
  }

  /**
   * What libtorch cuts off both ends alike it need not compute. It refuses output padding as large
   * as the stride: zeros after the output are the same.
   *
   * @param window of the full output
   * @param pads what is cut off: at the beginning of each axis, then at the end of each
   * @param extra zeros at the end of each axis
   */
  private static Tensor cut(Call c, Tensor x, Nn.Window window, long[] pads, long[] extra) {
    int axes = extra.length;
    long[] both = new long[axes];
    long[] begin = new long[axes];
    long[] end = new long[axes];
    for (int i = 0; i < axes; i++) {
      both[i] = Math.max(0, Math.min(pads[i], pads[axes + i] - extra[i]));
      begin[i] = both[i] - pads[i];
      end[i] = both[i] - pads[axes + i] + extra[i];
    }
    Nn.Window within = new Nn.Window(window.stride(), both, window.dilation());
    long groups = c.attributes().integer("group", 1);
    Tensor bias = c.has(2) ? c.x(2) : null;
    boolean done =
        LongStream.concat(Arrays.stream(begin), Arrays.stream(end)).allMatch(n -> n == 0);
    Tensor made = Nn.convTranspose(x, c.x(1), done ? bias : null, within, new long[axes], groups);
    if (done) {
      return made;
    }
    Tensor cut = Indexing.pad(made, 0, Spatial.reversed(begin, end));
    return bias == null ? cut : cut.add(channels(bias, axes));
  }

  private static Tensor channels(Tensor bias, int axes) {
    long[] shape = new long[axes + 1];
    Arrays.fill(shape, 1);
    shape[0] = bias.size(0);
    return bias.reshape(shape);
  }

  private static long[] transposePads(Call c, long[] full, long[] input, long[] stride) {
    int axes = full.length;
    String auto = c.attributes().text("auto_pad", "NOTSET");
    long[] pads = c.attributes().integers("pads").orElse(new long[2 * axes]);
    long[] wanted = c.attributes().integers("output_shape").orElse(new long[0]);
    if (wanted.length == 0 && !auto.startsWith("SAME")) {
      return auto.equals("VALID") ? new long[2 * axes] : pads;
    }
    for (int i = 0; i < axes; i++) {
      long target = wanted.length == 0 ? input[i] * stride[i] : wanted[wanted.length - axes + i];
      long total = full[i] - target;
      if (total < 0) {
        // Room beyond the full output is filled after it.
        pads[i] = 0;
        pads[axes + i] = total;
        continue;
      }
      pads[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      pads[axes + i] = total - pads[i];
    }
    return pads;
  }
}
