package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A sound model that a {@link Script} damages where it hurts: settings, edges, shapes, elements and
 * types of tensors, operators, subgraphs, and parts of other models grafted onto it.
 */
final class MutatedModel {
  private static final int MOST_CHANGES = 6;
  private static final List<String> MODES =
      List.of(
          "",
          "SAME_UPPER",
          "SAME_LOWER",
          "VALID",
          "reflect",
          "edge",
          "wrap",
          "constant",
          "linear",
          "cubic",
          "nearest",
          "max",
          "mul",
          "add",
          "ab,bc->ac",
          "...i->...",
          "ii",
          "bidirectional",
          "reverse",
          "Relu",
          "align_corners",
          "tf_crop_and_resize",
          "floor",
          "none",
          "mean",
          "DCR");

  private final List<ModelProto> donors;
  private final Script script;
  private final HostileTensors tensors;
  private final ModelProto.Builder model;
  private final List<Consumer<GraphProto.Builder>> changes =
      List.of(
          this::changeSetting,
          this::changeSetting,
          this::changeTensor,
          this::changeTensor,
          this::rewire,
          this::changeInput,
          this::exchangeOperator,
          this::dropSetting,
          this::takeSetting,
          this::graft,
          this::dropNode,
          this::changeVersion);
  private int grafts;

  private MutatedModel(List<ModelProto> donors, Script script) {
    this.donors = donors;
    this.script = script;
    this.tensors = new HostileTensors(script);
    this.model = script.one(donors).toBuilder();
  }

  /** One of the models with up to six changes. */
  static ModelProto of(List<ModelProto> donors, Script script) {
    MutatedModel mutated = new MutatedModel(donors, script);
    for (int i = script.nextInt(MOST_CHANGES + 1); i > 0; i--) {
      script.one(mutated.changes).accept(mutated.graph(mutated.model.getGraphBuilder()));
    }
    return mutated.model.build();
  }

