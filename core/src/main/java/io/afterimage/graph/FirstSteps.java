package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Writes the first step of each loop of the main graph beside the loop, as plain nodes, so that a
 * run shows what the values inside look like. A value {@code h} of the body is then called {@code
 * y/first/h}, where y is the loop's first output.
 */
final class FirstSteps {
  /** From this version on a Scan has no batch of its own. */
  private static final int PLAIN_SCAN = 9;

  private final GraphProto.Builder graph;

  private FirstSteps(OnnxModel model) {
    graph = model.graph().toBuilder().clearNode();
  }

  /** The model with these steps; itself where it holds no loop that can be written out. */
  static OnnxModel of(OnnxModel model) {
    if (model.graph().getNodeList().stream().noneMatch(n -> body(n, model).isPresent())) {
      return model;
    }
    FirstSteps steps = new FirstSteps(model);
    for (NodeProto node : model.graph().getNodeList()) {
      body(node, model).ifPresent(body -> steps.write(node, body));
      steps.graph.addNode(node);
    }
    ModelProto unrolled = model.proto().toBuilder().setGraph(steps.graph).build();
    return model.withProto(unrolled);
  }

  /** The body of a Loop or a Scan along first axes, if no graph is inside it. */
  static Optional<GraphProto> body(NodeProto node, OnnxModel model) {
    boolean loop = isStandard(node, "Loop");
    boolean scan =
        isStandard(node, "Scan")
            && model.opset("") >= PLAIN_SCAN
            && node.getAttributeList().stream().noneMatch(a -> a.getName().endsWith("_axes"));
    return loop || scan
        ? node.getAttributeList().stream()
            .filter(a -> a.getName().equals("body"))
            .findFirst()
            .map(AttributeProto::getG)
            .filter(body -> body.getNodeCount() > 0)
            .filter(body -> body.getNodeList().stream().noneMatch(FirstSteps::holdsGraph))
        : Optional.empty();
  }

  private static boolean isStandard(NodeProto node, String type) {
    return node.getOpType().equals(type) && Node.domain(node).isEmpty();
  }

  private static boolean holdsGraph(NodeProto node) {
    return node.getAttributeList().stream().anyMatch(AttributeProto::hasG);
  }

  /** What stands before the names of a loop's body. */
  static String prefix(List<String> outputs) {
    return RowGraph.key(outputs) + "/first/";
  }

  /** How values are called that a body means. */
  static UnaryOperator<String> naming(String prefix, GraphProto body) {
    Set<String> own = new HashSet<>();
    body.getInputList().forEach(i -> own.add(i.getName()));
    body.getInitializerList().forEach(t -> own.add(t.getName()));
    body.getNodeList().forEach(n -> own.addAll(n.getOutputList()));
    own.remove("");
    return name -> own.contains(name) ? prefix + name : name;
  }

  private void write(NodeProto loop, GraphProto body) {
    String prefix = prefix(loop.getOutputList());
    UnaryOperator<String> naming = naming(prefix, body);
    body.getInitializerList()
        .forEach(t -> graph.addInitializer(t.toBuilder().setName(naming.apply(t.getName()))));
    String zero = prefix + "/zero";
    graph.addInitializer(TensorData.proto(zero, new long[] {0}));
    if (isStandard(loop, "Loop")) {
      add("Identity", naming.apply(body.getInput(0).getName()), zero);
      graph.addNode(
          RowLook.node("Equal", naming.apply(body.getInput(1).getName()), zero, zero)); // true
      for (int i = 2; i < loop.getInputCount(); i++) {
        add("Identity", naming.apply(body.getInput(i).getName()), loop.getInput(i));
      }
    } else {
      int states = loop.getInputCount() - scanned(loop);
      for (int i = 0; i < loop.getInputCount(); i++) {
        String to = naming.apply(body.getInput(i).getName());
        if (i < states) {
          add("Identity", to, loop.getInput(i));
        } else {
          add("Gather", to, loop.getInput(i), zero);
        }
      }
    }
    body.getNodeList().forEach(node -> graph.addNode(renamed(node, naming, prefix)));
  }

  private void add(String type, String output, String... inputs) {
    graph.addNode(RowLook.node(type, output, inputs));
  }

  static int scanned(NodeProto scan) {
    return scan.getAttributeList().stream()
        .filter(a -> a.getName().equals("num_scan_inputs"))
        .mapToInt(a -> Math.toIntExact(a.getI()))
        .findFirst()
        .orElse(0);
  }

  private static NodeProto renamed(NodeProto node, UnaryOperator<String> naming, String prefix) {
    NodeProto.Builder builder = node.toBuilder().setName(prefix + node.getName());
    for (int i = 0; i < node.getInputCount(); i++) {
      builder.setInput(i, naming.apply(node.getInput(i)));
    }
    for (int i = 0; i < node.getOutputCount(); i++) {
      builder.setOutput(i, naming.apply(node.getOutput(i)));
    }
    return builder.build();
  }

  /** A step's node as it stands in the body. */
  static NodeProto within(NodeProto node, String prefix) {
    return renamed(
            node, name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name, "")
        .toBuilder()
        .setName(node.getName().replace(prefix, ""))
        .build();
  }
}
