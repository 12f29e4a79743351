package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Set;
import java.util.stream.IntStream;

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
    return IntStream.range(0, states).allMatch(i -> keepsState(body, i, i));
  }

  /** Whether what goes into a step as this input leaves it as this output, as it came. */
  static boolean keepsState(GraphProto body, int input, int output) {
    String in = body.getInput(input).getName();
    String out = body.getOutput(output).getName();
    return in.equals(out)
        || body.getNodeList().stream()
            .filter(node -> node.getOpType().equals("Identity") && node.getDomain().isEmpty())
            .anyMatch(copy -> copy.getOutput(0).equals(out) && copy.getInput(0).equals(in));
  }
}
