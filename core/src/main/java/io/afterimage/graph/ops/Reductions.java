package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/** Sums, means, norms and extremes over axes, and running sums. */
final class Reductions {
  private static final String STEPS = "its output is an index";

  private Reductions() {}

  /** A reduction over these axes. */
  private interface Reduction {
    Tensor apply(Tensor x, boolean keep, long... axes);
  }

  static void register() {
    reduction("ReduceSum", (x, keep, axes) -> x.sum(keep, axes).to(x.dtype()));
    reduction("ReduceMean", Reductions::mean);
    extreme("ReduceMax", Tensor::max, true);
    extreme("ReduceMin", Tensor::min, false);
    reduction("ReduceProd", Reductions::product);
    reduction("ReduceL1", (x, keep, axes) -> x.abs().sum(keep, axes).to(x.dtype()));
    reduction("ReduceL2", Reductions::euclidean);
    reduction("ReduceLogSum", (x, keep, axes) -> x.sum(keep, axes).log());
    reduction("ReduceLogSumExp", (x, keep, axes) -> Maths.logSumExp(x, keep, axes));
    reduction("ReduceSumSquare", (x, keep, axes) -> x.square().sum(keep, axes).to(x.dtype()));
    Operators.flat("ArgMax", STEPS, c -> argMax(c, c.x(0)));
    Operators.flat("ArgMin", STEPS, c -> argMax(c, negated(c.x(0))));
    Operators.one("CumSum", c -> cumulative(c, 0, Maths::cumulativeSum));
    Operators.one("CumProd", c -> cumulative(c, 1, Maths::cumulativeProduct));
  }

  private static void reduction(String type, Reduction reduction) {
    Operators.one(type, c -> reduce(c, reduction));
  }

  private static void extreme(String type, Reduction reduction, boolean greatest) {
    reduction(
        type,
        (x, keep, axes) ->
            x.count() == 0
                ? ofNothing(x.dtype(), greatest).expand(x.sum(keep, axes).shape())
                : reduction.apply(x, keep, axes));
  }

  /** The greatest of nothing is the least number of its type, and the other way round. */
  private static Tensor ofNothing(DType type, boolean greatest) {
    if (type.isFloating()) {
      double infinity = Double.POSITIVE_INFINITY;
      return Tensors.scalar(greatest ? -infinity : infinity).to(type);
    }
    int bits = type == DType.BOOL ? 1 : 8 * type.bytes();
    boolean signed = type != DType.BOOL && type != DType.UBYTE;
    long least = signed ? -1L << (bits - 1) : 0;
    return Tensors.scalar(greatest ? least : signed ? ~least : (1L << bits) - 1).to(type);
  }

  /** Since version 13 (sums) or 18 (the others) the axes are an input, which may be empty. */
  private static Tensor reduce(Call c, Reduction reduction) {
    Tensor x = c.x(0);
    long[] axes = c.axes(c.longs(1, "axes").orElse(new long[0]), x.rank());
    boolean keep = c.attributes().flag("keepdims", true);
    if (axes.length == 0) {
      if (c.attributes().flag("noop_with_empty_axes", false)) {
        return reduction.apply(x.unsqueeze(0), false, 0);
      }
      axes = LongStream.range(0, x.rank()).toArray();
    }
    return axes.length == 0
        ? reduction.apply(x.unsqueeze(0), false, 0)
        : reduction.apply(x, keep, axes);
  }

  private static Tensor mean(Tensor x, boolean keep, long... axes) {
    return x.dtype().isFloating()
        ? x.mean(keep, axes)
        : x.to(DType.DOUBLE).mean(keep, axes).to(x.dtype());
  }

  private static Tensor euclidean(Tensor x, boolean keep, long... axes) {
    return x.dtype().isFloating()
        ? Maths.norm(x, keep, axes)
        : Maths.norm(x.to(DType.DOUBLE), keep, axes).to(x.dtype());
  }

  private static Tensor product(Tensor x, boolean keep, long... axes) {
    Tensor result = x;
    for (long axis : axes) {
      result = Maths.product(result, (int) axis, true);
    }
    return (keep ? result : result.squeeze(axes)).to(x.dtype());
  }

  private static Tensor negated(Tensor x) {
    return x.dtype() == DType.UBYTE ? x.to(DType.INT).neg() : x.neg();
  }

  private static Tensor argMax(Call c, Tensor x) {
    int axis = c.axis(c.attributes().integer("axis", 0), x.rank());
    boolean keep = c.attributes().flag("keepdims", true);
    if (!c.attributes().flag("select_last_index", false)) {
      return x.argmax(axis, keep);
    }
    Tensor fromBehind = Indexing.flip(x, axis).argmax(axis, keep);
    return Tensors.scalar(x.size(axis) - 1).sub(fromBehind);
  }

  /** Running sums or products; exclusive ones begin with their neutral element. */
  private static Tensor cumulative(
      Call c, double neutral, BiFunction<Tensor, Integer, Tensor> running) {
    boolean reverse = c.attributes().flag("reverse", false);
    Tensor x = c.x(0);
    int axis = c.axis(c.longs(1)[0], x.rank());
    Tensor forward = reverse ? Indexing.flip(x, axis) : x;
    if (c.attributes().flag("exclusive", false)) {
      long[] counts = new long[2 * (x.rank() - axis)];
      counts[counts.length - 2] = 1;
      counts[counts.length - 1] = -1;
      forward = Indexing.pad(forward, neutral, counts);
    }
    Tensor result = running.apply(forward, axis).to(x.dtype());
    return reverse ? Indexing.flip(result, axis) : result;
  }
}
