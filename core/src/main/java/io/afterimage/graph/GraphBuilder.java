package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a graph node by node:
 *
 * <pre>{@code
 * GraphBuilder g = new GraphBuilder("softmax");
 * g.input("x", ElementType.FLOAT, "N", 4);
 * g.initializer("w", weights, 4, 3);
 * String logits = g.node("MatMul", "x", "w").to("logits");
 * g.output(g.node("Softmax", logits).with("axis", 1).to("p"), ElementType.FLOAT, "N", 3);
 * OnnxModel model = g.build();
 * }</pre>
 */
public final class GraphBuilder {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final int ML_OPSET = 3;

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final String name;
  private long opset = OPSET;

  public GraphBuilder(String name) {
    this.name = name;
    graph.setName(name);
  }

  /** The version of the standard operators; 17 unless set. */
  public GraphBuilder opset(long version) {
    opset = version;
    return this;
  }

  /**
   * An input of the graph.
   *
   * @param dimensions numbers, or names for those that are free: {@code "N", 28, 28}
   */
  public String input(String value, ElementType type, Object... dimensions) {
    graph.addInput(info(value, type, dimensions));
    return value;
  }

  /** An output of the graph, which a node computes. */
  public String output(String value, ElementType type, Object... dimensions) {
    graph.addOutput(info(value, type, dimensions));
    return value;
  }

  public String initializer(String value, float[] numbers, long... shape) {
    return initializer(TensorData.proto(value, numbers, shape));
  }

  public String initializer(String value, double[] numbers, long... shape) {
    return initializer(TensorData.proto(value, numbers, shape));
  }

  public String initializer(String value, long[] numbers, long... shape) {
    return initializer(TensorData.proto(value, numbers, shape));
  }

  public String initializer(String value, List<String> texts, long... shape) {
    return initializer(TensorData.proto(value, texts, shape));
  }

  String initializer(TensorProto tensor) {
    graph.addInitializer(tensor);
    return tensor.getName();
  }

  /** A standard operator; an empty name leaves an optional input out. */
  public NodeBuilder node(String type, String... inputs) {
    return new NodeBuilder(type, "", inputs);
  }

  /** An operator of ai.onnx.ml. */
  public NodeBuilder ml(String type, String... inputs) {
    return new NodeBuilder(type, Node.ML, inputs);
  }

  /** An operator of com.microsoft, as ONNX Runtime's optimiser writes them. */
  public NodeBuilder fused(String type, String... inputs) {
    return new NodeBuilder(type, Node.MICROSOFT, inputs);
  }

  /** The graph as a model, checked. */
  public OnnxModel build() {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("afterimage")
            .setGraph(graph)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset));
    importIfUsed(model, Node.ML, ML_OPSET);
    importIfUsed(model, Node.MICROSOFT, 1);
    return OnnxModel.of(model.build(), name);
  }

  private void importIfUsed(ModelProto.Builder model, String domain, long version) {
    if (graph.getNodeList().stream().anyMatch(n -> n.getDomain().equals(domain))) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version));
    }
  }

  private static ValueInfoProto info(String value, ElementType type, Object... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dimension : dimensions) {
      if (dimension instanceof Number extent) {
        shape.addDimBuilder().setDimValue(extent.longValue());
      } else {
        shape.addDimBuilder().setDimParam(dimension.toString());
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(value)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.code()).setShape(shape)))
        .build();
  }

  /** One node; {@link #to} ends it. */
  public final class NodeBuilder {
    private final NodeProto.Builder node = NodeProto.newBuilder();

    private NodeBuilder(String type, String domain, String... inputs) {
      node.setOpType(type).setDomain(domain).addAllInput(List.of(inputs));
    }

    public NodeBuilder with(String attribute, long value) {
      return add(attribute, AttributeType.INT, a -> a.setI(value));
    }

    public NodeBuilder with(String attribute, double value) {
      return add(attribute, AttributeType.FLOAT, a -> a.setF((float) value));
    }

    public NodeBuilder with(String attribute, String value) {
      return add(attribute, AttributeType.STRING, a -> a.setS(ByteString.copyFromUtf8(value)));
    }

    public NodeBuilder with(String attribute, long[] values) {
      return add(
          attribute,
          AttributeType.INTS,
          a -> {
            for (long value : values) {
              a.addInts(value);
            }
          });
    }

    public NodeBuilder with(String attribute, float[] values) {
      return add(
          attribute,
          AttributeType.FLOATS,
          a -> {
            for (float value : values) {
              a.addFloats(value);
            }
          });
    }

    public NodeBuilder with(String attribute, List<String> values) {
      return add(
          attribute,
          AttributeType.STRINGS,
          a -> values.forEach(v -> a.addStrings(ByteString.copyFromUtf8(v))));
    }

    NodeBuilder with(String attribute, TensorProto value) {
      return add(attribute, AttributeType.TENSOR, a -> a.setT(value));
    }

    /** A branch or body: the graph as it stands, which may read values of this one. */
    public NodeBuilder with(String attribute, GraphBuilder subgraph) {
      return add(attribute, AttributeType.GRAPH, a -> a.setG(subgraph.graph));
    }

    private NodeBuilder add(
        String attribute, AttributeType type, Consumer<AttributeProto.Builder> set) {
      AttributeProto.Builder builder = AttributeProto.newBuilder().setName(attribute).setType(type);
      set.accept(builder);
      node.addAttribute(builder);
      return this;
    }

    /** Names what the node computes, and the node after the first of them; gives the first. */
    public String to(String... outputs) {
      graph.addNode(node.setName(outputs[0]).addAllOutput(List.of(outputs)));
      return outputs[0];
    }
  }
}
