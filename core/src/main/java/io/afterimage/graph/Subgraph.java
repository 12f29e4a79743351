package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A graph inside a node: a branch of an If, the body of a Loop or Scan. The names of its values are
 * unique in the model. Immutable; equal only to itself.
 */
public final class Subgraph {
  private final List<String> inputs;
  private final List<ValueInfo> outputs;
  private final List<Node> nodes;
  private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
  private final Set<String> captured;

  private Subgraph(GraphProto proto, Naming outer, Naming naming) {
    Set<String> needs = TopologicalOrder.needs(proto);
    Set<String> known = new HashSet<>(needs);
    proto.getInputList().forEach(i -> known.add(i.getName()));
    proto.getInitializerList().forEach(t -> known.add(t.getName()));
    this.nodes =
        new TopologicalOrder(naming.file(), known)
            .sort(proto.getNodeList()).stream().map(n -> Node.of(n, naming)).toList();
    proto.getInitializerList().forEach(t -> initializers.put(naming.of(t.getName()), t));
    this.inputs =
        proto.getInputList().stream()
            .map(i -> naming.of(i.getName()))
            .filter(i -> !initializers.containsKey(i))
            .toList();
    this.outputs =
        proto.getOutputList().stream().map(o -> ValueInfo.of(o, naming.of(o.getName()))).toList();
    this.captured = needs.stream().map(outer::of).collect(Collectors.toUnmodifiableSet());
  }

  static Subgraph of(GraphProto proto, Naming outer, Naming naming) {
    return new Subgraph(proto, outer, naming);
  }

  /** Names of what must be given to it. */
  public List<String> inputs() {
    return inputs;
  }

  /** What it answers. */
  public List<ValueInfo> outputs() {
    return outputs;
  }

  /** Its operators, each after those that it needs. */
  List<Node> nodes() {
    return nodes;
  }

  /** The tensors stored in it. */
  Map<String, TensorProto> initializers() {
    return initializers;
  }

  /** The values of the graphs around it that it reads. */
  Set<String> captured() {
    return captured;
  }
}
