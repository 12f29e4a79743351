package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model as ONNX Runtime is given it, which computes the same.
 *
 * <p>ONNX Runtime 1.29 divides by zero, and so ends the process, where TopK has no rows to look at,
 * as in scikit-learn's KNNImputer whenever nothing is missing. So the number of values wanted is
 * multiplied by 0 there; what is empty stays empty. Divisions of whole numbers are guarded by
 * {@link WholeDivisions}.
 */
public final class RuntimeForm {
  /** The newest operator sets that ONNX Runtime 1.29 takes, and the newest format. */
  private static final Map<String, Long> NEWEST = Map.of("", 26L, Node.ML, 5L);

  private static final long NEWEST_FORMAT = 13;

  private RuntimeForm() {}

  /**
   * The model's bytes. Functions stay as the file has them: what the interpreter makes of them
   * shall be held against what ONNX Runtime does.
   *
   * @throws BadInputException where it is written in an operator set that is newer than those of
   *     ONNX Runtime
   */
  public static byte[] of(OnnxModel model) {
    requireKnown(model);
    if (!mayNeedGuards(model)) {
      return model.bytes();
    }
    try {
      ModelProto file = ModelProto.parseFrom(model.bytes());
      ModelProto guarded = guarded(file);
      return guarded.equals(file) ? model.bytes() : guarded.toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(model.name() + " was parsed before", e);
    }
  }

  private static void requireKnown(OnnxModel model) {
    NEWEST.forEach(
        (domain, newest) ->
            Checks.check(
                model.opset(domain) <= newest,
                "%s is written in operator set %d of %s; ONNX Runtime takes up to %d: export it"
                    + " again for operator set %d or an earlier one (opset_version, target_opset)",
                model.name(),
                model.opset(domain),
                domain.isEmpty() ? "ai.onnx" : domain,
                newest,
                newest));
    Checks.check(
        model.proto().getIrVersion() <= NEWEST_FORMAT,
        "%s is written in version %d of ONNX's format; ONNX Runtime takes up to %d: set the"
            + " model's ir_version to %d and save it again",
        model.name(),
        model.proto().getIrVersion(),
        NEWEST_FORMAT,
        NEWEST_FORMAT);
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

  private static boolean mayNeedGuards(OnnxModel model) {
    return model.allNodes().stream()
            .anyMatch(node -> node.is("TopK") || WholeDivisions.divides(node.operator()))
        || model.proto().getFunctionsCount() > 0;
  }

  private static ModelProto guarded(ModelProto model) {
    ModelProto.Builder builder = model.toBuilder();
    long opset = opset(model.getOpsetImportList());
    builder.setGraph(guarded(model.getGraph(), Optional.empty(), opset));
    for (int i = 0; i < builder.getFunctionsCount(); i++) {
      FunctionProto function = builder.getFunctions(i);
      List<NodeProto> nodes =
          guarded(
              function.getNodeList(),
              Map.of(),
              ValueTypes.of(function.getNodeList()),
              opset(function.getOpsetImportList()));
      builder.setFunctions(i, function.toBuilder().clearNode().addAllNode(nodes));
    }
    return builder.build();
  }

  private static long opset(List<OperatorSetIdProto> imports) {
    return imports.stream()
        .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
        .mapToLong(OperatorSetIdProto::getVersion)
        .findFirst()
        .orElse(1);
  }

  private static GraphProto guarded(GraphProto graph, Optional<ValueTypes> outer, long opset) {
    ValueTypes types = ValueTypes.of(graph, outer);
    List<NodeProto> nodes =
        guarded(graph.getNodeList(), StaticSizes.constants(graph), types, opset);
    return graph.toBuilder().clearNode().addAllNode(nodes).build();
  }

  private static List<NodeProto> guarded(
      List<NodeProto> nodes, Map<String, TensorProto> constants, ValueTypes types, long opset) {
    WholeDivisions divisions = new WholeDivisions(constants, types, opset);
    List<NodeProto> result = new ArrayList<>();
    for (NodeProto node : nodes) {
      NodeProto.Builder builder = node.toBuilder();
      for (AttributeProto.Builder attribute : builder.getAttributeBuilderList()) {
        if (attribute.hasG()) {
          attribute.setG(guarded(attribute.getG(), Optional.of(types), opset));
        }
      }
      // Before opset 10 the number stands in an attribute.
      if (Node.operator(node).equals("TopK") && node.getInputCount() == 2) {
        String count = count(node, result);
        builder.setInput(1, count);
      }
      result.addAll(divisions.guarded(builder.build()));
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

  static NodeProto node(String type, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .setName(output)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }
}
