package io.afterimage.graph.ops;

import io.afterimage.graph.Node;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Operators that pick and place by index. Negative indices count from the end. */
final class Indexes {
  private Indexes() {}

  static void register() {
    Operators.many("Gather", Indexes::gather);
    Operators.one("GatherElements", Indexes::gatherElements);
    Operators.one("GatherND", Indexes::gatherNd);
    Operators.one("ScatterElements", Indexes::scatterElements);
    Operators.one("Scatter", Indexes::scatterElements);
    Operators.one("ScatterND", Indexes::scatterNd);
    Operators.one("Compress", Indexes::compress);
    Operators.one("Trilu", Indexes::triangle);
    Operators.in(Node.MICROSOFT, "Trilu", Operators.single(Indexes::triangle));
    Operators.many("TopK", Indexes::topK);
    Operators.flat("OneHot", "its input is a class", Indexes::oneHot);
    Operators.flat("NonZero", "its output is an index", c -> Indexing.nonZero(c.x(0)).t());
  }

  /** Indices counted from the front, checked. */
  static Tensor indices(Call c, Tensor indices, long size) {
    Tensor whole = indices.to(DType.LONG);
    if (whole.count() > 0 && (whole.min(false).item() < -size || whole.max(false).item() >= size)) {
      throw c.error("has an index out of range for a dimension of " + size);
    }
    return whole.add(Tensors.scalar(size)).where(whole.lt(0), whole);
  }

  private static List<Value> gather(Call c) {
    long[] shape = c.value(0).shape();
    int axis = c.axis(c.attributes().integer("axis", 0), shape.length);
    Tensor indices = indices(c, c.x(1), shape[axis]);
    long[] result = c.sized(spliced(shape, axis, indices.shape()));
    if (c.value(0) instanceof Value.Strings strings) {
      if (shape.length != 1) {
        throw c.error("picks from texts of more than one dimension, which is not supported");
      }
      List<String> picked =
          Arrays.stream(indices.toLongs()).mapToObj(i -> strings.values().get((int) i)).toList();
      return List.of(new Value.Strings(picked, result));
    }
    Tensor picked = Indexing.indexSelect(c.x(0), axis, indices.reshape(-1));
    return List.of(Value.of(picked.reshape(result)));
  }

  private static long[] spliced(long[] shape, int axis, long[] instead) {
    return LongStream.concat(
            LongStream.concat(Arrays.stream(shape, 0, axis), Arrays.stream(instead)),
            Arrays.stream(shape, axis + 1, shape.length))
        .toArray();
  }

  private static Tensor gatherElements(Call c) {
    Tensor x = c.x(0);
    int axis = c.axis(c.attributes().integer("axis", 0), x.rank());
    return Indexing.gather(x, axis, indices(c, c.x(1), x.size(axis)));
  }

  private static Tensor scatterElements(Call c) {
    Tensor x = c.x(0);
    int axis = c.axis(c.attributes().integer("axis", 0), x.rank());
    Tensor indices = indices(c, c.x(1), x.size(axis));
    return placed(c, x, axis, indices, c.x(2));
  }

  /** A copy of x with the values at their indices, put together as the node says. */
  private static Tensor placed(Call c, Tensor x, int axis, Tensor indices, Tensor values) {
    return switch (c.attributes().text("reduction", "none")) {
      case "none" -> Indexing.scatter(x, axis, indices, values);
      case "add" -> Indexing.scatterAdd(x, axis, indices, values);
      case "mul" -> Indexing.scatterReduce(x, axis, indices, values, Indexing.Reduction.PRODUCT);
      case "max" -> Indexing.scatterReduce(x, axis, indices, values, Indexing.Reduction.GREATEST);
      case "min" -> Indexing.scatterReduce(x, axis, indices, values, Indexing.Reduction.LEAST);
      default -> throw c.error("combines values in a way that is not of the standard");
    };
  }

  /** Rows of the first dimensions, each named by an index tuple. */
  private static Tensor gatherNd(Call c) {
    int batch = (int) c.attributes().integer("batch_dims", 0);
    Tensor x = c.x(0);
    Tensor tuples = c.x(1);
    long[] shape = tuples.shape();
    if (batch < 0 || batch >= shape.length || batch >= x.rank()) {
      throw c.error("has %d batch_dims for %s".formatted(batch, x));
    }
    if (!Arrays.equals(shape, 0, batch, x.shape(), 0, batch)) {
      throw c.error("has batches of different extents: %s and %s".formatted(x, tuples));
    }
    int depth = batch + (int) shape[shape.length - 1];
    Tensor flat = flatIndices(c, x, tuples, batch, depth);
    long[] rest = Arrays.copyOfRange(x.shape(), depth, x.rank());
    long[] result = c.sized(spliced(shape, shape.length - 1, rest));
    return Indexing.indexSelect(rows(x, depth), 0, flat).reshape(result);
  }

