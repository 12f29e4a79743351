package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The functions that a model brings with it. A call is replaced by the function's nodes, with the
 * call's values for its inputs and outputs and the call's attributes, or the function's defaults,
 * where its nodes refer to them. Before the names of its other values stand the call's first output
 * and the function, {@code y/Dense/h}.
 *
 * <p>A function that needs another version of an operator set than the model imports, in which its
 * nodes would mean something else, stays a call: an operator that the interpreter does not know.
 */
final class Functions {
  private static final int MAX_DEPTH = 32;

  private final String file;
  private final Map<String, FunctionProto> byKey = new LinkedHashMap<>();
  private final Map<String, Long> opsets = new LinkedHashMap<>();
  private int nodes;
  private long bytes;

  private Functions(ModelProto model, String file) {
    this.file = file;
    for (OperatorSetIdProto opset : model.getOpsetImportList()) {
      opsets.put(domain(opset.getDomain()), opset.getVersion());
    }
    for (FunctionProto function : model.getFunctionsList()) {
      String key = key(function.getDomain(), function.getName(), function.getOverload());
      require(byKey.putIfAbsent(key, function) == null, "two functions are called %s", key);
    }
  }

  /** Refuses functions that call themselves or each other too deep, and names that clash. */
  static void check(ModelProto model, String file) {
    Functions functions = new Functions(model, file);
    Map<String, Integer> depths = new HashMap<>();
    for (FunctionProto function : model.getFunctionsList()) {
      functions.unique(function);
      functions.depth(function, depths, new HashSet<>());
    }
  }

  /** The same model without calls of functions; itself where it has none. */
  static ModelProto inlined(ModelProto model, String file) {
    return model.getFunctionsCount() == 0 ? model : new Functions(model, file).inlined(model);
  }

  /** How an operator is told from others, the functions of a model among them. */
  static String key(NodeProto node) {
    return key(node.getDomain(), node.getOpType(), node.getOverload());
  }

  static Set<String> keys(ModelProto model) {
    Set<String> keys = new HashSet<>();
    model
        .getFunctionsList()
        .forEach(f -> keys.add(key(f.getDomain(), f.getName(), f.getOverload())));
    return keys;
  }

  private static String key(String domain, String type, String overload) {
    return domain(domain) + "." + type + (overload.isEmpty() ? "" : ":" + overload);
  }

