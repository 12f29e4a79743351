package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.graph.TensorData.Numbers;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the parameters of a model: float initializers and Constants that reach a weight, bias,
 * scale or embedding position through operators that only rearrange, and the coefficients of
 * ai.onnx.ml linear models.
 */
final class Parameters {
  /** What each input is to its operator, where it is a parameter; {@code -} where it is none. */
  private static final Map<String, List<String>> ROLES = new HashMap<>();

  static {
    inputs("- weight bias", "Conv ConvTranspose");
    inputs("- weight bias", "com.microsoft.FusedConv com.microsoft.Attention");
    inputs("weight weight bias", "Gemm com.microsoft.FusedGemm");
    inputs("weight weight", "MatMul com.microsoft.FusedMatMul com.microsoft.TransposeMatMul");
    inputs("- weight weight bias", "RNN LSTM GRU");
    inputs("- scale bias", "BatchNormalization InstanceNormalization");
    inputs("- scale bias", "LayerNormalization GroupNormalization");
    inputs("- scale", "RMSNormalization SimplifiedLayerNormalization");
    inputs("- - scale bias bias", "com.microsoft.SkipLayerNormalization");
    inputs("- - scale bias", "com.microsoft.SkipSimplifiedLayerNormalization");
    inputs("embedding", "Gather");
    inputs("- - embedding embedding embedding scale bias", "com.microsoft.EmbedLayerNormalization");
    inputs("- slope", "PRelu");
    inputs("- bias", "com.microsoft.BiasGelu com.microsoft.FastGelu com.microsoft.BiasDropout");
    inputs("- - - bias", "com.microsoft.MultiHeadAttention");
    // Beside whole numbers, which stay as they are.
    inputs("- - bias", "com.microsoft.QAttention");
    inputs("- - - - bias", "com.microsoft.DynamicQuantizeMatMul");
    inputs("- - - - - bias", "com.microsoft.MatMulNBits");
    inputs("- - - - - - bias", "com.microsoft.MatMulIntegerToFloat");
  }

  private static void inputs(String roles, String operators) {
    List<String> each = List.of(roles.split(" "));
    List.of(operators.split(" ")).forEach(operator -> ROLES.put(operator, each));
  }

  private static final Set<String> DEQUANTISING =
      Set.of("DequantizeLinear", "com.microsoft.DequantizeLinear");

  private static final Set<String> REARRANGING =
      Set.of("Transpose", "Reshape", "Cast", "Identity", "Squeeze", "Unsqueeze", "Flatten");

  /** Operators whose sum with a constant is a bias. */
  private static final Set<String> PRODUCTS =
      Set.of(
          "MatMul",
          "Gemm",
          "Conv",
          "ConvTranspose",
          "com.microsoft.FusedMatMul",
          "com.microsoft.TransposeMatMul",
          "com.microsoft.MatMulNBits",
          "com.microsoft.MatMulIntegerToFloat",
          "com.microsoft.DynamicQuantizeMatMul");

  private static final Set<String> LINEAR = Set.of("LinearClassifier", "LinearRegressor");
  static final List<String> COEFFICIENTS = List.of("coefficients", "intercepts");

  private final OnnxModel model;
  private final Map<String, Parameter> found = new LinkedHashMap<>();

  private Parameters(OnnxModel model) {
    this.model = model;
  }

  static List<Parameter> of(OnnxModel model) {
    Parameters parameters = new Parameters(model);
    model.allNodes().forEach(parameters::collect);
    return List.copyOf(parameters.found.values());
  }

  private void collect(Node node) {
    if (node.domain().equals(Node.ML)) {
      coefficients(node);
    }
    for (int i = 0; i < node.inputs().size(); i++) {
      Optional<String> position = position(node, i);
      String reader = position.map(p -> p + " of ").orElse("read by ") + node.label();
      trace(node.inputs().get(i), position.isPresent(), reader);
    }
  }

  private Optional<String> position(Node node, int input) {
    if (node.is("Add") && input < 2 && addsToProduct(node, 1 - input)) {
      return Optional.of("bias");
    }
    List<String> roles = ROLES.getOrDefault(node.operator(), List.of());
    return Optional.of(input)
        .filter(i -> i < roles.size())
        .map(roles::get)
        .filter(role -> !role.equals("-"));
  }

  private boolean addsToProduct(Node node, int other) {
    Optional<Node> producer = model.producer(node.input(other));
    while (producer.isPresent() && rearranges(producer.get())) {
      producer = model.producer(producer.get().input(0));
    }
    return producer.filter(p -> PRODUCTS.contains(p.operator())).isPresent();
  }

  private static boolean rearranges(Node node) {
    return REARRANGING.contains(node.operator()) || DEQUANTISING.contains(node.operator());
  }

  // A constant that is trainable for one reader is trainable.
  private void trace(String value, boolean trainable, String position) {
    Optional<TensorProto> constant = constant(model, value);
    if (constant.isPresent()) {
      if (isFloat(constant.get())) {
        Parameter known = found.get(value);
        if (known == null || (trainable && !known.trainable())) {
          long[] shape = TensorData.shape(constant.get());
          found.put(value, new Parameter(value, shape, trainable, position));
        }
      }
      return;
    }
    Optional<Node> producer = model.producer(value);
    if (trainable && producer.isPresent() && rearranges(producer.get())) {
      // Inputs beyond the first are shapes, axes, or the scale of quantised weights.
      int inputs = DEQUANTISING.contains(producer.get().operator()) ? 2 : 1;
      for (int i = 0; i < Math.min(inputs, producer.get().inputs().size()); i++) {
        trace(producer.get().inputs().get(i), true, position);
      }
    }
  }

