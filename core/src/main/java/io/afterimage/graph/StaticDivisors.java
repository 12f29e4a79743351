package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.afterimage.base.BadInputException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Refuses divisions of whole numbers (of 32 or 64 bits) by a constant that holds 0. */
final class StaticDivisors {
  private static final Set<String> DIVISIONS = Set.of("Div", "Mod");

  private StaticDivisors() {}

  static void check(String file, GraphProto graph) {
    Map<String, TensorProto> constants = StaticSizes.constants(graph);
    for (NodeProto node : graph.getNodeList()) {
      if (DIVISIONS.contains(Node.operator(node)) && node.getInputCount() == 2) {
        TensorProto divisor = constants.get(node.getInput(1));
        if (divisor != null && holdsZero(divisor)) {
          throw new BadInputException(
              "%s: node %s \"%s\" divides whole numbers by the constant %s, which holds 0; correct it or divide as float"
                  .formatted(file, node.getOpType(), node.getName(), node.getInput(1)));
        }
      }
    }
  }

  private static boolean holdsZero(TensorProto divisor) {
    return TensorData.integers(divisor)
        .filter(numbers -> Arrays.stream(numbers).anyMatch(number -> number == 0))
        .isPresent();
  }
}
