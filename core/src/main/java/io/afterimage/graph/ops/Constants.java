package io.afterimage.graph.ops;

import io.afterimage.graph.ElementType;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/** Operators whose output the graph fixes: constants, shapes, ranges. */
final class Constants {
  private static final String SHAPE = "its output depends on shapes alone";

  private Constants() {}

  static void register() {
    Operators.many("Constant", c -> List.of(constant(c)));
    Operators.flat("ConstantOfShape", SHAPE, Constants::ofShape);
    Operators.flat("Shape", SHAPE, Constants::shape);
    Operators.flat("Size", SHAPE, c -> Tensors.scalar(count(c.value(0))));
    Operators.flat("Range", "its output is a sequence of fixed steps", Constants::range);
    Operators.flat("EyeLike", SHAPE, Constants::eye);
  }

  private static Value constant(Call c) {
    if (c.attributes().has("value")) {
      return c.constant("value");
    }
    if (c.attributes().has("value_float")) {
      return Value.of(Tensors.scalar((float) c.attributes().number("value_float", 0)).to(c.real()));
    }
    if (c.attributes().has("value_int")) {
      return Value.of(Tensors.scalar(c.attributes().integer("value_int", 0)));
    }
    if (c.attributes().has("value_string")) {
      return new Value.Strings(List.of(c.attributes().text("value_string", "")), new long[0]);
    }
    if (c.attributes().has("value_floats")) {
      float[] values = c.attributes().numbers("value_floats").orElseThrow();
      return Value.of(Tensors.of(values, values.length).to(c.real()));
    }
    if (c.attributes().has("value_strings")) {
      List<String> values = c.attributes().texts("value_strings").orElseThrow();
      return new Value.Strings(values, new long[] {values.size()});
    }
    long[] values =
        c.attributes().integers("value_ints").orElseThrow(() -> c.error("holds no value"));
    return Value.of(Tensors.of(values, values.length));
  }

  private static Tensor ofShape(Call c) {
    long[] shape = c.sized(c.longs(0));
    if (!c.attributes().has("value")) {
      return Tensors.zeros(c.real(), shape);
    }
    if (c.constant("value") instanceof Value.Numbers filler) {
      long[] ones = new long[shape.length];
      Arrays.fill(ones, 1);
      return filler.tensor().reshape(ones).expand(shape);
    }
    throw c.error("fills a shape with texts, which is not supported");
  }

  private static Tensor shape(Call c) {
    long[] shape = c.value(0).shape();
    int from = bounded(c.attributes().integer("start", 0), shape.length);
    int to = bounded(c.attributes().integer("end", shape.length), shape.length);
    long[] part = Arrays.copyOfRange(shape, from, Math.max(from, to));
    return Tensors.of(part, part.length);
  }

  private static int bounded(long index, int rank) {
    return (int) Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
  }

  private static long count(Value value) {
    return Arrays.stream(value.shape()).reduce(1, Math::multiplyExact);
  }

  private static Tensor range(Call c) {
    double start = c.x(0).item();
    double end = c.x(1).item();
    double step = c.x(2).item();
    double count = Math.max(0, Math.ceil((end - start) / step));
    if (Double.isNaN(count)) {
      throw c.error("has step " + step);
    }
    c.sized((long) Math.min(count, Long.MAX_VALUE));
    // Counted, so that the last element never depends on rounding.
    DType type = c.x(0).dtype();
    return Tensors.arange((long) count).to(type).mul(c.x(2)).add(c.x(0)).to(type);
  }

  private static Tensor eye(Call c) {
    Tensor x = c.x(0);
    DType type =
        ElementType.of((int) c.attributes().integer("dtype", 0))
            .flatMap(ElementType::dtype)
            .map(c::type)
            .orElse(x.dtype());
    Tensor rows = Tensors.arange(x.size(0)).unsqueeze(1);
    Tensor columns = Tensors.arange(x.size(1)).unsqueeze(0);
    Tensor offset = Tensors.scalar(c.attributes().integer("k", 0));
    return columns.sub(rows).eq(offset).to(type);
  }
}
