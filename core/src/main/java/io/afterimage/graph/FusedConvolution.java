package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.afterimage.base.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A FusedConv of com.microsoft as the standard operators that ONNX Runtime's optimiser made it
 * from: a convolution, perhaps a sum with another value, perhaps an activation.
 */
final class FusedConvolution {
  private static final Set<String> OWN = Set.of("activation", "activation_params");
  private static final int ADDED = 3;
  private static final int BOUNDS_ARE_INPUTS = 11;

  private final NodeProto fused;
  private final Attributes attributes;
  private final long opset;
  private final GraphProto.Builder graph;

  private FusedConvolution(NodeProto fused, long opset, GraphProto.Builder graph) {
    this.fused = fused;
    this.attributes = new Attributes(fused.getAttributeList(), Map.of());
    this.opset = opset;
    this.graph = graph;
  }

  /**
   * Its parts, the convolution first.
   *
   * @param opset of the standard operators
   * @param graph takes what they store
   */
  static List<NodeProto> parts(NodeProto fused, long opset, GraphProto.Builder graph) {
    return new FusedConvolution(fused, opset, graph).parts();
  }

  private List<NodeProto> parts() {
    String output = fused.getOutput(0);
    boolean adds = fused.getInputCount() > ADDED && !fused.getInput(ADDED).isEmpty();
    String activation = attributes.text("activation", "");
    String sum = activation.isEmpty() ? output : output + "/summed";
    String raw = adds ? output + "/convolution" : sum;
    NodeProto.Builder conv = RowLook.node("Conv", raw);
    fused.getInputList().stream().limit(ADDED).forEach(conv::addInput);
    fused.getAttributeList().stream()
        .filter(a -> !OWN.contains(a.getName()))
        .forEach(conv::addAttribute);
    List<NodeProto> parts = new ArrayList<>(List.of(conv.build()));
    if (adds) {
      parts.add(RowLook.node("Add", sum, raw, fused.getInput(ADDED)).build());
    }
    if (!activation.isEmpty()) {
      parts.add(activated(RowLook.node(activation, output, sum)));
    }
    return parts;
  }

  private NodeProto activated(NodeProto.Builder node) {
    switch (node.getOpType()) {
      case "LeakyRelu" -> node.addAttribute(setting("alpha", 0));
      case "HardSigmoid" -> node.addAttribute(setting("alpha", 0)).addAttribute(setting("beta", 1));
      case "Clip" -> bound(node);
      default -> {
        // The others have no settings.
      }
    }
    return node.build();
  }

  private void bound(NodeProto.Builder clip) {
    if (opset < BOUNDS_ARE_INPUTS) {
      clip.addAttribute(setting("min", 0)).addAttribute(setting("max", 1));
      return;
    }
    for (int i = 0; i < 2; i++) {
      String name = fused.getOutput(0) + (i == 0 ? "/least" : "/most");
      graph.addInitializer(TensorData.proto(name, new float[] {setting(i)}));
      clip.addInput(name);
    }
  }

  private AttributeProto setting(String name, int index) {
    return Attributes.numberProto(name, setting(index));
  }

  private float setting(int index) {
    float[] settings = attributes.numbers("activation_params").orElse(new float[0]);
    Checks.check(
        index < settings.length,
        "FusedConv \"%s\" has %d activation_params, which are too few",
        fused.getName(),
        settings.length);
    return settings[index];
  }
}
