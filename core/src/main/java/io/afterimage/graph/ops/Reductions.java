package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
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
    extreme("ReduceMax", Tensor::max);
    extreme("ReduceMin", Tensor::min);
    reduction("ReduceProd", Reductions::product);
    reduction("ReduceL1", (x, keep, axes) -> x.abs().sum(keep, axes).to(x.dtype()));
    reduction("ReduceL2", Reductions::euclidean);
    reduction("ReduceLogSum", (x, keep, axes) -> x.sum(keep, axes).log());
    reduction("ReduceLogSumExp", (x, keep, axes) -> Maths.logSumExp(x, keep, axes));
    reduction("ReduceSumSquare", (x, keep, axes) -> x.square().sum(keep, axes).to(x.dtype()));
    Operators.flat("ArgMax", STEPS, c -> argMax(c, c.x(0)));
    Operators.flat("ArgMin", STEPS, c -> argMax(c, negated(c.x(0))));
    Operators.one("CumSum", Reductions::cumulative);
  }

  private static void reduction(String type, Reduction reduction) {
    Operators.one(type, c -> reduce(c, reduction));
  }

  private static void extreme(String type, Reduction reduction) {
    Operators.one(
        type,
        c -> {
          if (c.x(0).count() == 0) {
            throw c.error("looks for the extreme of nothing, which is not supported");
          }
          return reduce(c, reduction);
        });
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

  private static Tensor cumulative(Call c) {
    boolean reverse = c.attributes().flag("reverse", false);
    Tensor x = c.x(0);
    int axis = c.axis(c.longs(1)[0], x.rank());
    Tensor forward = reverse ? Indexing.flip(x, axis) : x;
    Tensor sums = Maths.cumulativeSum(forward, axis).to(x.dtype());
    if (c.attributes().flag("exclusive", false)) {
      sums = sums.sub(forward);
    }
    return reverse ? Indexing.flip(sums, axis) : sums;
  }
}
