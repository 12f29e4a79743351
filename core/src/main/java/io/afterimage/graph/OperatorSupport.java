package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.afterimage.graph.ops.Operators;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One kind of operator in a model.
 *
 * @param domain empty for the standard operators
 * @param count how many nodes
 * @param scored whether ONNX Runtime computes it
 * @param interpreted whether the interpreter computes it
 * @param differentiable whether gradients flow through it
 * @param reason what is missing and why; empty where nothing is
 */
public record OperatorSupport(
    String domain,
    String type,
    int count,
    boolean scored,
    boolean interpreted,
    boolean differentiable,
    String reason) {

  private static final String UNKNOWN = "the interpreter does not know it; scores only";

  /** The same where ONNX Runtime refuses the model, and why. */
  public OperatorSupport unscored(String why) {
    return new OperatorSupport(domain, type, count, false, interpreted, differentiable, why);
  }

  static List<OperatorSupport> of(OnnxModel model) {
    Map<String, Integer> counts = new TreeMap<>();
    count(model.graph(), counts);
    return counts.entrySet().stream().map(e -> of(e.getKey(), e.getValue())).toList();
  }

  private static OperatorSupport of(String key, int count) {
    int cut = key.indexOf(':');
    String domain = key.substring(0, cut);
    String type = key.substring(cut + 1);
    return Operators.find(domain, type)
        .map(
            e ->
                new OperatorSupport(
                    domain, type, count, true, true, e.differentiable(), e.reason()))
        .orElseGet(() -> new OperatorSupport(domain, type, count, true, false, false, UNKNOWN));
  }

  private static void count(GraphProto graph, Map<String, Integer> counts) {
    for (NodeProto node : graph.getNodeList()) {
      counts.merge(Node.domain(node) + ":" + node.getOpType(), 1, Integer::sum);
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          count(attribute.getG(), counts);
        }
        attribute.getGraphsList().forEach(g -> count(g, counts));
      }
    }
  }
}
