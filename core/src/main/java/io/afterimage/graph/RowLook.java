package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One node, where the rows lie in its inputs, and what a run showed of them; collects what is
 * written in the node's place.
 */
final class RowLook {
  private final Node node;
  private final NodeProto.Builder changed;
  private final RowGraph graph;
  private final Map<String, RowAxis> rows;
  private final List<NodeProto> before = new ArrayList<>();
  private final List<TensorProto> constants = new ArrayList<>();

  /**
   * @param rows where they lie in each value that has them
   */
  RowLook(Node node, RowGraph graph, Map<String, RowAxis> rows) {
    this.node = node;
    this.changed = graph.proto(node).toBuilder();
    this.graph = graph;
    this.rows = rows;
  }

  /** Nothing shows that the rows leave each other alone. */
  static final class MixedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MixedException(String reason) {
      super(reason, null, false, false);
    }
  }

  MixedException mixed(String how) {
    return new MixedException(node.label() + " " + how);
  }

  void require(boolean apart, String how) {
    if (!apart) {
      throw mixed(how);
    }
  }

  // ---- what it sees

  Node node() {
    return node;
  }

  NodeProto proto() {
    return changed.build();
  }

  Attributes attributes() {
    return node.attributes();
  }

  long extent() {
    return graph.extent();
  }

  RowGraph graph() {
    return graph;
  }

  /** Where the rows lie in each value that has them, read by the node or not. */
  Map<String, RowAxis> allRows() {
    return rows;
  }

  Optional<RowAxis> rows(int input) {
    return Optional.ofNullable(rows.get(node.input(input)));
  }

  /** The rows of an input that must have them. */
  RowAxis rowsOf(int input) {
    return rows(input).orElseThrow(() -> mixed("has its rows elsewhere"));
  }

  /** The inputs that have rows, by position. */
  List<Integer> rowed() {
    return IntStream.range(0, node.inputs().size())
        .filter(i -> rows(i).isPresent())
        .boxed()
        .toList();
  }

  /** The inputs that are given and hold the same for every row. */
  List<Integer> stored() {
    return IntStream.range(0, node.inputs().size())
        .filter(i -> !node.input(i).isEmpty() && rows(i).isEmpty())
        .boxed()
        .toList();
  }

  /** Only this input has rows. */
  RowAxis only(int input) {
    require(rowed().equals(List.of(input)), "takes rows in more than one input");
    return rowsOf(input);
  }

  long[] shape(int input) {
    return shape(node.input(input));
  }

  long[] outputShape() {
    return shape(node.outputs().get(0));
  }

  private long[] shape(String value) {
    return graph.trace().shape(value).orElseThrow(() -> mixed("takes or gives no tensor")).clone();
  }

  int rank(int input) {
    return shape(input).length;
  }

  long[] outputIntegers() {
    return graph
        .trace()
        .integers(node.outputs().get(0))
        .orElseThrow(() -> mixed("gives no whole numbers"));
  }

  int outputRank() {
    return outputShape().length;
  }

  /** Whole numbers that do not depend on any row. */
  long[] integers(int input) {
    require(rows(input).isEmpty(), "is steered by its rows");
    return graph
        .trace()
        .integers(node.input(input))
        .orElseThrow(() -> mixed("is steered by a value"))
        .clone();
  }

  boolean has(int input) {
    return !node.input(input).isEmpty();
  }

  int axis(String attribute, long otherwise, int rank) {
    return axis(attributes().integer(attribute, otherwise), rank);
  }

  int axis(long axis, int rank) {
    require(axis >= -rank && axis < Math.max(rank, 1), "has an axis out of range");
    return (int) (axis < 0 ? axis + rank : axis);
  }

  // ---- what it writes

  private String fresh(String what) {
    return "%s/rows/%s%d".formatted(node.outputs().get(0), what, before.size() + constants.size());
  }

  String constant(long... numbers) {
    String name = fresh("constant");
    constants.add(TensorData.proto(name, numbers, numbers.length));
    return name;
  }

  String emit(String type, String... inputs) {
    String name = fresh(type);
    before.add(node(type, name, inputs).build());
    return name;
  }

  static NodeProto.Builder node(String type, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .setName(output)
        .addOutput(output)
        .addAllInput(List.of(inputs));
  }

  /** Lets the node read another value. */
  void replace(int input, String value) {
    changed.setInput(input, value);
  }

  /** A stored input that holds a copy for each row is cut down to one, which broadcasts. */
  void oneForAll(int input, int axis, RowAxis like) {
    long held = shape(input)[axis];
    if (held != 1) {
      require(
          held == extent() && like.alone() && graph.trace().sameAlong(node.input(input), axis),
          "has numbers of its own for each place in the batch");
      replace(input, first(input, axis));
    }
  }

  private String first(int input, int axis) {
    return emit("Slice", node.input(input), constant(0), constant(1), constant(axis));
  }

  /** Lets the node step through another graph. */
  void replaceBody(GraphProto body) {
    for (int i = 0; i < changed.getAttributeCount(); i++) {
      if (changed.getAttribute(i).getName().equals("body")) {
        changed.getAttributeBuilder(i).setG(body);
      }
    }
  }

  /** A stored input becomes as long along an axis as the rows of another input are. */
  void spread(int input, int axis, int like) {
    spread(input, axis, node.input(like), rowsOf(like));
  }

  /** The same, as long as the rows of any value are, which lie there. */
  void spread(int input, int axis, String like, RowAxis there) {
    long[] shape = shape(input);
    oneForAll(input, axis, there);
    String wanted = with(like, there.axis(), axis, shape);
    replace(input, emit("Expand", changed.getInput(input), wanted));
  }

  /** A shape whose entry at an axis is the extent of another input along one of its axes. */
  String with(int like, int likeAxis, int axis, long[] shape) {
    return with(node.input(like), likeAxis, axis, shape);
  }

  private String with(String like, int likeAxis, int axis, long[] shape) {
    String extents = emit("Shape", like);
    String rows = emit("Slice", extents, constant(likeAxis), constant(likeAxis + 1));
    List<String> parts = new ArrayList<>();
    if (axis > 0) {
      parts.add(constant(Arrays.copyOf(shape, axis)));
    }
    parts.add(rows);
    if (axis + 1 < shape.length) {
      parts.add(constant(Arrays.copyOfRange(shape, axis + 1, shape.length)));
    }
    String name = fresh("shape");
    before.add(
        node("Concat", name, parts.toArray(String[]::new))
            .addAttribute(Attributes.integerProto("axis", 0))
            .build());
    return name;
  }

  /** The node as it now stands, the rows on this axis of all outputs. */
  List<RowStep> step(RowAxis where) {
    return List.of(RowStep.with(this, where, written(changed.build()), List.copyOf(constants)));
  }

  /** The node as it now stands, the rows of each output where they are said to be. */
  List<RowStep> step(List<Optional<RowAxis>> where) {
    return List.of(new RowStep(where, written(changed.build()), List.copyOf(constants)));
  }

  private List<NodeProto> written(NodeProto last) {
    List<NodeProto> nodes = new ArrayList<>(before);
    nodes.add(last);
    return nodes;
  }

  /** The node as it is, which no row has a part in. */
  List<RowStep> withoutRows() {
    return List.of(
        new RowStep(
            node.outputs().stream().map(o -> Optional.<RowAxis>empty()).toList(),
            List.of(changed.build()),
            List.of()));
  }

  /** The numbers that a run showed, in the node's place. */
  List<RowStep> frozen(long[] numbers, long... shape) {
    TensorProto constant = TensorData.proto(node.outputs().get(0), numbers, shape);
    return List.of(new RowStep(List.of(Optional.empty()), List.of(), List.of(constant)));
  }
}
