package io.afterimage.graph.ops;

import io.afterimage.graph.ElementType;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Attention whose scores and weights a graph of the model's own may change (FlexAttention of
 * ai.onnx.preview). Queries, keys and values are [batch, heads, sequence, size].
 */
final class FlexAttention {
  private static final String DOMAIN = "ai.onnx.preview";

  private FlexAttention() {}

  static void register() {
    Operators.in(DOMAIN, "FlexAttention", Operators.single(FlexAttention::attend));
  }

  private static Tensor attend(Call c) {
    Tensor query = c.x(0);
    Tensor key = c.x(1);
    Tensor value = c.x(2);
    if (query.rank() != 4 || key.rank() != 4 || value.rank() != 4) {
      throw c.error("needs four dimensions of queries, keys and values");
    }
    long groups = Attention.groups(c, query, key);
    c.sized(query.size(0), query.size(1), query.size(2), key.size(2));
    Tensor scores = Attention.scores(c, query, Attention.repeated(key, groups));
    Tensor changed = changed(c, "score_mod", scores.to(precision(c, query.dtype())));
    Tensor weights = changed(c, "prob_mod", changed.softmax(-1));
    return weights.to(query.dtype()).matmul(Attention.repeated(value, groups));
  }

  /** Short types are softened in single precision unless the node says otherwise. */
  private static DType precision(Call c, DType type) {
    DType usual = type == DType.DOUBLE ? DType.DOUBLE : c.type(DType.FLOAT);
    return ElementType.of((int) c.attributes().integer("softmax_precision", 0))
        .flatMap(ElementType::dtype)
        .map(c::type)
        .orElse(usual);
  }

  private static Tensor changed(Call c, String graph, Tensor x) {
    if (!c.attributes().has(graph)) {
      return x;
    }
    List<Value> outputs = c.run(c.subgraph(graph), List.of(Value.of(x)));
    if (outputs.size() == 1 && outputs.get(0) instanceof Value.Numbers numbers) {
      if (Arrays.equals(numbers.shape(), x.shape())) {
        return numbers.tensor();
      }
    }
    throw c.error("has a graph %s that does not give one tensor of shape %s".formatted(graph, x));
  }
}
