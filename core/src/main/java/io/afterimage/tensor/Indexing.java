package io.afterimage.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Choosing, joining, splitting and ordering elements. Indices are LONG. */
public final class Indexing {
  private Indexing() {}

  /** Values and the indices they had. */
  public record Ordered(Tensor values, Tensor indices) {}

  /** The rows (or columns, …) of these indices, a vector. */
  public static Tensor indexSelect(Tensor x, int axis, Tensor indices) {
    return Tensor.of(x.raw().index_select(axis, indices.raw()));
  }

  /** One element for each index, at that place along the axis. */
  public static Tensor gather(Tensor x, int axis, Tensor indices) {
    return Tensor.of(x.raw().gather(axis, indices.raw()));
  }

  /** A copy with each value written to its index along the axis. */
  public static Tensor scatter(Tensor x, int axis, Tensor indices, Tensor values) {
    return Tensor.of(x.raw().scatter(axis, indices.raw(), values.raw()));
  }

  /** A copy with each value added at its index along the axis. */
  public static Tensor scatterAdd(Tensor x, int axis, Tensor indices, Tensor values) {
    return Tensor.of(x.raw().scatter_add(axis, indices.raw(), values.raw()));
  }

  /** How values that meet at one place are put together. */
  public enum Reduction {
    SUM("sum"),
    PRODUCT("prod"),
    GREATEST("amax"),
    LEAST("amin");

    private final String name;

    Reduction(String name) {
      this.name = name;
    }
  }

  /** A copy with each value put together with what stands at its index along the axis. */
  public static Tensor scatterReduce(
      Tensor x, int axis, Tensor indices, Tensor values, Reduction reduction) {
    return Tensor.of(
        torch.scatter_reduce(
            x.raw(), axis, indices.raw(), values.raw(), reduction.name, /* include_self= */ true));
  }

  /** A copy with the value where the condition holds. */
  public static Tensor maskedFill(Tensor x, Tensor condition, double value) {
    return Tensor.of(x.raw().masked_fill(condition.raw(), Scalars.of(value)));
  }

  /** Indices of the elements that are not zero, one row each. */
  public static Tensor nonZero(Tensor x) {
    return Tensor.of(x.raw().nonzero());
  }

  /** One column a class, 1 in the column of the row's class: FLOAT. */
  public static Tensor oneHot(Tensor classes, long count) {
    try (org.bytedeco.pytorch.Tensor whole = torch.one_hot(classes.raw(), count)) {
      return Tensor.of(whole.to(DType.FLOAT.scalarType()));
    }
  }

  /** Joined along an axis that they have. */
  public static Tensor cat(List<Tensor> tensors, int axis) {
    try (TensorVector vector = Autograd.vector(tensors)) {
      return Tensor.of(torch.cat(vector, axis));
    }
  }

  /** Joined along a new axis. */
  public static Tensor stack(List<Tensor> tensors, int axis) {
    try (TensorVector vector = Autograd.vector(tensors)) {
      return Tensor.of(torch.stack(vector, axis));
    }
  }

  /** Cut along an axis into pieces of these extents, which make up the whole; they share memory. */
  public static List<Tensor> split(Tensor x, int axis, long... extents) {
    return unpacked(x.raw().split_with_sizes(extents, axis));
  }

  /** Every element of an axis, which goes away; they share memory. */
  public static List<Tensor> unbind(Tensor x, int axis) {
    return unpacked(x.raw().unbind(axis));
  }

  private static List<Tensor> unpacked(TensorVector vector) {
    try (vector) {
      List<Tensor> tensors = new ArrayList<>((int) vector.size());
      for (long i = 0; i < vector.size(); i++) {
        tensors.add(Tensor.copyOf(vector.get(i)));
      }
      return tensors;
    }
  }

  /** Repeated so many times along each axis. */
  public static Tensor tile(Tensor x, long... times) {
    return Tensor.of(x.raw().repeat(times));
  }

  /** Each element repeated along one axis: 1 2 becomes 1 1 2 2. */
  public static Tensor repeatEach(Tensor x, int axis, long times) {
    try (LongOptional along = new LongOptional(axis)) {
      return Tensor.of(x.raw().repeat_interleave(times, along, Absent.LONG));
    }
  }

  public static Tensor flip(Tensor x, long... axes) {
    return Tensor.of(x.raw().flip(axes));
  }

  /**
   * Padded with a value; a negative count cuts.
   *
   * @param counts before and after, the last axis first: {left, right, top, bottom, …}
   */
  public static Tensor pad(Tensor x, double value, long... counts) {
    return Tensor.of(torch.constant_pad_nd(x.raw(), counts, Scalars.of(value)));
  }

  /** The k greatest (or least) along an axis, in that order. */
  public static Ordered topK(Tensor x, long k, int axis, boolean greatest) {
    return ordered(x.raw().topk(k, axis, greatest, /* sorted= */ true));
  }

  /** Sorted along an axis; equals keep their order. */
  public static Ordered sort(Tensor x, int axis, boolean descending) {
    try (BoolOptional stable = new BoolOptional(true)) {
      return ordered(x.raw().sort(stable, axis, descending));
    }
  }

  /** Zero below the k-th diagonal of the last two axes. */
  public static Tensor upperTriangle(Tensor x, long k) {
    return Tensor.of(torch.triu(x.raw(), k));
  }

  /** Zero above the k-th diagonal of the last two axes. */
  public static Tensor lowerTriangle(Tensor x, long k) {
    return Tensor.of(torch.tril(x.raw(), k));
  }

  static Ordered ordered(T_TensorTensor_T pair) {
    try (pair) {
      return new Ordered(Tensor.copyOf(pair.get0()), Tensor.copyOf(pair.get1()));
    }
  }
}
