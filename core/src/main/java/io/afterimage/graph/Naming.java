package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.afterimage.base.BadInputException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the names in a graph stand for. Values of the main graph keep theirs; before those of a
 * subgraph stand its node's first output and the attribute, {@code y/body/h}, so that no two values
 * of a model share a name, and a name means the same wherever it is used.
 */
final class Naming {
  private static final int MAX_PREFIX = 1000;

  private final String file;
  private final String prefix;
  private final Set<String> own;
  private final @Nullable Naming outer;
  private final Map<String, Long> opsets;

  private Naming(
      String file,
      String prefix,
      Set<String> own,
      @Nullable Naming outer,
      Map<String, Long> opsets) {
    this.file = file;
    this.prefix = prefix;
    this.own = own;
    this.outer = outer;
    this.opsets = opsets;
  }

  /** Of a main graph, with the version of each domain's operators. */
  static Naming main(String file, Map<String, Long> opsets) {
    return new Naming(file, "", Set.of(), null, opsets);
  }

  /** Of a subgraph of one of the graph's nodes. */
  Naming within(NodeProto node, String attribute, GraphProto subgraph) {
    String inner = of(firstOutput(node)) + "/" + attribute + "/";
    if (inner.length() > MAX_PREFIX) {
      throw new BadInputException(
          "%s: the names of %s \"%s\" and of the nodes around it have more than %d characters"
              .formatted(file, node.getOpType(), node.getName(), MAX_PREFIX));
    }
    Set<String> locals = new HashSet<>();
    subgraph.getInputList().forEach(i -> locals.add(i.getName()));
    subgraph.getInitializerList().forEach(t -> locals.add(t.getName()));
    subgraph.getNodeList().forEach(n -> locals.addAll(n.getOutputList()));
    locals.remove("");
    return new Naming(file, inner, locals, this, opsets);
  }

  /** The unique name of a value. */
  String of(String value) {
    if (own.contains(value)) {
      return prefix + value;
    }
    return outer == null ? value : outer.of(value);
  }

  /** The name of a node: its own, else its first output's. */
  String of(NodeProto node) {
    return prefix + (node.getName().isEmpty() ? firstOutput(node) : node.getName());
  }

  /** The version of a domain's operators; 1 where the model imports none. */
  long opset(String domain) {
    return opsets.getOrDefault(domain, 1L);
  }

  String file() {
    return file;
  }

  private static String firstOutput(NodeProto node) {
    return node.getOutputList().stream().filter(o -> !o.isEmpty()).findFirst().orElse("");
  }
}
