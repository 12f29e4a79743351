package io.afterimage.graph.ops;

import io.afterimage.graph.Node;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import java.util.Collections;
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
   * @param reason why not; or, where they do, which function's gradients stand in for its own
   */
  public record Entry(Operator operator, boolean differentiable, String reason) {}

  private static final Map<String, Entry> ALL = new HashMap<>();
  private static final Map<String, StackedOperator> STACKED = new HashMap<>();

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
    Einsum.register();
    Casts.register();
    Bitwise.register();
    Losses.register();
    Updates.register();
    Quantisation.register();
    IntegerProducts.register();
    Fused.register();
    QuantisedLayers.register();
    Ml.register();
    SupportVectors.register();
    Encoders.register();
    Trees.register();
    ControlFlow.register();
    Dictionaries.register();
    Sequences.register();
    TextOps.register();
    Attention.register();
    FusedAttention.register();
    GroupedAttention.register();
    Positions.register();
    Recurrent.register();
    Reversal.register();
    Resize.register();
    Grids.register();
    Regions.register();
    Boxes.register();
    Signals.register();
    Patches.register();
    Uniques.register();
    Images.register();
    Drawing.register();
    FlexAttention.register();
    StackedForms.register();
  }

  private Operators() {}

  /** Every operator by its domain and type, {@code com.microsoft:Gelu} or {@code :Relu}. */
  public static Map<String, Entry> all() {
    return Collections.unmodifiableMap(ALL);
  }

  /** The operator of this domain and type, if it is known. */
  public static Optional<Entry> find(String domain, String type) {
    return Optional.ofNullable(ALL.get(domain + ":" + type));
  }

  /** The form of this operator for several models at once, if it has one. */
  public static Optional<StackedOperator> findStacked(String domain, String type) {
    return Optional.ofNullable(STACKED.get(domain + ":" + type));
  }

  /** The form of a standard operator for several models at once. */
  static void stacked(String type, StackedOperator operator) {
    STACKED.put(":" + type, operator);
  }

  /** How an operator of com.microsoft executes several models at once. */
  static void stackedFused(String type, StackedOperator operator) {
    STACKED.put(Node.MICROSOFT + ":" + type, operator);
  }

  /** A standard operator with one output. */
  static void one(String type, Function<Call, Tensor> function) {
    many(type, single(function));
  }

  /** A standard operator. */
  static void many(String type, Operator operator) {
    put("", type, operator, true, "");
  }

  /** A standard operator with one output through which no gradient flows. */
  static void flat(String type, String reason, Function<Call, Tensor> function) {
    flatMany(type, reason, single(function));
  }

  /** A standard operator through which no gradient flows. */
  static void flatMany(String type, String reason, Operator operator) {
    put("", type, operator, false, reason);
  }

  /** An operator of ai.onnx.ml through which gradients flow. */
  static void ml(String type, Operator operator) {
    put(Node.ML, type, operator, true, "");
  }

  /** An operator of ai.onnx.ml through which no gradient flows. */
  static void flatMl(String type, String reason, Operator operator) {
    put(Node.ML, type, operator, false, reason);
  }

  /** An operator whose gradients are those of another function, which is named. */
  static void surrogate(String domain, String type, String function, Operator operator) {
    put(domain, type, operator, true, function);
  }

  /** An operator of a domain that is neither the standard one nor ai.onnx.ml. */
  static void in(String domain, String type, Operator operator) {
    put(domain, type, operator, true, "");
  }

  static Operator single(Function<Call, Tensor> function) {
    return call -> List.of(Value.of(function.apply(call)));
  }

  private static void put(
      String domain, String type, Operator operator, boolean differentiable, String reason) {
    Operator whole = domain.isEmpty() ? Unsigned.widened(type, operator) : operator;
    ALL.put(domain + ":" + type, new Entry(whole, differentiable, reason));
  }
}
