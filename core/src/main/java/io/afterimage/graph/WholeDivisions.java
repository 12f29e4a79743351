package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Divisions of whole numbers that do not end the process: ONNX Runtime 1.29 leaves the least whole
 * number divided by -1 to the processor, which traps. The divisor -1 is exchanged for 1, and the
 * quotient's sign is turned after that; the remainder is 0 by either.
 *
 * <p>Only where the type is known for certain: one of the two numbers is stored, given to the graph
 * or cast to its type. Other divisions stay as they are.
 */
final class WholeDivisions {
  private static final Set<String> DIVISIONS = Set.of("Div", "Mod");
  private static final Set<ElementType> TRAPPING = Set.of(ElementType.INT32, ElementType.INT64);

  private final Map<String, TensorProto> constants;
  private final Map<String, Integer> types = new HashMap<>();

  WholeDivisions(GraphProto graph) {
    constants = StaticSizes.constants(graph);
    for (ValueInfoProto input : graph.getInputList()) {
      types.put(input.getName(), input.getType().getTensorType().getElemType());
    }
    constants.forEach((name, tensor) -> types.put(name, tensor.getDataType()));
    for (NodeProto node : graph.getNodeList()) {
      if (Node.operator(node).equals("Cast")) {
        types.put(node.getOutput(0), (int) attributes(node).integer("to", 0));
      } else if (Set.of("Shape", "Size").contains(Node.operator(node))) {
        types.put(node.getOutput(0), ElementType.INT64.code());
      }
    }
  }

  private static Attributes attributes(NodeProto node) {
    return new Attributes(node.getAttributeList(), Map.of());
  }

  /** Whether any division of a graph may trap. */
  static boolean in(GraphProto graph) {
    WholeDivisions divisions = new WholeDivisions(graph);
    return graph.getNodeList().stream().anyMatch(node -> divisions.type(node).isPresent());
  }

  /** The nodes that stand for this one; empty where it stays. */
  List<NodeProto> guarded(NodeProto node) {
    return type(node).map(type -> guarded(node, type)).orElse(List.of());
  }

  /** The type of numbers whose division may trap. */
  private Optional<ElementType> type(NodeProto node) {
    boolean divides = DIVISIONS.contains(Node.operator(node)) && node.getInputCount() == 2;
    if (!divides || !mayBeMinusOne(node.getInput(1))) {
      return Optional.empty();
    }
    return node.getInputList().stream()
        .map(input -> types.getOrDefault(input, 0))
        .flatMap(code -> ElementType.of(code).stream())
        .filter(TRAPPING::contains)
        .findFirst();
  }

  private boolean mayBeMinusOne(String divisor) {
    return Optional.ofNullable(constants.get(divisor))
        .flatMap(TensorData::integers)
        .map(numbers -> Arrays.stream(numbers).anyMatch(number -> number == -1))
        .orElse(true);
  }

  private static List<NodeProto> guarded(NodeProto node, ElementType type) {
    String own = node.getOutput(0) + "/afterimage/";
    String divisor = node.getInput(1);
    NodeProto.Builder division = node.toBuilder().setInput(1, own + "divisor");
    List<NodeProto> nodes =
        new ArrayList<>(
            List.of(
                constant(own + "minus", type),
                RuntimeForm.node("Equal", own + "is", divisor, own + "minus"),
                RuntimeForm.node("Cast", own + "one", own + "is").toBuilder()
                    .addAttribute(Attributes.integerProto("to", type.code()))
                    .build(),
                RuntimeForm.node("Add", own + "two", own + "one", own + "one"),
                RuntimeForm.node("Add", own + "divisor", divisor, own + "two")));
    if (node.getOpType().equals("Div")) {
      division.setOutput(0, own + "quotient");
      nodes.add(RuntimeForm.node("Add", own + "turned", own + "minus", own + "two"));
      nodes.add(RuntimeForm.node("Neg", own + "sign", own + "turned"));
      nodes.add(division.build());
      nodes.add(
          RuntimeForm.node("Mul", node.getOutput(0), own + "quotient", own + "sign").toBuilder()
              .setName(own + "result")
              .build());
    } else {
      nodes.add(division.build());
    }
    return nodes;
  }

  private static NodeProto constant(String name, ElementType type) {
    TensorProto.Builder minusOne = TensorProto.newBuilder().setDataType(type.code());
    if (type == ElementType.INT64) {
      minusOne.addInt64Data(-1);
    } else {
      minusOne.addInt32Data(-1);
    }
    return RuntimeForm.node("Constant", name).toBuilder()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(minusOne))
        .build();
  }
}
