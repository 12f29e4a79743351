package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which leaf of each tree a row reaches. ONNX holds no counts of records in leaves; they come
 * from sending the records through.
 */
public final class TreeLeaves {
  /** What the names of the values that hold leaves begin with. */
  public static final String PREFIX = "afterimage/leaves/";

  private static final Set<String> ENSEMBLES =
      Set.of("TreeEnsembleClassifier", "TreeEnsembleRegressor");

  private TreeLeaves() {}

  /** Whether a model has trees of any kind. */
  public static boolean anyIn(OnnxModel model) {
    return model.allNodes().stream()
        .anyMatch(n -> n.domain().equals(Node.ML) && n.type().startsWith("TreeEnsemble"));
  }

  /**
   * The model with one more value for each ensemble, [rows, trees]: the number of the leaf that a
   * row reaches, counted in the file's order. Empty where an ensemble is written in a form that is
   * not read: inside a subgraph, as the operator TreeEnsemble, with thresholds in tensors of
   * double, or with more nodes than a float can number.
   */
  public static Optional<OnnxModel> told(OnnxModel model) {
    GraphProto.Builder graph = model.graph().toBuilder();
    int ensembles = 0;
    for (NodeProto node : model.graph().getNodeList()) {
      if (Node.domain(node).equals(Node.ML) && ENSEMBLES.contains(node.getOpType())) {
        Optional<NodeProto> leaves = leaves(node, PREFIX + ensembles++);
        if (leaves.isEmpty()) {
          return Optional.empty();
        }
        graph.addNode(leaves.get());
        graph.addOutput(ValueInfoProto.newBuilder().setName(leaves.get().getOutput(0)));
      }
    }
    boolean all =
        ensembles
            == model.allNodes().stream().filter(n -> n.type().startsWith("TreeEnsemble")).count();
    return all
        ? Optional.of(model.withProto(model.proto().toBuilder().setGraph(graph).build()))
        : Optional.empty();
  }

  private static Optional<NodeProto> leaves(NodeProto node, String output) {
    Map<String, AttributeProto> attributes = new HashMap<>();
    node.getAttributeList().forEach(a -> attributes.put(a.getName(), a));
    AttributeProto trees = attributes.get("nodes_treeids");
    AttributeProto ids = attributes.get("nodes_nodeids");
    AttributeProto modes = attributes.get("nodes_modes");
    if (trees == null
        || ids == null
        || modes == null
        || attributes.containsKey("nodes_values_as_tensor")
        || modes.getStringsCount() != trees.getIntsCount()
        || ids.getIntsCount() != trees.getIntsCount()
        || trees.getIntsCount() >= 1 << 24) {
      return Optional.empty();
    }
    NodeProto.Builder told =
        NodeProto.newBuilder()
            .setOpType("TreeEnsembleRegressor")
            .setDomain(Node.ML)
            .setName(output)
            .addAllInput(node.getInputList())
            .addOutput(output);
    node.getAttributeList().stream()
        .filter(a -> a.getName().startsWith("nodes_"))
        .forEach(told::addAttribute);
    return Optional.of(vote(told, trees.getIntsList(), ids.getIntsList(), modes).build());
  }

  /** Each leaf votes with its own number for the target of its tree. */
  private static NodeProto.Builder vote(
      NodeProto.Builder told, List<Long> trees, List<Long> ids, AttributeProto modes) {
    Map<Long, Long> targets = new HashMap<>();
    List<Long> ofTree = new ArrayList<>();
    List<Long> ofNode = new ArrayList<>();
    List<Long> target = new ArrayList<>();
    AttributeProto.Builder weights =
        AttributeProto.newBuilder()
            .setName("target_weights")
            .setType(AttributeProto.AttributeType.FLOATS);
    for (int i = 0; i < trees.size(); i++) {
      targets.putIfAbsent(trees.get(i), (long) targets.size());
      if (modes.getStrings(i).toStringUtf8().equals("LEAF")) {
        ofTree.add(trees.get(i));
        ofNode.add(ids.get(i));
        target.add(targets.get(trees.get(i)));
        weights.addFloats(i);
      }
    }
    return told.addAttribute(integers("target_treeids", ofTree))
        .addAttribute(integers("target_nodeids", ofNode))
        .addAttribute(integers("target_ids", target))
        .addAttribute(weights)
        .addAttribute(Attributes.integerProto("n_targets", targets.size()));
  }

  private static AttributeProto integers(String name, List<Long> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(values)
        .build();
  }
}
