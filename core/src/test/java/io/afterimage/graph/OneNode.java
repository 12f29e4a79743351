package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model of one operator, whose inputs are the graph's: what it computes, and its gradients. */
final class OneNode {
  private static final long OPSET = 26;
  private static final double STEP = 1e-6;

  private final NodeProto.Builder node = NodeProto.newBuilder();
  private final long opset;

  private OneNode(String domain, String type, long opset) {
    node.setDomain(domain).setOpType(type).setName("node");
    this.opset = opset;
  }

  static OneNode of(String type) {
    return new OneNode("", type, OPSET);
  }

  static OneNode of(String domain, String type, long opset) {
    return new OneNode(domain, type, opset);
  }

  OneNode with(String attribute, long value) {
    return add(attribute(attribute, AttributeType.INT).setI(value));
  }

  OneNode with(String attribute, double value) {
    return add(attribute(attribute, AttributeType.FLOAT).setF((float) value));
  }

  OneNode with(String attribute, String value) {
    return add(attribute(attribute, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)));
  }

  OneNode with(String attribute, long[] values) {
    AttributeProto.Builder builder = attribute(attribute, AttributeType.INTS);
    for (long value : values) {
      builder.addInts(value);
    }
    return add(builder);
  }

  OneNode with(String attribute, float[] values) {
    AttributeProto.Builder builder = attribute(attribute, AttributeType.FLOATS);
    for (float value : values) {
      builder.addFloats(value);
    }
    return add(builder);
  }

  OneNode with(String attribute, List<String> values) {
    AttributeProto.Builder builder = attribute(attribute, AttributeType.STRINGS);
    values.forEach(v -> builder.addStrings(ByteString.copyFromUtf8(v)));
    return add(builder);
  }

  OneNode with(String attribute, TensorProto value) {
    return add(attribute(attribute, AttributeType.TENSOR).setT(value));
  }

  private static AttributeProto.Builder attribute(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  private OneNode add(AttributeProto.Builder attribute) {
    node.addAttribute(attribute);
    return this;
  }

  /** The first output, of inputs of which null ones are left out. */
  Tensor run(@Nullable Tensor... inputs) {
    return outputs(1, inputs).get(0);
  }

  /** So many outputs that are numbers. */
  List<Tensor> outputs(int count, @Nullable Tensor... inputs) {
    List<@Nullable Value> values = new ArrayList<>();
    for (Tensor input : inputs) {
      values.add(input == null ? null : Value.of(input));
    }
    return values(count, values).stream().map(v -> ((Value.Numbers) v).tensor()).toList();
  }

  /** So many outputs. */
  List<Value> values(int count, List<@Nullable Value> inputs) {
    List<String> names = names("y", count);
    try (Interpreter interpreter = Interpreter.of(model(count, inputs))) {
      Map<String, Value> outputs = interpreter.run(given(inputs), names);
      return names.stream().map(n -> requireNonNull(outputs.get(n))).toList();
    }
  }

  private static List<String> names(String letter, int count) {
    return IntStream.range(0, count).mapToObj(i -> letter + i).toList();
  }

  /** The inputs that are there by their names: x0, x1, … */
  static Map<String, Value> given(List<@Nullable Value> inputs) {
    Map<String, Value> given = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Value value = inputs.get(i);
      if (value != null) {
        given.put("x" + i, value);
      }
    }
    return given;
  }

  /** A model with so many outputs and with inputs of these types. */
  OnnxModel model(int count, List<@Nullable Value> inputs) {
    return model(
        names("y", count).stream()
            .map(n -> ValueInfoProto.newBuilder().setName(n).build())
            .toList(),
        inputs);
  }

  private OnnxModel model(List<ValueInfoProto> outputs, List<@Nullable Value> inputs) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("one");
    NodeProto.Builder whole = node.clone();
    for (int i = 0; i < inputs.size(); i++) {
      whole.addInput(inputs.get(i) == null ? "" : "x" + i);
    }
    given(inputs).forEach((name, value) -> graph.addInput(info(name, value)));
    outputs.forEach(graph::addOutput);
    graph.addNode(whole.addAllOutput(outputs.stream().map(ValueInfoProto::getName).toList()));
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(10)
            .setGraph(graph)
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(node.getDomain()).setVersion(opset))
            .build();
    return OnnxModel.of(model, "one");
  }

  /** ONNX Runtime answers the same, to a share of the greatest number or, below 1, as it is. */
  void checkAgainstOnnxRuntime(int count, double tolerance, @Nullable Tensor... inputs) {
    List<@Nullable Value> given = new ArrayList<>();
    for (Tensor input : inputs) {
      given.add(input == null ? null : Value.of(input));
    }
    List<Tensor> ours = outputs(count, inputs);
    List<ValueInfoProto> infos =
        IntStream.range(0, count).mapToObj(i -> info("y" + i, Value.of(ours.get(i)))).toList();
    Map<String, double[]> theirs = new Ort(model(infos, given)).score(given(given));
    for (int i = 0; i < count; i++) {
      double[] expected = requireNonNull(theirs.get("y" + i), "no number in output " + i);
      double size = Math.max(1, DoubleStream.of(expected).map(Math::abs).max().orElse(1));
      assertThat(ours.get(i).toDoubles())
          .as("output %d of %s", i, node.getOpType())
          .usingComparatorWithPrecision(tolerance * size)
          .containsExactly(expected);
    }
  }

  private static ValueInfoProto info(String name, Value value) {
    ElementType type =
        value instanceof Value.Numbers numbers
            ? ElementType.of(numbers.tensor().dtype())
            : ElementType.STRING;
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type.code())))
        .build();
  }

  // ---- gradients

  /** The gradient of the sum of a function of a DOUBLE tensor. */
  static double[] gradient(Tensor x, UnaryOperator<Tensor> function) {
    Tensor leaf = x.copy().requireGrad();
    Tensor sum = function.apply(leaf).to(DType.DOUBLE).sum();
    return Autograd.gradients(sum, List.of(leaf), false).get(0).toDoubles();
  }

  /** The same by central differences. */
  @SuppressWarnings("try")
  static double[] differences(Tensor x, UnaryOperator<Tensor> function) {
    double[] at = x.toDoubles();
    double[] slopes = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      try (TensorScope scope = new TensorScope()) {
        slopes[i] = (sum(x, at, i, STEP, function) - sum(x, at, i, -STEP, function)) / (2 * STEP);
      }
    }
    return slopes;
  }

  private static double sum(
      Tensor x, double[] at, int place, double step, UnaryOperator<Tensor> function) {
    double[] moved = at.clone();
    moved[place] += step;
    return function.apply(Tensors.of(moved, x.shape())).to(DType.DOUBLE).sum().item();
  }
}
