package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;

/** Puts pieces back where a window took them, and cuts or pads about the centre. */
final class Patches {
  private Patches() {}

  static void register() {
    Operators.one("Col2Im", Patches::fold);
    Operators.one("MaxUnpool", Patches::unpool);
    Operators.one("CenterCropPad", Patches::centred);
  }

  /** [n, channels * taps, windows] to [n, channels, …]; what overlaps is summed. */
  private static Tensor fold(Call c) {
    Tensor x = c.x(0);
    long[] image = c.longs(1);
    Spatial space = Spatial.of(c, c.longs(2), image);
    int axes = image.length;
    long taps = product(space.kernel());
    long[] padded = new long[axes];
    long[] windows = new long[axes];
    for (int i = 0; i < axes; i++) {
      padded[i] = image[i] + space.begin()[i] + space.end()[i];
      windows[i] = space.windows(i, image[i], false);
    }
    if (x.rank() != 3 || taps < 1 || x.size(1) % taps != 0 || x.size(2) != product(windows)) {
      throw c.error("folds %s into %s".formatted(x, Arrays.toString(image)));
    }
    long channels = x.size(1) / taps;
    c.sized(x.size(0), channels, product(c.sized(padded)));
    Tensor places = places(space, padded, windows).expand(x.size(0), channels, -1);
    Tensor sums =
        Indexing.scatterAdd(
            Tensors.zeros(x.dtype(), x.size(0), channels, product(padded)),
            2,
            places,
            x.reshape(x.size(0), channels, -1));
    long[] shape = new long[axes + 2];
    shape[0] = x.size(0);
    shape[1] = channels;
    System.arraycopy(padded, 0, shape, 2, axes);
    Tensor result = sums.reshape(shape);
    for (int i = 0; i < axes; i++) {
      result = result.narrow(i + 2, space.begin()[i], image[i]);
    }
    return result;
  }

  /** Where in the padded picture each tap of each window stands: flat. */
  private static Tensor places(Spatial space, long[] padded, long[] windows) {
    int axes = padded.length;
    Tensor flat = Tensors.scalar(0L);
    for (int i = 0; i < axes; i++) {
      long[] shape = new long[2 * axes];
      Arrays.fill(shape, 1);
      shape[i] = space.kernel()[i];
      shape[axes + i] = windows[i];
      Tensor taps = Tensors.arange(space.kernel()[i]).mul(Tensors.scalar(space.dilation()[i]));
      Tensor starts = Tensors.arange(windows[i]).mul(Tensors.scalar(space.stride()[i]));
      Tensor along = taps.unsqueeze(1).add(starts).reshape(shape);
      flat = flat.mul(Tensors.scalar(padded[i])).add(along);
    }
    return flat.reshape(-1);
  }

  private static long product(long[] extents) {
    return Arrays.stream(extents).reduce(1, Math::multiplyExact);
  }

  /** Each maximum at its place, zeros elsewhere; a larger output is filled after each axis. */
  private static Tensor unpool(Call c) {
    Tensor x = c.x(0);
    long[] kernel =
        c.attributes().integers("kernel_shape").orElseThrow(() -> c.error("has no kernel_shape"));
    long[] strides = Spatial.setting(c, "strides", kernel.length);
    long[] pads = c.attributes().integers("pads").orElse(new long[2 * kernel.length]);
    if (x.rank() != kernel.length + 2 || pads.length != 2 * kernel.length) {
      throw c.error("has a window over %d axes for %s".formatted(kernel.length, x));
    }
    long[] shape = x.shape();
    for (int i = 0; i < kernel.length; i++) {
      shape[i + 2] =
          (shape[i + 2] - 1) * strides[i] + kernel[i] - pads[i] - pads[kernel.length + i];
    }
    long count = product(c.sized(shape));
    Tensor places = Indexes.indices(c, c.x(1), count).reshape(-1);
    Tensor placed =
        Indexing.scatter(Tensors.zeros(x.dtype(), count), 0, places, x.reshape(-1)).reshape(shape);
    if (!c.has(2)) {
      return placed;
    }
    long[] wanted = c.sized(c.longs(2));
    if (wanted.length != shape.length) {
      throw c.error("has an output shape of %d dimensions".formatted(wanted.length));
    }
    long[] end = new long[shape.length];
    Arrays.setAll(end, i -> wanted[i] - shape[i]);
    return Indexing.pad(placed, 0, Spatial.reversed(new long[shape.length], end));
  }

  /** An odd element is cut, or filled, after the centre. */
  private static Tensor centred(Call c) {
    Tensor x = c.x(0);
    long[] wanted = c.longs(1);
    long[] all = new long[x.rank()];
    Arrays.setAll(all, i -> i);
    long[] axes = c.attributes().integers("axes").map(a -> c.axes(a, x.rank())).orElse(all);
    if (axes.length != wanted.length) {
      throw c.error("is given %d extents for %d axes".formatted(wanted.length, axes.length));
    }
    long[] begin = new long[x.rank()];
    long[] end = new long[x.rank()];
    long[] shape = x.shape();
    for (int i = 0; i < axes.length; i++) {
      int axis = (int) axes[i];
      long more = wanted[i] - shape[axis];
      begin[axis] = more / 2;
      end[axis] = more - more / 2;
      shape[axis] = wanted[i];
    }
    c.sized(shape);
    long[] counts = Spatial.reversed(begin, end);
    return x.dtype() == DType.BOOL
        ? Indexing.pad(x.to(DType.UBYTE), 0, counts).to(DType.BOOL)
        : Indexing.pad(x, 0, counts);
  }
}
