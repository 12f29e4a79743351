package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the graphs inside nodes do with values of the graph around them. */
final class RowBodies {
  private RowBodies() {}

  /** Whether a graph inside the node reads one of these values. */
  static boolean reads(NodeProto node, Set<String> values) {
    return node.getAttributeList().stream()
        .filter(AttributeProto::hasG)
        .flatMap(a -> a.getG().getNodeList().stream())
        .anyMatch(n -> n.getInputList().stream().anyMatch(values::contains) || reads(n, values));
  }

  /** Whether each of the first states of a Scan's body leaves a step as it came. */
  static boolean keepsStates(NodeProto scan, int states) {
    GraphProto body =
        scan.getAttributeList().stream()
            .filter(a -> a.getName().equals("body"))
            .findFirst()
            .map(AttributeProto::getG)
            .orElse(GraphProto.getDefaultInstance());
    Map<String, String> copies = new HashMap<>();
    for (NodeProto node : body.getNodeList()) {
      if (node.getOpType().equals("Identity") && node.getDomain().isEmpty()) {
        copies.put(node.getOutput(0), node.getInput(0));
      }
    }
    for (int i = 0; i < states; i++) {
      String in = body.getInput(i).getName();
      String out = body.getOutput(i).getName();
      if (!in.equals(out) && !in.equals(copies.get(out))) {
        return false;
      }
    }
    return true;
  }
}