  private void coefficients(Node node) {
    if (LINEAR.contains(node.type())) {
      for (String attribute : COEFFICIENTS) {
        node.attributes()
            .numbers(attribute)
            .filter(v -> v.length > 0)
            .ifPresent(
                values -> {
                  String name = name(node.name(), attribute);
                  long[] shape = {values.length};
                  found.put(
                      name, new Parameter(name, shape, true, attribute + " of " + node.label()));
                });
      }
    }
  }

  private static String name(String node, String attribute) {
    return node + "/" + attribute;
  }

  /** The names that parameters in a node's attributes would have. */
  static List<String> namesWithin(Node node) {
    return node.domain().equals(Node.ML) && LINEAR.contains(node.type())
        ? COEFFICIENTS.stream().map(attribute -> name(node.name(), attribute)).toList()
        : List.of();
  }

  /** The numbers of an attribute that is a parameter. */
  static Tensor coefficients(OnnxModel model, String name) {
    for (Node node : model.allNodes()) {
      for (String attribute : COEFFICIENTS) {
        if (name(node.name(), attribute).equals(name)) {
          float[] values = node.attributes().numbers(attribute).orElseThrow();
          return Tensors.of(values, values.length);
        }
      }
    }
    throw new IllegalArgumentException("no parameter " + name);
  }

  private static boolean isFloat(TensorProto tensor) {
    return ElementType.of(tensor.getDataType()).filter(ElementType::isFloating).isPresent();
  }

  /** The tensor of an initializer or of a Constant. */
  static Optional<TensorProto> constant(OnnxModel model, String value) {
    return model
        .initializer(value)
        .or(
            () ->
                model
                    .producer(value)
                    .filter(n -> n.is("Constant"))
                    .flatMap(n -> n.attributes().tensor("value")));
  }

  // ---- writing

  static ModelProto exchange(OnnxModel model, Map<String, Numbers> values) {
    Map<String, Numbers> left = new HashMap<>(values);
    GraphProto graph = exchanged(model.graph(), model.naming(), left);
    Checks.check(
        left.isEmpty(), "%s has no parameter %s", model.name(), List.copyOf(left.keySet()));
    return model.proto().toBuilder().setGraph(graph).build();
  }

  private static GraphProto exchanged(GraphProto graph, Naming naming, Map<String, Numbers> left) {
    GraphProto.Builder builder = graph.toBuilder();
    for (int i = 0; i < builder.getInitializerCount(); i++) {
      String name = naming.of(builder.getInitializer(i).getName());
      Numbers changed = left.remove(name);
      if (changed != null) {
        builder.setInitializer(i, exchanged(builder.getInitializer(i), name, changed));
      }
    }
    for (int i = 0; i < builder.getNodeCount(); i++) {
      builder.setNode(i, exchanged(builder.getNode(i), naming, left));
    }
    return builder.build();
  }

  private static NodeProto exchanged(NodeProto node, Naming naming, Map<String, Numbers> left) {
    List<AttributeProto> attributes = new ArrayList<>();
    for (AttributeProto attribute : node.getAttributeList()) {
      attributes.add(exchanged(node, attribute, naming, left));
    }
    return node.toBuilder().clearAttribute().addAllAttribute(attributes).build();
  }

  private static AttributeProto exchanged(
      NodeProto node, AttributeProto attribute, Naming naming, Map<String, Numbers> left) {
    if (attribute.hasG()) {
      Naming inner = naming.within(node, attribute.getName(), attribute.getG());
      return attribute.toBuilder().setG(exchanged(attribute.getG(), inner, left)).build();
    }
    if (node.getOpType().equals("Constant") && attribute.hasT() && node.getOutputCount() == 1) {
      String name = naming.of(node.getOutput(0));
      Numbers changed = left.remove(name);
      return changed == null
          ? attribute
          : attribute.toBuilder().setT(exchanged(attribute.getT(), name, changed)).build();
    }
    if (LINEAR.contains(node.getOpType()) && COEFFICIENTS.contains(attribute.getName())) {
      Numbers changed = left.remove(name(naming.of(node), attribute.getName()));
      if (changed != null) {
        requireCount(attribute.getName(), attribute.getFloatsCount(), changed);
        AttributeProto.Builder builder = attribute.toBuilder().clearFloats();
        for (int i = 0; i < changed.count(); i++) {
          builder.addFloats((float) changed.at(i));
        }
        return builder.build();
      }
    }
    return attribute;
  }

  private static TensorProto exchanged(TensorProto tensor, String name, Numbers values) {
    requireCount(name, TensorData.count(tensor), values);
    return TensorData.withValues(tensor, values);
  }

  private static void requireCount(String name, long count, Numbers values) {
    if (values.count() != count) {
      throw new BadInputException(
          "parameter %s has %d numbers, but %d were given".formatted(name, count, values.count()));
    }
  }
}