  private static Tensor scatterNd(Call c) {
    Tensor x = c.x(0);
    long[] shape = c.x(1).shape();
    int depth = (int) shape[shape.length - 1];
    Tensor rows = rows(x, depth);
    Tensor values = c.x(2).reshape(-1, rows.size(1));
    Tensor flat = flatIndices(c, x, c.x(1), 0, depth).unsqueeze(1).expand(values.shape());
    return placed(c, rows, 0, flat, values).reshape(x.shape());
  }

  private static Tensor rows(Tensor x, int depth) {
    long count = Arrays.stream(x.shape()).limit(depth).reduce(1, Math::multiplyExact);
    long each = Arrays.stream(x.shape()).skip(depth).reduce(1, Math::multiplyExact);
    return x.reshape(count, each);
  }

  /**
   * The rows that tuples name.
   *
   * @param batch how many dimensions they share with x
   * @param depth how many dimensions of x those and the tuples name
   */
  private static Tensor flatIndices(Call c, Tensor x, Tensor tuples, int batch, int depth) {
    if (depth > x.rank()) {
      throw c.error("has index tuples longer than its input has dimensions");
    }
    long count = Arrays.stream(x.shape()).limit(batch).reduce(1, Math::multiplyExact);
    long[] shape = Arrays.copyOf(tuples.shape(), tuples.rank() - 1);
    Arrays.fill(shape, batch, shape.length, 1);
    Tensor flat = batch == 0 ? Tensors.scalar(0L) : Tensors.arange(count).reshape(shape);
    for (int i = batch; i < depth; i++) {
      Tensor index = indices(c, tuples.select(-1, i - batch), x.size(i));
      flat = flat.mul(Tensors.scalar(x.size(i))).add(index);
    }
    return flat.reshape(-1);
  }

  private static Tensor compress(Call c) {
    boolean whole = !c.attributes().has("axis");
    Tensor x = whole ? c.x(0).reshape(-1) : c.x(0);
    int axis = whole ? 0 : c.axis(c.attributes().integer("axis", 0), x.rank());
    return Indexing.indexSelect(x, axis, Indexing.nonZero(c.x(1)).reshape(-1));
  }

  private static Tensor triangle(Call c) {
    long k = c.has(1) ? c.longs(1)[0] : 0;
    return c.attributes().flag("upper", true)
        ? Indexing.upperTriangle(c.x(0), k)
        : Indexing.lowerTriangle(c.x(0), k);
  }

  private static List<Value> topK(Call c) {
    Tensor x = c.x(0);
    long k = c.has(1) ? c.longs(1)[0] : c.attributes().integer("k", 1);
    int axis = c.axis(c.attributes().integer("axis", -1), x.rank());
    if (k < 0 || k > x.size(axis)) {
      throw c.error("takes %d of %d".formatted(k, x.size(axis)));
    }
    Indexing.Ordered sorted = Indexing.sort(x, axis, c.attributes().flag("largest", true));
    return List.of(
        Value.of(sorted.values().narrow(axis, 0, k)),
        Value.of(sorted.indices().narrow(axis, 0, k)));
  }

  private static Tensor oneHot(Call c) {
    long depth = c.longs(1)[0];
    Tensor indices = c.x(0).to(DType.LONG).unsqueeze(axisOf(c));
    Tensor off = c.x(2).select(0, 0);
    Tensor on = c.x(2).select(0, 1);
    int rank = indices.rank();
    int axis = c.axis(c.attributes().integer("axis", -1), rank);
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    shape[axis] = depth;
    long[] result = indices.shape();
    result[axis] = depth;
    c.sized(result);
    Tensor places = Tensors.arange(depth).reshape(shape);
    Tensor wrapped = indices.add(Tensors.scalar(depth)).where(indices.lt(0), indices);
    return on.where(wrapped.eq(places), off);
  }

  private static int axisOf(Call c) {
    return c.axis(c.attributes().integer("axis", -1), c.x(0).rank() + 1);
  }
}
