package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.afterimage.base.BadInputException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Accepts a model before anything native sees it. Every refusal is a BadInputException that names
 * the file, the node or tensor, and what is wrong.
 *
 * <p>Checked: names (unique, known before use), cycles, tensors (known type, sane dimensions, as
 * many bytes as their shape says), settings that size memory, domains, nesting, trees, constant
 * divisors, and the memory of values whose size the graph itself fixes. Types between operators are
 * left to ONNX Runtime, which infers them when it loads the model.
 */
final class Checker {
  /** Largest value that a graph may fix, and largest tensor that the interpreter makes. */
  static final long MAX_VALUE_BYTES = 1L << 31;

  private static final long MAX_EXTENT = 1L << 31;
  static final int MAX_NODES = 200_000;
  private static final int MAX_DEPTH = 8;
  private static final int MAX_NAME = 1000;
  private static final long MAX_WINDOW = 1L << 16;
  private static final Set<String> DOMAINS =
      Set.of("", Node.ML, "com.microsoft", "ai.onnx.preview", "ai.onnx.preview.training");

  private final String file;
  private final Set<String> functions = new HashSet<>();
  private int nodes;

  private Checker(String file) {
    this.file = file;
  }

  /** The nodes of the main graph in an order in which each follows what it needs. */
  static List<NodeProto> check(ModelProto model, String file) {
    return new Checker(file).model(model);
  }

  private List<NodeProto> model(ModelProto model) {
    require(model.hasGraph(), "it holds no graph");
    for (OperatorSetIdProto opset : model.getOpsetImportList()) {
      legible(opset.getDomain());
      require(
          opset.getVersion() >= 1 && opset.getVersion() <= 1000,
          "operator set \"%s\" has version %d",
          opset.getDomain(),
          opset.getVersion());
    }
    functions(model);
    GraphProto graph = model.getGraph();
    require(graph.getNodeCount() > 0, "its graph has no nodes");
    require(graph.getOutputCount() > 0, "its graph has no outputs");
    return graph(graph, Set.of(), 0);
  }

  // ---- functions of the model's own

  private void functions(ModelProto model) {
    for (FunctionProto function : model.getFunctionsList()) {
      legible(function.getName());
      legible(function.getDomain());
    }
    Functions.check(model, file);
    functions.addAll(Functions.keys(model));
    for (FunctionProto function : model.getFunctionsList()) {
      function.getNodeList().forEach(this::names);
      nodes(function.getNodeList(), new HashSet<>(function.getInputList()), 1);
    }
  }

  // ---- graphs

