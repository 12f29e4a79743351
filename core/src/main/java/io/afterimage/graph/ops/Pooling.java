package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pools over windows, and over everything. */
final class Pooling {
  private Pooling() {}

  static void register() {
    Operators.many("MaxPool", Pooling::maxPool);
    Operators.one("AveragePool", Pooling::averagePool);
    Operators.one("LpPool", Pooling::lpPool);
    Operators.one("GlobalAveragePool", c -> c.x(0).mean(true, space(c.x(0))));
    Operators.one("GlobalMaxPool", c -> c.x(0).max(true, space(c.x(0))));
    Operators.one(
        "GlobalLpPool",
        c -> Maths.norm(c.x(0), (double) c.attributes().integer("p", 2), true, space(c.x(0))));
  }

  private static long[] space(Tensor x) {
    long[] axes = new long[Math.max(0, x.rank() - 2)];
    Arrays.setAll(axes, i -> i + 2);
    return axes;
  }

  private static Spatial spatial(Call c) {
    long[] kernel =
        c.attributes().integers("kernel_shape").orElseThrow(() -> c.error("has no kernel_shape"));
    return Spatial.of(c, kernel, Spatial.extents(c, c.x(0).shape()));
  }

  private static List<Value> maxPool(Call c) {
    Spatial space = spatial(c);
    Tensor x = c.x(0);
    // libtorch has no pools of whole numbers; every whole number of 8 bits is a FLOAT.
    Tensor real = x.dtype().isFloating() ? x : x.to(DType.FLOAT);
    Tensor padded = pad(real, Double.NEGATIVE_INFINITY, space.begin(), after(c, space));
    if (c.node().outputs().size() == 1) {
      Tensor greatest = Nn.maxPool(padded, space.kernel(), unpadded(space), false);
      return List.of(Value.of(greatest.to(x.dtype())));
    }
    Indexing.Ordered found = Nn.maxPoolPlaces(padded, space.kernel(), unpadded(space));
    return List.of(
        Value.of(found.values().to(x.dtype())),
        Value.of(places(c, space, padded, found.indices())));
  }

  /** From places in a padded plane to places in the whole input, its last axis first or last. */
  private static Tensor places(Call c, Spatial space, Tensor padded, Tensor within) {
    Tensor x = c.x(0);
    int axes = space.kernel().length;
    List<Tensor> along = new ArrayList<>();
    Tensor rest = within;
    for (int axis = axes - 1; axis >= 0; axis--) {
      Tensor size = Tensors.scalar(padded.size(axis + 2));
      along.add(Maths.remainder(rest, size).sub(Tensors.scalar(space.begin()[axis])));
      rest = Maths.truncatedQuotient(rest, size);
    }
    boolean lastFirst = c.attributes().flag("storage_order", false);
    long[] planes = new long[x.rank()];
    Arrays.fill(planes, 1);
    planes[0] = x.size(0);
    planes[1] = x.size(1);
    Tensor place = Tensors.arange(x.size(0) * x.size(1)).reshape(planes);
    for (int i = 0; i < axes; i++) {
      int axis = lastFirst ? axes - 1 - i : i;
      Tensor size = Tensors.scalar(x.size(axis + 2));
      place = place.mul(size).add(along.get(axes - 1 - axis));
    }
    return place;
  }

  /** The mean over a window counts only what lies inside, the padding with it if so asked. */
  private static Tensor averagePool(Call c) {
    Spatial space = spatial(c);
    Tensor x = c.x(0);
    long[] after = after(c, space);
    Tensor sums = sums(pad(x, 0, space.begin(), after), space);
    long[] shape = x.shape();
    shape[0] = 1;
    shape[1] = 1;
    Tensor inside = Tensors.ones(x.dtype(), shape);
    if (c.attributes().flag("count_include_pad", false)) {
      long[] within = new long[after.length];
      Arrays.setAll(within, i -> Math.min(after[i], space.end()[i]));
      long[] beyond = new long[after.length];
      Arrays.setAll(beyond, i -> after[i] - within[i]);
      inside = pad(pad(inside, 1, space.begin(), within), 0, new long[after.length], beyond);
    } else {
      inside = pad(inside, 0, space.begin(), after);
    }
    return sums.div(sums(inside, space));
  }

  private static Tensor lpPool(Call c) {
    Spatial space = spatial(c);
    double p = c.attributes().integer("p", 2);
    Tensor powers = pad(c.x(0).abs().pow(p), 0, space.begin(), after(c, space));
    // A window of zeros, as ReLU gives them, would have gradients that are no numbers.
    return Maths.root(sums(powers, space), p);
  }

  /** The sum over each window: a convolution of every channel by itself with ones. */
  private static Tensor sums(Tensor x, Spatial space) {
    long[] shape = x.shape();
    long[] kernel = new long[shape.length];
    Arrays.fill(kernel, 1);
    System.arraycopy(space.kernel(), 0, kernel, 2, space.kernel().length);
    long[] alone = shape.clone();
    alone[0] = shape[0] * shape[1];
    alone[1] = 1;
    Tensor ones = Tensors.ones(x.dtype(), kernel);
    Tensor sums = Nn.conv(x.reshape(alone), ones, null, unpadded(space), 1);
    long[] result = sums.shape();
    result[0] = shape[0];
    result[1] = shape[1];
    return sums.reshape(result);
  }

  /** Padding after each axis that makes room for exactly the windows there are; may cut. */
  private static long[] after(Call c, Spatial space) {
    Tensor x = c.x(0);
    boolean ceil = c.attributes().flag("ceil_mode", false);
    long[] after = new long[space.kernel().length];
    long[] sizes = x.shape();
    for (int i = 0; i < after.length; i++) {
      long windows = space.windows(i, x.size(i + 2), ceil);
      if (windows < 1) {
        throw c.error("has a window larger than its input of shape " + Arrays.toString(x.shape()));
      }
      after[i] =
          (windows - 1) * space.stride()[i] + space.reach(i) - x.size(i + 2) - space.begin()[i];
      sizes[i + 2] += space.begin()[i] + after[i];
    }
    c.sized(sizes);
    return after;
  }

  private static Tensor pad(Tensor x, double value, long[] begin, long[] end) {
    boolean none =
        Arrays.stream(begin).allMatch(p -> p == 0) && Arrays.stream(end).allMatch(p -> p == 0);
    return none ? x : Indexing.pad(x, value, Spatial.reversed(begin, end));
  }

  private static Nn.Window unpadded(Spatial space) {
    return new Nn.Window(space.stride(), new long[space.kernel().length], space.dilation());
  }
}
