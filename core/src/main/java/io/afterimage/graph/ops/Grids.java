package io.afterimage.graph.ops;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pictures read at the places of a grid (Jaderberg et al.: Spatial Transformer Networks, 2015), and
 * convolutions whose taps move (Dai et al.: Deformable Convolutional Networks, 2017). A grid counts
 * each axis from -1 to 1, the last axis first.
 */
final class Grids {
  private Grids() {}

  static void register() {
    Operators.one("GridSample", Grids::sample);
    Operators.one("AffineGrid", Grids::affine);
    Operators.one("DeformConv", Grids::deformed);
  }

  private static boolean isAligned(Call c) {
    return c.attributes().flag("align_corners", false);
  }

  /** [n, channels, …], [n, points…, axes] to [n, channels, points…]. */
  private static Tensor sample(Call c) {
    Tensor x = c.x(0);
    Tensor grid = c.x(1);
    int axes = x.rank() - 2;
    if (axes < 1 || grid.rank() != x.rank() || grid.size(-1) != axes || x.size(0) != grid.size(0)) {
      throw c.error("reads %s at a grid of shape %s".formatted(x, Arrays.toString(grid.shape())));
    }
    long[] shape = Arrays.copyOf(x.shape(), x.rank());
    System.arraycopy(grid.shape(), 1, shape, 2, axes);
    c.sized(shape);
    Tensor points = grid.reshape(x.size(0), -1, axes).to(x.dtype());
    List<Tensor> places = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      places.add(place(points.select(2, axes - 1 - axis), x.size(axis + 2), isAligned(c)));
    }
    return Sampling.read(x, places, mode(c), edge(c)).reshape(shape);
  }

  /** From -1 … 1 to elements; those two are the outer centres if aligned, else the outer edges. */
  private static Tensor place(Tensor coordinate, long size, boolean aligned) {
    Tensor share = coordinate.add(1).div(2);
    return aligned ? share.mul(size - 1.0) : share.mul((double) size).sub(0.5);
  }

  private static Sampling.Mode mode(Call c) {
    String mode = c.attributes().text("mode", "linear");
    return switch (mode) {
      case "linear", "bilinear" -> Sampling.Mode.LINEAR;
      case "cubic", "bicubic" -> Sampling.Mode.CUBIC;
      case "nearest" -> Sampling.Mode.NEAREST;
      default -> throw c.error("has mode " + mode + ", which is not of the standard");
    };
  }

  private static Sampling.Edge edge(Call c) {
    String padding = c.attributes().text("padding_mode", "zeros");
    return switch (padding) {
      case "zeros" -> Sampling.Edge.ZEROS;
      case "border" -> Sampling.Edge.BORDER;
      case "reflection" -> isAligned(c) ? Sampling.Edge.MIRROR_CENTRES : Sampling.Edge.MIRROR_EDGES;
      default -> throw c.error("has padding_mode " + padding + ", which is not of the standard");
    };
  }

  /** The grid on which a picture of the size wanted is an affine map of another. */
  private static Tensor affine(Call c) {
    Tensor theta = c.x(0);
    long[] size = c.longs(1);
    int axes = size.length - 2;
    if (axes < 1 || theta.rank() != 3 || theta.size(1) != axes || theta.size(2) != axes + 1) {
      throw c.error("maps %s to size %s".formatted(theta, Arrays.toString(size)));
    }
    long[] shape = Arrays.copyOfRange(size, 1, size.length + 1);
    shape[0] = size[0];
    System.arraycopy(size, 2, shape, 1, axes);
    shape[axes + 1] = axes;
    c.sized(shape);
    long[] space = Arrays.copyOfRange(size, 2, size.length);
    List<Tensor> coordinates = new ArrayList<>();
    for (int axis = axes - 1; axis >= 0; axis--) {
      Tensor steps = Tensors.arange(space[axis]).to(theta.dtype());
      Tensor even =
          isAligned(c)
              ? steps.mul(2.0 / Math.max(1, space[axis] - 1)).sub(1)
              : steps.mul(2).add(1).div((double) space[axis]).sub(1);
      coordinates.add(spread(even, axis, space));
    }
    coordinates.add(Tensors.ones(theta.dtype(), coordinates.get(0).shape()));
    Tensor base = Indexing.stack(coordinates, 1);
    return base.matmul(theta.transpose(1, 2)).reshape(shape);
  }

  /** One number for each place along an axis, repeated over the others and flat. */
  private static Tensor spread(Tensor values, int axis, long[] space) {
    long[] along = new long[space.length];
    Arrays.fill(along, 1);
    along[axis] = space[axis];
    return values.reshape(along).expand(space).reshape(-1);
  }

  private static Tensor deformed(Call c) {
    Tensor x = c.x(0);
    Tensor weights = c.x(1);
    long[] input = Spatial.extents(c, x.shape());
    long[] kernel = Arrays.copyOfRange(weights.shape(), 2, weights.rank());
    Spatial space = Spatial.of(c, kernel, input);
    long[] output = new long[input.length];
    Arrays.setAll(output, i -> space.windows(i, input[i], false));
    long taps = Arrays.stream(kernel).reduce(1, Math::multiplyExact);
    long points = Arrays.stream(c.sized(output)).reduce(1, Math::multiplyExact);
    c.sized(x.size(0), x.size(1), taps, points);
    Tensor columns = columns(c, space, output, taps, points);
    long groups = c.attributes().integer("group", 1);
    Tensor filters = weights.reshape(groups, weights.size(0) / groups, -1);
    Tensor products = filters.matmul(columns.reshape(x.size(0), groups, -1, points));
    long[] shape = Arrays.copyOf(x.shape(), x.rank());
    shape[1] = weights.size(0);
    System.arraycopy(output, 0, shape, 2, output.length);
    Tensor y = products.reshape(x.size(0), shape[1], points);
    return c.optional(3).map(b -> y.add(b.unsqueeze(1))).orElse(y).reshape(shape);
  }

  /** What each tap of each window reads: [n, channels, taps, points]. */
  private static Tensor columns(Call c, Spatial space, long[] output, long taps, long points) {
    Tensor x = c.x(0);
    long n = x.size(0);
    long groups = c.attributes().integer("offset_group", 1);
    int axes = output.length;
    Tensor offsets = c.x(2).reshape(n * groups, taps, axes, points);
    List<Tensor> places = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      Tensor windows =
          steps(output[axis], space.stride()[axis], -space.begin()[axis], x, axis, output);
      Tensor within =
          steps(space.kernel()[axis], space.dilation()[axis], 0, x, axis, space.kernel());
      Tensor place = offsets.select(2, axis).add(within.unsqueeze(1)).add(windows);
      places.add(place.reshape(n * groups, -1));
    }
    long[] split = x.shape();
    split[0] = n * groups;
    split[1] = x.size(1) / groups;
    Tensor read =
        Sampling.read(x.reshape(split), places, Sampling.Mode.LINEAR, Sampling.Edge.ZEROS);
    Tensor masked = c.optional(4).map(m -> read.mul(m.reshape(n * groups, 1, -1))).orElse(read);
    return masked.reshape(n, x.size(1), taps, points);
  }

  private static Tensor steps(
      long count, long stride, long start, Tensor x, int axis, long[] space) {
    Tensor values = Tensors.arange(count).to(x.dtype()).mul((double) stride).add((double) start);
    return spread(values, axis, space);
  }
}