  private static String domain(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  // ---- checks

  private void unique(FunctionProto function) {
    Set<String> formal = new HashSet<>();
    for (String input : function.getInputList()) {
      require(
          !input.isEmpty() && formal.add(input),
          "function %s has two inputs called \"%s\", or one without a name",
          function.getName(),
          input);
    }
  }

  /** How deep functions call each other below this one; each is looked at once. */
  private int depth(FunctionProto function, Map<String, Integer> depths, Set<String> callers) {
    String key = key(function.getDomain(), function.getName(), function.getOverload());
    Integer known = depths.get(key);
    if (known != null) {
      return known;
    }
    require(callers.add(key), "function %s calls itself", key);
    int deepest = 0;
    for (FunctionProto called : called(function.getNodeList())) {
      require(callers.size() < MAX_DEPTH, "functions call each other more than %d deep", MAX_DEPTH);
      deepest = Math.max(deepest, 1 + depth(called, depths, callers));
      require(deepest < MAX_DEPTH, "functions call each other more than %d deep", MAX_DEPTH);
    }
    callers.remove(key);
    depths.put(key, deepest);
    return deepest;
  }

  private List<FunctionProto> called(List<NodeProto> list) {
    List<FunctionProto> called = new ArrayList<>();
    for (NodeProto node : list) {
      FunctionProto function = byKey.get(key(node));
      if (function != null) {
        called.add(function);
      }
      for (AttributeProto attribute : node.getAttributeList()) {
        called.addAll(called(attribute.getG().getNodeList()));
      }
    }
    return called;
  }

  // ---- inlining

  private ModelProto inlined(ModelProto model) {
    GraphProto graph = inlined(model.getGraph());
    ModelProto.Builder builder = model.toBuilder().setGraph(graph).clearOpsetImport();
    opsets.forEach(
        (domain, version) ->
            builder.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
    return builder.build();
  }

  private GraphProto inlined(GraphProto graph) {
    List<NodeProto> list = new ArrayList<>();
    graph.getNodeList().forEach(node -> inline(node, list));
    return graph.toBuilder().clearNode().addAllNode(list).build();
  }

  private void inline(NodeProto node, List<NodeProto> list) {
    FunctionProto function = byKey.get(key(node));
    if (function != null && fits(function)) {
      count(node);
      new Expansion(node, function).nodes().forEach(inner -> inline(inner, list));
      return;
    }
    NodeProto whole = node;
    if (node.getAttributeList().stream().anyMatch(AttributeProto::hasG)) {
      NodeProto.Builder builder = node.toBuilder();
      for (AttributeProto.Builder attribute : builder.getAttributeBuilderList()) {
        if (attribute.hasG()) {
          attribute.setG(inlined(attribute.getG()));
        }
      }
      whole = builder.build();
    }
    count(whole);
    list.add(whole);
  }

  private void count(NodeProto node) {
    nodes++;
    bytes += node.getSerializedSize();
    require(
        nodes <= Checker.MAX_NODES && bytes <= OnnxModel.MAX_BYTES,
        "its functions written out have more than %d nodes or %d bytes",
        Checker.MAX_NODES,
        OnnxModel.MAX_BYTES);
  }

  /** Whether the model imports what the function needs; imports that it lacks are added. */
  private boolean fits(FunctionProto function) {
    for (OperatorSetIdProto opset : function.getOpsetImportList()) {
      Long version = opsets.putIfAbsent(domain(opset.getDomain()), opset.getVersion());
      boolean standard = domain(opset.getDomain()).isEmpty();
      if (version != null
          && version != opset.getVersion()
          && !(standard && Editions.agree(function.getNodeList(), opset.getVersion(), version))) {
        return false;
      }
    }
    return true;
  }

  /** One call of a function. */
  private final class Expansion {
    private final NodeProto call;
    private final FunctionProto function;
    private final String prefix;
    private final Map<String, String> formal = new HashMap<>();
    private final Map<String, AttributeProto> attributes = new HashMap<>();

    Expansion(NodeProto call, FunctionProto function) {
      this.call = call;
      this.function = function;
      this.prefix =
          call.getOutputList().stream().filter(o -> !o.isEmpty()).findFirst().orElse("")
              + "/"
              + function.getName()
              + "/";
      require(
          call.getInputCount() <= function.getInputCount()
              && call.getOutputCount() <= function.getOutputCount(),
          "node %s \"%s\" gives %d inputs and %d outputs to a function of %d and %d",
          call.getOpType(),
          call.getName(),
          call.getInputCount(),
          call.getOutputCount(),
          function.getInputCount(),
          function.getOutputCount());
      for (int i = 0; i < call.getOutputCount(); i++) {
        if (!call.getOutput(i).isEmpty()) {
          formal.put(function.getOutput(i), call.getOutput(i));
        }
      }
      for (int i = 0; i < function.getInputCount(); i++) {
        formal.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
      }
      function.getAttributeProtoList().forEach(a -> attributes.put(a.getName(), a));
      call.getAttributeList().forEach(a -> attributes.put(a.getName(), a));
    }

    List<NodeProto> nodes() {
      List<NodeProto> list = new ArrayList<>();
      function.getNodeList().forEach(node -> list.add(bound(node)));
      for (int i = 0; i < call.getOutputCount(); i++) {
        if (function.getInputList().contains(function.getOutput(i))) {
          list.add(passed(function.getOutput(i), call.getOutput(i)));
        }
      }
      return list;
    }

    /** An input that the function answers as it is. */
    private NodeProto passed(String input, String output) {
      return NodeProto.newBuilder()
          .setOpType("Identity")
          .addInput(name(input))
          .addOutput(output)
          .build();
    }

    private String name(String local) {
      return local.isEmpty() ? "" : formal.getOrDefault(local, prefix + local);
    }

    private NodeProto bound(NodeProto node) {
      NodeProto.Builder builder =
          node.toBuilder()
              .setName(node.getName().isEmpty() ? "" : prefix + node.getName())
              .clearInput()
              .clearOutput()
              .clearAttribute();
      node.getInputList().forEach(i -> builder.addInput(name(i)));
      node.getOutputList().forEach(o -> builder.addOutput(name(o)));
      node.getAttributeList().forEach(a -> bound(a).ifPresent(builder::addAttribute));
      return builder.build();
    }

    /** The attribute itself, or the one that it refers to; none where the call leaves it out. */
    private Optional<AttributeProto> bound(AttributeProto attribute) {
      if (!attribute.getRefAttrName().isEmpty()) {
        return Optional.ofNullable(attributes.get(attribute.getRefAttrName()))
            .map(a -> a.toBuilder().setName(attribute.getName()).build());
      }
      return Optional.of(
          attribute.hasG()
              ? attribute.toBuilder().setG(bound(attribute.getG())).build()
              : attribute);
    }

    // A function sees nothing of the graph around its call: every name in it is its own.
    private GraphProto bound(GraphProto graph) {
      GraphProto.Builder builder = graph.toBuilder().clearNode();
      builder.getInputBuilderList().forEach(i -> i.setName(name(i.getName())));
      builder.getOutputBuilderList().forEach(o -> o.setName(name(o.getName())));
      builder.getInitializerBuilderList().forEach(t -> t.setName(name(t.getName())));
      graph.getNodeList().forEach(node -> builder.addNode(bound(node)));
      return builder.build();
    }
  }

  private void require(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new BadInputException(file + ": " + String.format(Locale.ROOT, message, arguments));
    }
  }
}
