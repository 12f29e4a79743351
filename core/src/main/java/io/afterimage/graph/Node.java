package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One operator of a graph. The names in it are unique in the model.
 *
 * @param name its own name, else its first output's; before it, in a subgraph, that of the subgraph
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

  /** The domain of the operators that ONNX Runtime's own optimiser and quantiser write. */
  public static final String MICROSOFT = "com.microsoft";

  static Node of(NodeProto proto, Naming naming) {
    return new Node(
        naming.of(proto),
        domain(proto),
        proto.getOpType(),
        proto.getInputList().stream().map(naming::of).toList(),
        proto.getOutputList().stream().map(naming::of).toList(),
        new Attributes(proto.getAttributeList(), subgraphs(proto, naming)),
        naming.opset(domain(proto)));
  }

  private static Map<String, Subgraph> subgraphs(NodeProto proto, Naming naming) {
    Map<String, Subgraph> subgraphs = new LinkedHashMap<>();
    for (AttributeProto attribute : proto.getAttributeList()) {
      if (attribute.hasG()) {
        Naming inner = naming.within(proto, attribute.getName(), attribute.getG());
        subgraphs.put(attribute.getName(), Subgraph.of(attribute.getG(), naming, inner));
      }
    }
    return subgraphs;
  }

  /** The domain, where the standard one has two names. */
  static String domain(NodeProto proto) {
    return proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
  }

  /** Names of all that it reads: its inputs, and what its subgraphs take from around them. */
  public List<String> reads() {
    List<String> reads = new ArrayList<>(inputs);
    attributes.subgraphs().forEach(s -> reads.addAll(s.captured()));
    return reads;
  }

  /** The operators inside it, however deep, and then itself. */
  Stream<Node> withNested() {
    return Stream.concat(
        attributes.subgraphs().stream().flatMap(s -> s.nodes().stream()).flatMap(Node::withNested),
        Stream.of(this));
  }

  /** The name of an input; empty where it has fewer. */
  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /** Whether it is this operator of the standard set. */
  public boolean is(String standardType) {
    return domain.isEmpty() && type.equals(standardType);
  }

  /** The operator with its domain, if that is not the standard one: {@code com.microsoft.Gelu}. */
  public String operator() {
    return operator(domain, type);
  }

  /** The operator of a node of the file. */
  static String operator(NodeProto proto) {
    return operator(domain(proto), proto.getOpType());
  }

  private static String operator(String domain, String type) {
    return domain.isEmpty() ? type : domain + "." + type;
  }

  /** For messages: {@code Conv "features.0"}. */
  public String label() {
    return operator() + " \"" + name + "\"";
  }
}
