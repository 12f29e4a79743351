package io.afterimage.graph;

import static io.afterimage.base.Checks.below;
import static io.afterimage.base.Checks.check;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph as it is trained. Exporters write what inference needs: they fold batch normalisation
 * into the convolution before it and leave dropout out. Here both are put back where asked for, and
 * each batch normalisation gets averages of its own, which training moves. At inference the graph
 * means what it says: dropout passes its input on.
 */
public final class TrainingForm {
  /** Where batch normalisation is put back. */
  public enum BatchNorm {
    NONE,
    /** After each convolution that none follows yet. */
    AFTER_CONV
  }

  private static final Set<String> DENSE =
      Set.of(
          "Gemm",
          "MatMul",
          "com.microsoft.Attention",
          "com.microsoft.FusedGemm",
          "com.microsoft.FusedMatMul",
          "com.microsoft.TransposeMatMul");
  private static final int FIRST_OPSET = 7;
  private static final int RATIO_IS_INPUT = 12;

  private final OnnxModel model;
  private final GraphProto.Builder graph;
  private final Set<String> hidden;
  private final Map<String, String> dropped = new HashMap<>();

  private TrainingForm(OnnxModel model) {
    this.model = model;
    this.graph = model.graph().toBuilder().clearNode();
    this.hidden = hidden(model);
  }

  /**
   * The graph to train.
   *
   * @param norm where batch normalisation is put back, with fresh scales and averages
   * @param dropout probability with which an input of a dense layer is dropped, 0 for none, below
   *     1; the first dense layer, which sees the rows themselves, keeps all
   */
  public static OnnxModel of(OnnxModel model, BatchNorm norm, double dropout) {
    below("--dropout", dropout, 0, 1);
    check(
        model.opset("") >= FIRST_OPSET || (norm == BatchNorm.NONE && dropout == 0),
        "%s is of opset %d; --batch-norm and --dropout need %d: export it anew",
        model.name(),
        model.opset(""),
        FIRST_OPSET);
    TrainingForm form = new TrainingForm(model);
    model.graph().getNodeList().forEach(node -> form.add(node, norm, dropout));
    return model.withProto(model.proto().toBuilder().setGraph(form.graph).build());
  }

  private void add(NodeProto node, BatchNorm norm, double dropout) {
    String operator = Node.operator(node);
    if (operator.equals("BatchNormalization")) {
      graph.addNode(withOwnAverages(node));
    } else if (operator.equals("Conv") && norm == BatchNorm.AFTER_CONV) {
      addNormalised(node);
    } else if (operator.equals("com.microsoft.FusedConv") && norm == BatchNorm.AFTER_CONV) {
      List<NodeProto> parts = FusedConvolution.parts(node, model.opset(""), graph);
      addNormalised(parts.get(0));
      graph.addAllNode(parts.subList(1, parts.size()));
    } else if (DENSE.contains(operator) && dropout > 0) {
      graph.addNode(withDropout(node, dropout));
    } else {
      graph.addNode(node);
    }
  }

  private NodeProto withOwnAverages(NodeProto node) {
    NodeProto.Builder own = node.toBuilder();
    for (int input : Averages.INPUTS) {
      if (input < node.getInputCount()) {
        String name = node.getOutput(0) + (input == 3 ? "/average_mean" : "/average_variance");
        Optional<TensorProto> stored = Averages.constant(model, node.getInput(input));
        if (stored.isPresent() && !isOwn(node.getInput(input))) {
          graph.addInitializer(stored.get().toBuilder().setName(name));
          own.setInput(input, name);
        }
      }
    }
    return own.build();
  }

  private boolean isOwn(String value) {
    return model.initializer(value).isPresent() && model.consumers(value).size() == 1;
  }

  private void addNormalised(NodeProto conv) {
    String output = conv.getOutput(0);
    Optional<TensorProto> weights = Parameters.constant(model, conv.getInput(1));
    boolean followed = model.consumers(output).stream().anyMatch(n -> n.is("BatchNormalization"));
    if (weights.isEmpty() || followed) {
      graph.addNode(conv);
      return;
    }
    String raw = output + "/convolved";
    int channels = Math.toIntExact(weights.get().getDims(0));
    graph.addNode(conv.toBuilder().setOutput(0, raw));
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output + "/norm")
            .setOpType("BatchNormalization")
            .addInput(raw)
            .addInput(filled(output + "/scale", channels, 1))
            .addInput(filled(output + "/shift", channels, 0))
            .addInput(filled(output + "/average_mean", channels, 0))
            .addInput(filled(output + "/average_variance", channels, 1))
            .addOutput(output));
  }

  private String filled(String name, int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    graph.addInitializer(TensorData.proto(name, values, count));
    return name;
  }

  private NodeProto withDropout(NodeProto dense, double ratio) {
    NodeProto.Builder changed = dense.toBuilder();
    for (int input = 0; input < 2; input++) {
      String value = dense.getInput(input);
      boolean weighs = Parameters.constant(model, dense.getInput(1 - input)).isPresent();
      if (weighs && hidden.contains(value)) {
        changed.setInput(input, dropped.computeIfAbsent(value, v -> addDropout(v, ratio)));
      }
    }
    return changed.build();
  }

  private String addDropout(String value, double ratio) {
    String output = value + "/dropped";
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName(value + "/dropout")
            .setOpType("Dropout")
            .addInput(value)
            .addOutput(output);
    if (model.opset("") >= RATIO_IS_INPUT) {
      String name = value + "/ratio";
      graph.addInitializer(TensorData.proto(name, new float[] {(float) ratio}));
      node.addInput(name);
    } else {
      node.addAttribute(Attributes.numberProto("ratio", (float) ratio));
    }
    graph.addNode(node);
    return output;
  }

  /** The values that something learned has already touched. */
  private static Set<String> hidden(OnnxModel model) {
    Set<String> parameters = new HashSet<>();
    model.parameters().stream().filter(Parameter::trainable).forEach(p -> parameters.add(p.name()));
    Set<String> hidden = new HashSet<>();
    for (Node node : model.nodes()) {
      List<String> inputs = node.inputs();
      if (inputs.stream().anyMatch(i -> hidden.contains(i) || parameters.contains(i))) {
        hidden.addAll(node.outputs());
      }
    }
    return hidden;
  }
}