  private List<NodeProto> graph(GraphProto graph, Set<String> outer, int depth) {
    require(depth <= MAX_DEPTH, "subgraphs are nested more than %d deep", MAX_DEPTH);
    require(
        graph.getSparseInitializerCount() == 0, "it holds sparse tensors, which are not supported");
    names(graph);
    Set<String> known = new HashSet<>(outer);
    Set<String> own = new HashSet<>();
    for (ValueInfoProto input : graph.getInputList()) {
      require(!input.getName().isEmpty(), "an input has no name");
      require(own.add(input.getName()), "two inputs are called %s", input.getName());
      declared(input);
    }
    Set<String> initializers = new HashSet<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      require(!tensor.getName().isEmpty(), "an initializer has no name");
      require(
          initializers.add(tensor.getName()), "two initializers are called %s", tensor.getName());
      tensor(tensor);
    }
    graph.getInputList().forEach(input -> matches(input, graph));
    graph.getOutputList().forEach(this::declared);
    known.addAll(own);
    known.addAll(initializers);
    List<NodeProto> sorted = nodes(graph.getNodeList(), known, depth);
    Set<String> outputs = new HashSet<>();
    for (ValueInfoProto output : graph.getOutputList()) {
      require(known.contains(output.getName()), "nothing computes output %s", output.getName());
      require(outputs.add(output.getName()), "two outputs are called %s", output.getName());
    }
    new StaticSizes(file, graph).check();
    StaticDivisors.check(file, graph);
    return sorted;
  }

  // Names end up in messages of one line and in reports.
  private void names(GraphProto graph) {
    graph.getInputList().forEach(i -> legible(i.getName()));
    graph.getOutputList().forEach(o -> legible(o.getName()));
    graph.getInitializerList().forEach(t -> legible(t.getName()));
    graph.getNodeList().forEach(this::names);
  }

  private void names(NodeProto node) {
    legible(node.getName());
    legible(node.getOpType());
    legible(node.getDomain());
    node.getInputList().forEach(this::legible);
    node.getOutputList().forEach(this::legible);
    node.getAttributeList().forEach(a -> legible(a.getName()));
  }

  private void legible(String name) {
    require(
        name.length() <= MAX_NAME
            && name.chars().noneMatch(c -> Character.isISOControl(c) || c == 0xfffd),
        "a name is longer than %d characters or holds unreadable ones; the file may be damaged",
        MAX_NAME);
  }

  private void matches(ValueInfoProto input, GraphProto graph) {
    if (!input.getType().hasTensorType()) {
      return;
    }
    int declared = input.getType().getTensorType().getElemType();
    for (TensorProto tensor : graph.getInitializerList()) {
      require(
          !tensor.getName().equals(input.getName()) || tensor.getDataType() == declared,
          "input %s is declared with another type than its initializer has",
          input.getName());
    }
  }

  private void declared(ValueInfoProto value) {
    long count = 1;
    for (var dimension : value.getType().getTensorType().getShape().getDimList()) {
      // Paddle's exporter writes -1 for an extent that it leaves open.
      boolean open = !dimension.hasDimValue() || dimension.getDimValue() == -1;
      long extent = open ? 1 : dimension.getDimValue();
      require(
          extent >= 0 && extent <= MAX_EXTENT,
          "%s has a dimension of %d; allowed are 0 to %d",
          value.getName(),
          extent,
          MAX_EXTENT);
      count = saturated(count, Math.max(1, extent));
    }
    require(
        saturated(count, elementBytes(value.getType().getTensorType().getElemType()))
            <= MAX_VALUE_BYTES,
        "%s is larger than %d bytes",
        value.getName(),
        MAX_VALUE_BYTES);
  }

  /** Adds the outputs of the nodes to the known names; gives the nodes in a possible order. */
  private List<NodeProto> nodes(List<NodeProto> list, Set<String> known, int depth) {
    nodes += list.size();
    require(nodes <= MAX_NODES, "it has more than %d nodes", MAX_NODES);
    List<NodeProto> sorted = new TopologicalOrder(file, known).sort(list);
    for (NodeProto node : sorted) {
      node(node);
      for (AttributeProto attribute : node.getAttributeList()) {
        attribute(node, attribute, known, depth);
      }
    }
    return sorted;
  }

  private void node(NodeProto node) {
    require(!node.getOpType().isEmpty(), "node \"%s\" names no operator", node.getName());
    require(
        node.getOutputList().stream().anyMatch(o -> !o.isEmpty()),
        "node \"%s\" computes nothing",
        node.getName());
    String domain = Node.domain(node);
    require(
        DOMAINS.contains(domain) || functions.contains(Functions.key(node)),
        "node \"%s\": %s is an operator of domain \"%s\", which ONNX Runtime does not know; export"
            + " the model without custom operators",
        node.getName(),
        node.getOpType(),
        domain);
    TreeStructure.check(file, node);
  }

  private void attribute(NodeProto node, AttributeProto a, Set<String> known, int depth) {
    if (a.hasT()) {
      tensor(a.getT());
    }
    a.getTensorsList().forEach(this::tensor);
    require(
        !a.hasSparseTensor() && a.getSparseTensorsCount() == 0,
        "node %s holds a sparse tensor, which is not supported",
        node.getName());
    if (a.hasG()) {
      graph(a.getG(), known, depth + 1);
    }
    require(
        a.getGraphsCount() == 0,
        "node %s (%s) holds a list of graphs, which no operator takes",
        node.getName(),
        node.getOpType());
    switch (a.getName()) {
      case "kernel_shape", "strides", "dilations" -> window(node, a, 1);
      case "output_padding", "output_shape", "pads" -> window(node, a, 0);
      case "group" -> require(a.getI() >= 1, "node %s has group %d", node.getName(), a.getI());
      default -> {}
    }
  }

  private void window(NodeProto node, AttributeProto attribute, long least) {
    // Pad alone may cut with negative counts.
    long low = node.getOpType().equals("Pad") ? -MAX_WINDOW : least;
    for (long value : attribute.getIntsList()) {
      require(
          value >= low && value <= MAX_WINDOW,
          "node %s (%s) has %s %d; allowed are %d to %d",
          node.getName(),
          node.getOpType(),
          attribute.getName(),
          value,
          low,
          MAX_WINDOW);
    }
  }

  // ---- tensors

  private void tensor(TensorProto tensor) {
    String name = tensor.getName().isEmpty() ? "(a constant)" : tensor.getName();
    require(
        !ExternalData.isExternal(tensor),
        "tensor %s inside a node or subgraph lies in another file, which is not supported",
        name);
    long count = 1;
    long room = 1;
    for (long extent : tensor.getDimsList()) {
      require(
          extent >= 0 && extent <= MAX_EXTENT,
          "tensor %s has a dimension of %d; allowed are 0 to %d",
          name,
          extent,
          MAX_EXTENT);
      count = saturated(count, extent);
      room = saturated(room, Math.max(1, extent));
    }
    // An extent of 0 empties a tensor, but its strides still count the others.
    require(
        saturated(room, elementBytes(tensor.getDataType())) <= MAX_VALUE_BYTES,
        "tensor %s is larger than %d bytes",
        name,
        MAX_VALUE_BYTES);
    require(tensor.getDataType() > 0, "tensor %s has no element type", name);
    long held = held(tensor, count);
    require(held != BROKEN, "tensor %s ends within an element; the file may be cut off", name);
    require(
        held == count || held == UNKNOWN,
        "tensor %s holds %d elements, but its shape says %d; the file may be cut off",
        name,
        held,
        count);
  }

  private static final long UNKNOWN = -1;
  private static final long BROKEN = -2;

  private static long held(TensorProto tensor, long count) {
    ElementType type = ElementType.of(tensor.getDataType()).orElse(null);
    if (type == null) {
      return UNKNOWN;
    }
    if (type.bits() > 0 && type.bits() < 8) {
      // Several elements share a byte, whose last ones may be unused.
      long held = tensor.hasRawData() ? tensor.getRawData().size() : tensor.getInt32DataCount();
      int each = 8 / type.bits();
      return held == (count + each - 1) / each ? count : saturated(held, each);
    }
    if (tensor.hasRawData() && type != ElementType.STRING) {
      int bytes = tensor.getRawData().size();
      return bytes % type.bytes() == 0 ? bytes / type.bytes() : BROKEN;
    }
    return switch (type) {
      case FLOAT -> tensor.getFloatDataCount();
      case COMPLEX64 -> tensor.getFloatDataCount() / 2;
      case DOUBLE -> tensor.getDoubleDataCount();
      case COMPLEX128 -> tensor.getDoubleDataCount() / 2;
      case INT64 -> tensor.getInt64DataCount();
      case UINT32, UINT64 -> tensor.getUint64DataCount();
      case STRING -> tensor.getStringDataCount();
      default -> tensor.getInt32DataCount();
    };
  }

  static long elementBytes(int type) {
    return ElementType.of(type).map(ElementType::bytes).map(b -> Math.max(1, b)).orElse(1);
  }

  /** The product, or the largest number where it overflows. */
  static long saturated(long a, long b) {
    return a != 0 && b > Long.MAX_VALUE / a ? Long.MAX_VALUE : a * b;
  }

  private void require(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new BadInputException(file + ": " + String.format(Locale.ROOT, message, arguments));
    }
  }
}