  // The main graph, or one inside it.
  private GraphProto.Builder graph(GraphProto.Builder outer) {
    for (NodeProto.Builder node : outer.getNodeBuilderList()) {
      for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
        if (attribute.hasG() && script.once(2)) {
          return graph(attribute.getGBuilder());
        }
      }
    }
    return outer;
  }

  // ---- settings

  private void changeSetting(GraphProto.Builder graph) {
    withNode(graph, node -> oneOf(node.getAttributeBuilderList(), this::change));
  }

  private void change(AttributeProto.Builder a) {
    if (a.getIntsCount() > 0) {
      int at = script.nextInt(a.getIntsCount() + 1);
      if (at == a.getIntsCount()) {
        a.addInts(tensors.whole());
      } else {
        a.setInts(at, tensors.whole());
      }
    } else if (a.getFloatsCount() > 0) {
      a.setFloats(script.nextInt(a.getFloatsCount()), (float) tensors.real());
    } else if (a.getStringsCount() > 0) {
      a.setStrings(script.nextInt(a.getStringsCount()), text());
    } else if (a.hasT()) {
      change(a.getTBuilder());
    } else if (a.hasS()) {
      a.setS(text());
    } else if (a.hasF()) {
      a.setF((float) tensors.real());
    } else if (a.hasI()) {
      a.setI(tensors.whole());
    }
  }

  private ByteString text() {
    return ByteString.copyFromUtf8(script.once(3) ? tensors.text() : script.one(MODES));
  }

  private void dropSetting(GraphProto.Builder graph) {
    withNode(
        graph,
        node -> {
          if (node.getAttributeCount() > 0) {
            node.removeAttribute(script.nextInt(node.getAttributeCount()));
          }
        });
  }

  private void takeSetting(GraphProto.Builder graph) {
    withNode(graph, node -> oneOf(anyNode().getAttributeList(), node::addAttribute));
  }

  // ---- tensors

  private void changeTensor(GraphProto.Builder graph) {
    oneOf(graph.getInitializerBuilderList(), this::change);
  }

  private void change(TensorProto.Builder tensor) {
    switch (script.nextInt(6)) {
      case 0, 1 -> tensors.poked(tensor);
      case 2 -> tensors.filled(tensor);
      case 3 -> {
        tensor.clearDims();
        for (int axes = script.nextInt(5); axes > 0; axes--) {
          tensor.addDims(tensors.extent());
        }
        tensors.filled(tensor);
      }
      case 4 -> tensors.filled(tensor.setDataType(1 + script.nextInt(26)));
      default -> {
        if (tensor.getDimsCount() > 0) {
          tensor.setDims(script.nextInt(tensor.getDimsCount()), tensors.whole());
        }
      }
    }
  }

  private void changeInput(GraphProto.Builder graph) {
    oneOf(
        graph.getInputBuilderList(),
        input -> {
          TypeProto.Tensor.Builder type = input.getTypeBuilder().getTensorTypeBuilder();
          if (script.once(2)) {
            type.setElemType(1 + script.nextInt(26));
          } else {
            oneOf(type.getShapeBuilder().getDimBuilderList(), d -> d.setDimValue(tensors.whole()));
          }
        });
  }

  // ---- nodes

  private void rewire(GraphProto.Builder graph) {
    withNode(
        graph,
        node -> {
          int at = script.nextInt(node.getInputCount() + 1);
          String value = script.once(6) ? "" : script.one(values(graph));
          if (at == node.getInputCount()) {
            node.addInput(value);
          } else {
            node.setInput(at, value);
          }
        });
  }

  private static List<String> values(GraphProto.Builder graph) {
    List<String> values = new ArrayList<>(List.of(""));
    graph.getInputList().forEach(i -> values.add(i.getName()));
    graph.getInitializerList().forEach(t -> values.add(t.getName()));
    graph.getNodeList().forEach(n -> values.addAll(n.getOutputList()));
    return values;
  }

  private void exchangeOperator(GraphProto.Builder graph) {
    NodeProto other = anyNode();
    withNode(graph, node -> node.setOpType(other.getOpType()).setDomain(other.getDomain()));
  }

  private void dropNode(GraphProto.Builder graph) {
    if (graph.getNodeCount() > 0) {
      graph.removeNode(script.nextInt(graph.getNodeCount()));
    }
  }

  private void changeVersion(GraphProto.Builder unused) {
    oneOf(model.getOpsetImportBuilderList(), o -> o.setVersion(1 + script.nextInt(26)));
  }

  /** Another model's nodes, fed by values of this graph where that model has inputs. */
  private void graft(GraphProto.Builder graph) {
    GraphProto donor = script.one(donors).getGraph();
    String prefix = "graft" + grafts++ + "/";
    Map<String, String> names = new TreeMap<>(Map.of("", ""));
    List<String> here = values(graph);
    donor.getInputList().forEach(i -> names.put(i.getName(), script.one(here)));
    for (TensorProto tensor : donor.getInitializerList()) {
      names.put(tensor.getName(), prefix + tensor.getName());
      graph.addInitializer(tensor.toBuilder().setName(prefix + tensor.getName()));
    }
    for (NodeProto node : donor.getNodeList()) {
      NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput();
      node.getInputList().forEach(i -> copy.addInput(names.getOrDefault(i, prefix + i)));
      node.getOutputList().forEach(o -> copy.addOutput(o.isEmpty() ? "" : prefix + o));
      graph.addNode(copy);
    }
    for (ValueInfoProto output : donor.getOutputList()) {
      graph.addOutput(ValueInfoProto.newBuilder().setName(prefix + output.getName()));
    }
  }

  private NodeProto anyNode() {
    List<NodeProto> nodes = script.one(donors).getGraph().getNodeList();
    return script.one(nodes);
  }

  private void withNode(GraphProto.Builder graph, Consumer<NodeProto.Builder> change) {
    oneOf(graph.getNodeBuilderList(), change);
  }

  private <T> void oneOf(List<T> list, Consumer<? super T> change) {
    if (!list.isEmpty()) {
      change.accept(script.one(list));
    }
  }
}
