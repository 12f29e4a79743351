package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which rows of its embeddings a model looks up: each Gather along the first axis of a stored
 * table of real numbers at places that the input decides. Tables inside subgraphs, and quantised
 * ones, are not looked at, nor models of operator sets before 6.
 *
 * @param told the model with two more values for each table
 * @param tables the tables, in the order of the file
 */
public record EmbeddingLookups(OnnxModel told, List<Table> tables) {
  private static final String PREFIX = "afterimage/lookups/";

  private static final Set<String> RESHAPING =
      Set.of("Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Identity");

  /** Cast takes the number of a type from here on. */
  private static final long LEAST_OPSET = 6;

  /**
   * A table, and where its lookups are told, as numbers of rows that count from the end where they
   * are negative.
   *
   * @param name of the stored table
   * @param rows its rows
   * @param ofRun value that holds all lookups of one run of the model, [1, lookups]
   * @param each value that holds one lookup a row, [lookups, 1]
   */
  public record Table(String name, int rows, String ofRun, String each) {}

  /** Those of a model. */
  public static EmbeddingLookups of(OnnxModel model) {
    GraphProto.Builder graph = model.graph().toBuilder();
    List<Table> tables = new ArrayList<>();
    if (model.opset("") < LEAST_OPSET) {
      return new EmbeddingLookups(model, List.of());
    }
    for (NodeProto node : model.graph().getNodeList()) {
      Optional<TensorProto> stored = stored(model, node);
      if (stored.isPresent()) {
        int rows = Math.toIntExact(stored.get().getDims(0));
        String ofRun = PREFIX + tables.size();
        Table table = new Table(node.getInput(0), rows, ofRun, ofRun + "/each");
        tables.add(table);
        tell(graph, node.getInput(1), table);
      }
    }
    return new EmbeddingLookups(
        model.withProto(model.proto().toBuilder().setGraph(graph).build()), List.copyOf(tables));
  }

  /** Values that are rows of a stored table as they were looked up, at most in another shape. */
  public static Set<String> copies(OnnxModel model) {
    Set<String> copies = new HashSet<>();
    for (NodeProto node : model.graph().getNodeList()) {
      boolean again = RESHAPING.contains(Node.operator(node)) && copies.contains(node.getInput(0));
      if (again || stored(model, node).isPresent()) {
        copies.add(node.getOutput(0));
      }
    }
    return copies;
  }

  private static Optional<TensorProto> stored(OnnxModel model, NodeProto node) {
    boolean alongFirst =
        Node.operator(node).equals("Gather")
            && node.getAttributeList().stream().noneMatch(a -> a.getI() != 0)
            && Parameters.constant(model, node.getInput(1)).isEmpty();
    return alongFirst
        ? Parameters.constant(model, node.getInput(0))
            .filter(table -> table.getDimsCount() >= 2)
            .filter(
                table ->
                    ElementType.of(table.getDataType()).filter(ElementType::isFloating).isPresent())
        : Optional.empty();
  }

  private static void tell(GraphProto.Builder graph, String lookups, Table table) {
    String real = table.ofRun() + "/real";
    graph.addNode(
        node("Cast", lookups, real)
            .addAttribute(Attributes.integerProto("to", TensorProto.DataType.DOUBLE_VALUE)));
    graph.addNode(
        node("Flatten", real, table.ofRun()).addAttribute(Attributes.integerProto("axis", 0)));
    graph.addNode(node("Transpose", table.ofRun(), table.each()));
    graph.addOutput(ValueInfoProto.newBuilder().setName(table.ofRun()));
    graph.addOutput(ValueInfoProto.newBuilder().setName(table.each()));
  }

  private static NodeProto.Builder node(String type, String input, String output) {
    return NodeProto.newBuilder().setOpType(type).setName(output).addInput(input).addOutput(output);
  }
}
