package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/**
 * One operator of a graph.
 *
 * @param name its own name, else its first output's
 * @param domain empty for the standard operators, {@code ai.onnx.ml}, …
 * @param type the operator: {@code Conv}
 * @param inputs names of values; empty for an optional input left out
 * @param outputs names of values; empty for an optional output left out
 * @param attributes its settings
 * @param opset the version of its domain's operator set
 */
public record Node(
    String name,
    String domain,
    String type,
    List<String> inputs,
    List<String> outputs,
    Attributes attributes,
    long opset) {

  /** The domain of classical machine learning. */
  public static final String ML = "ai.onnx.ml";

  static Node of(NodeProto proto, long opset) {
    String name =
        proto.getName().isEmpty() && proto.getOutputCount() > 0
            ? proto.getOutput(0)
            : proto.getName();
    return new Node(
        name,
        domain(proto),
        proto.getOpType(),
        List.copyOf(proto.getInputList()),
        List.copyOf(proto.getOutputList()),
        new Attributes(proto.getAttributeList()),
        opset);
  }

  /** The domain, where the standard one has two names. */
  static String domain(NodeProto proto) {
    return proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
  }

  /** The name of an input; empty where it has fewer. */
  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /** Whether it is this operator of the standard set. */
  public boolean is(String standardType) {
    return domain.isEmpty() && type.equals(standardType);
  }

  /** For messages: {@code Conv "features.0"}. */
  public String label() {
    return (domain.isEmpty() ? "" : domain + ".") + type + " \"" + name + "\"";
  }
}
