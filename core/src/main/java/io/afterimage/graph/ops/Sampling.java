package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;

/**
 * Reads pictures at places between their elements.
 *
 * <p>Made of gathers and products, because libtorch's own sampler cannot be differentiated twice.
 * With respect to places the gradient is that of the interpolation; nearest neighbours have none.
 */
final class Sampling {
  private static final double CUBIC = -0.75;

  private Sampling() {}

  /** What lies between elements. */
  enum Mode {
    NEAREST,
    LINEAR,
    CUBIC
  }

  /** What lies beyond the first and the last element. */
  enum Edge {
    /** Zeros. */
    ZEROS,
    /** The outermost element. */
    BORDER,
    /** A reflection about the centre of the outermost element. */
    MIRROR_CENTRES,
    /** A reflection about the outer edge of the outermost element. */
    MIRROR_EDGES
  }

  /** An element that is read: its index and its weight, [n, points] each. */
  private record Tap(Tensor index, Tensor weight) {
    /** With the tap of a further axis. */
    Tap with(Tap next, long size) {
      Tensor rows = index.mul(Tensors.scalar(size));
      return new Tap(rows.add(next.index), weight.mul(next.weight));
    }
  }

  /**
   * Reads at some points.
   *
   * @param x [n, channels, …]
   * @param places one an axis of space, counted in elements: [n, points]
   * @return [n, channels, points]
   */
  static Tensor read(Tensor x, List<Tensor> places, Mode mode, Edge edge) {
    long n = x.size(0);
    long channels = x.size(1);
    long points = places.get(0).size(1);
    Tensor flat = x.reshape(n, channels, -1);
    Tensor sum = Tensors.zeros(x.dtype(), n, channels, points);
    for (Tap tap : taps(x, places, mode, edge)) {
      Tensor index = tap.index.unsqueeze(1).expand(n, channels, points);
      sum = sum.add(Indexing.gather(flat, 2, index).mul(tap.weight.unsqueeze(1)));
    }
    return sum;
  }

  /** The taps of all axes: every tap of one with every tap of the others. */
  private static List<Tap> taps(Tensor x, List<Tensor> places, Mode mode, Edge edge) {
    List<Tap> all = taps(places.get(0), x.size(2), mode, edge);
    for (int axis = 1; axis < places.size(); axis++) {
      long size = x.size(axis + 2);
      List<Tap> own = taps(places.get(axis), size, mode, edge);
      all = all.stream().flatMap(a -> own.stream().map(b -> a.with(b, size))).toList();
    }
    return all;
  }

  /** The taps of one axis. */
  private static List<Tap> taps(Tensor place, long size, Mode mode, Edge edge) {
    if (mode == Mode.NEAREST) {
      Tensor nearest = Maths.round(place.detach());
      return List.of(tap(nearest, Tensors.ones(place.dtype(), place.shape()), size, edge));
    }
    Tensor left = Maths.floor(place.detach());
    Tensor t = place.sub(left);
    if (mode == Mode.LINEAR) {
      return List.of(tap(left, t.neg().add(1), size, edge), tap(left.add(1), t, size, edge));
    }
    Tensor rest = t.neg().add(1);
    return List.of(
        tap(left.sub(1), far(t.add(1)), size, edge),
        tap(left, near(t), size, edge),
        tap(left.add(1), near(rest), size, edge),
        tap(left.add(2), far(rest.add(1)), size, edge));
  }

  /** Keys' cubic kernel up to distance 1. */
  private static Tensor near(Tensor d) {
    return d.mul(CUBIC + 2).sub(CUBIC + 3).mul(d).mul(d).add(1);
  }

  /** Keys' cubic kernel from distance 1 to 2. */
  private static Tensor far(Tensor d) {
    return d.mul(CUBIC).sub(5 * CUBIC).mul(d).add(8 * CUBIC).mul(d).sub(4 * CUBIC);
  }

  private static Tap tap(Tensor place, Tensor weight, long size, Edge edge) {
    Tensor index = place.to(DType.LONG);
    Tensor last = Tensors.scalar(size - 1);
    Tensor clamped = Maths.minimum(Maths.maximum(index, Tensors.scalar(0L)), last);
    return switch (edge) {
      case ZEROS -> new Tap(clamped, weight.mul(index.eq(clamped).to(weight.dtype())));
      case BORDER -> new Tap(clamped, weight);
      case MIRROR_CENTRES -> new Tap(mirrored(index, Math.max(1, 2 * size - 2), 0, size), weight);
      case MIRROR_EDGES -> new Tap(mirrored(index, 2 * size, 1, size), weight);
    };
  }

  private static Tensor mirrored(Tensor index, long period, long shift, long size) {
    Tensor lap = Maths.remainder(index, Tensors.scalar(period));
    Tensor back = Tensors.scalar(period - shift).sub(lap);
    return lap.where(lap.lt((double) size), back);
  }
}
