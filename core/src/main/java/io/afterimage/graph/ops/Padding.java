package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/** Pad: with a constant, the edge, a reflection, or the other end. */
final class Padding {
  private Padding() {}

  static Tensor pad(Call c) {
    Tensor x = c.x(0);
    long[] pads =
        (c.opset() < 2 ? c.attributes().integers("paddings") : c.longs(1, "pads"))
            .orElseThrow(() -> c.error("is given no pads"));
    long[] axes = c.has(3) ? c.axes(c.longs(3), x.rank()) : LongStream.range(0, x.rank()).toArray();
    if (pads.length != 2 * axes.length) {
      throw c.error("has %d pads for %d axes".formatted(pads.length, axes.length));
    }
    long[] begin = new long[x.rank()];
    long[] end = new long[x.rank()];
    for (int i = 0; i < axes.length; i++) {
      begin[(int) axes[i]] = pads[i];
      end[(int) axes[i]] = pads[axes.length + i];
    }
    long[] shape = x.shape();
    for (int i = 0; i < shape.length; i++) {
      shape[i] += begin[i] + end[i];
    }
    c.sized(shape);
    String mode = c.attributes().text("mode", "constant");
    return mode.equals("constant") ? constant(c, x, begin, end) : mirrored(c, x, mode, begin, end);
  }

  private static Tensor constant(Call c, Tensor x, long[] begin, long[] end) {
    long[] counts = Spatial.reversed(begin, end);
    Optional<Tensor> variable = c.optional(2).filter(Tensor::requiresGrad);
    if (variable.isPresent()) {
      // libtorch pads with a number, through which no gradient flows to the input that gives it.
      Tensor added = Indexing.pad(Tensors.zeros(DType.UBYTE, x.shape()), 1, counts).to(DType.BOOL);
      return variable.get().reshape().where(added, Indexing.pad(x, 0, counts));
    }
    double value = c.has(2) ? c.x(2).item() : c.attributes().number("value", 0);
    return x.dtype() == DType.BOOL
        ? Indexing.pad(x.to(DType.UBYTE), value, counts).to(DType.BOOL)
        : Indexing.pad(x, value, counts);
  }

  // Each axis by itself: the index that each place of the result shows.
  private static Tensor mirrored(Call c, Tensor x, String mode, long[] begin, long[] end) {
    Tensor result = x;
    for (int axis = 0; axis < begin.length; axis++) {
      long size = x.size(axis);
      if (begin[axis] == 0 && end[axis] == 0) {
        continue;
      }
      if (size == 0) {
        throw c.error("has nothing to pad with in shape " + Arrays.toString(x.shape()));
      }
      long[] indices =
          LongStream.range(-begin[axis], size + end[axis])
              .map(i -> source(c, mode, i, size))
              .toArray();
      result = Indexing.indexSelect(result, axis, Tensors.of(indices, indices.length));
    }
    return result;
  }

  private static long source(Call c, String mode, long index, long size) {
    return switch (mode) {
      case "edge" -> Math.max(0, Math.min(size - 1, index));
      case "wrap" -> Math.floorMod(index, size);
      case "reflect" -> {
        long period = Math.max(1, 2 * (size - 1));
        long place = Math.floorMod(index, period);
        yield place < size ? place : period - place;
      }
      default -> throw c.error("has mode " + mode + ", which is not supported");
    };
  }
}
