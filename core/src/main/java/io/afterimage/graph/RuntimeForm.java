package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A model as ONNX Runtime is given it, which computes the same.
 *
 * <p>ONNX Runtime 1.29 divides by zero, and so ends the process, where TopK has no rows to look at,
 * as in scikit-learn's KNNImputer whenever nothing is missing. So the number of values wanted is
 * multiplied by 0 there; what is empty stays empty.
 */
public final class RuntimeForm {
  private RuntimeForm() {}

  /**
   * The model's bytes; not checked, for it was before. Functions stay as the file has them: what
   * the interpreter makes of them shall be held against what ONNX Runtime does.
   */
  public static byte[] of(OnnxModel model) {
    if (!mayHoldTopK(model)) {
      return model.bytes();
    }
    try {
      return guarded(ModelProto.parseFrom(model.bytes())).toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(model.name() + " was parsed before", e);
    }
  }

  /** The same with every value of the graph among its outputs, for a trace. */
  public static byte[] talkative(OnnxModel model) {
    GraphProto.Builder graph = model.graph().toBuilder();
    Set<String> outputs = new HashSet<>();
    model.outputs().forEach(output -> outputs.add(output.name()));
    for (Node node : model.nodes()) {
      for (String value : node.outputs()) {
        if (!value.isEmpty() && outputs.add(value)) {
          graph.addOutput(ValueInfoProto.newBuilder().setName(value));
        }
      }
    }
    return guarded(model.proto().toBuilder().setGraph(graph).build()).toByteArray();
  }

  private static boolean mayHoldTopK(OnnxModel model) {
    return model.allNodes().stream().anyMatch(node -> node.is("TopK"))
        || model.proto().getFunctionsCount() > 0;
  }

  private static ModelProto guarded(ModelProto model) {
    ModelProto.Builder builder = model.toBuilder().setGraph(guarded(model.getGraph()));
    for (int i = 0; i < builder.getFunctionsCount(); i++) {
      FunctionProto function = builder.getFunctions(i);
      List<NodeProto> nodes = guarded(function.getNodeList());
      builder.setFunctions(i, function.toBuilder().clearNode().addAllNode(nodes));
    }
    return builder.build();
  }

  private static GraphProto guarded(GraphProto graph) {
    return graph.toBuilder().clearNode().addAllNode(guarded(graph.getNodeList())).build();
  }

  private static List<NodeProto> guarded(List<NodeProto> nodes) {
    List<NodeProto> result = new ArrayList<>();
    for (NodeProto node : nodes) {
      NodeProto.Builder builder = node.toBuilder();
      for (AttributeProto.Builder attribute : builder.getAttributeBuilderList()) {
        if (attribute.hasG()) {
          attribute.setG(guarded(attribute.getG()));
        }
      }
      // Before opset 10 the number stands in an attribute.
      if (Node.operator(node).equals("TopK") && node.getInputCount() == 2) {
        String count = count(node, result);
        builder.setInput(1, count);
      }
      result.add(builder.build());
    }
    return result;
  }

  /** Adds what computes how many values to look for, and names it. */
  private static String count(NodeProto node, List<NodeProto> before) {
    String own = String.join("", node.getOutputList()) + "/afterimage/";
    before.add(node("Size", own + "size", node.getInput(0)));
    before.add(node("Sign", own + "any", own + "size"));
    before.add(node("Mul", own + "count", node.getInput(1), own + "any"));
    return own + "count";
  }

  private static NodeProto node(String type, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .setName(output)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }
}
