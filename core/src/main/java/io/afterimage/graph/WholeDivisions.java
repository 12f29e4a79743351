package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Divisions of whole numbers that do not end the process: ONNX Runtime 1.29 leaves the least whole
 * number divided by -1 to the processor, which traps. The divisor -1 is exchanged for 1, and the
 * quotient's sign is turned after that; the remainder is 0 by either.
 *
 * <p>Where the type of the numbers is not known, as in functions and behind loops, operators that
 * take numbers of all types do the same, which operator set 11 has them for.
 */
final class WholeDivisions {
  private static final Set<String> DIVISIONS = Set.of("Div", "Mod");
  private static final Set<ElementType> TRAPPING = Set.of(ElementType.INT32, ElementType.INT64);
  private static final long FOR_ALL_TYPES = 11;

  private final Map<String, TensorProto> constants;
  private final ValueTypes types;
  private final long opset;

  /**
   * @param constants that are stored beside the divisions
   * @param types of the values beside them
   * @param opset of the standard operators
   */
  WholeDivisions(Map<String, TensorProto> constants, ValueTypes types, long opset) {
    this.constants = constants;
    this.types = types;
    this.opset = opset;
  }

  /** Whether a node divides, and so may have to be guarded. */
  static boolean divides(String operator) {
    return DIVISIONS.contains(operator);
  }

  /** The nodes that stand for this one; it alone where it cannot trap. */
  List<NodeProto> guarded(NodeProto node) {
    if (!divides(Node.operator(node))
        || node.getInputCount() != 2
        || !mayBeMinusOne(node.getInput(1))) {
      return List.of(node);
    }
    Optional<ElementType> type = types.of(node.getInput(0)).or(() -> types.of(node.getInput(1)));
    if (type.isPresent()) {
      return TRAPPING.contains(type.get()) ? guarded(node, type.get()) : List.of(node);
    }
    return opset < FOR_ALL_TYPES ? List.of(node) : guardedOfAnyType(node);
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

  /** Numbers that are their own sign are -1, 0 or 1; of the negative ones, the square is 1. */
  private static List<NodeProto> guardedOfAnyType(NodeProto node) {
    String own = node.getOutput(0) + "/afterimage/";
    String dividend = node.getInput(0);
    String divisor = node.getInput(1);
    List<NodeProto> nodes =
        new ArrayList<>(
            List.of(
                RuntimeForm.node("Sign", own + "sign", divisor),
                RuntimeForm.node("Equal", own + "small", divisor, own + "sign"),
                RuntimeForm.node("Sub", own + "zero", divisor, divisor),
                RuntimeForm.node("Less", own + "negative", divisor, own + "zero"),
                RuntimeForm.node("And", own + "is", own + "small", own + "negative"),
                RuntimeForm.node("Mul", own + "square", divisor, divisor),
                RuntimeForm.node("Where", own + "divisor", own + "is", own + "square", divisor)));
    NodeProto.Builder division = node.toBuilder().setInput(1, own + "divisor");
    if (node.getOpType().equals("Mod")) {
      nodes.add(division.build());
      return nodes;
    }
    nodes.add(division.setOutput(0, own + "quotient").build());
    nodes.add(RuntimeForm.node("Mul", own + "turned", dividend, divisor));
    nodes.add(
        RuntimeForm.node("Where", node.getOutput(0), own + "is", own + "turned", own + "quotient")
            .toBuilder()
            .setName(own + "result")
            .build());
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
