package io.afterimage.graph.ops;

import io.afterimage.graph.Node;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Every operator that the interpreter knows. Adding one is one entry in the file of its family. */
public final class Operators {
  /**
   * An operator and what is known of it.
   *
   * @param differentiable whether gradients flow through it
   * @param reason why not
   */
  public record Entry(Operator operator, boolean differentiable, String reason) {}

  private static final Map<String, Entry> ALL = new HashMap<>();

  static {
    Arithmetic.register();
    Activations.register();
    Convolutions.register();
    Pooling.register();
    Normalisation.register();
    Reductions.register();
    ShapeOps.register();
    Constants.register();
    Indexes.register();
    LinearAlgebra.register();
    Quantisation.register();
    Ml.register();
    Encoders.register();
    Trees.register();
    ControlFlow.register();
    Sequences.register();
    TextOps.register();
  }

  private Operators() {}

  /** The operator of this domain and type, if it is known. */
  public static Optional<Entry> find(String domain, String type) {
    return Optional.ofNullable(ALL.get(domain + ":" + type));
  }

  /** A standard operator with one output. */
  static void one(String type, Function<Call, Tensor> function) {
    many(type, call -> List.of(Value.of(function.apply(call))));
  }

  /** A standard operator. */
  static void many(String type, Operator operator) {
    ALL.put(":" + type, new Entry(operator, true, ""));
  }

  /** A standard operator with one output through which no gradient flows. */
  static void flat(String type, String reason, Function<Call, Tensor> function) {
    flatMany(type, reason, call -> List.of(Value.of(function.apply(call))));
  }

  /** A standard operator through which no gradient flows. */
  static void flatMany(String type, String reason, Operator operator) {
    ALL.put(":" + type, new Entry(operator, false, reason));
  }

  /** An operator of ai.onnx.ml through which gradients flow. */
  static void ml(String type, Operator operator) {
    ALL.put(Node.ML + ":" + type, new Entry(operator, true, ""));
  }

  /** An operator of ai.onnx.ml through which no gradient flows. */
  static void flatMl(String type, String reason, Operator operator) {
    ALL.put(Node.ML + ":" + type, new Entry(operator, false, reason));
  }
}
