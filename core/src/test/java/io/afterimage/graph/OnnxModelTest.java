package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.afterimage.base.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxModelTest {
  @TempDir Path folder;

  private static GraphBuilder linear() {
    GraphBuilder g = new GraphBuilder("linear");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.initializer("w", new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    g.initializer("b", new float[] {1, 1, 1}, 3);
    g.node("MatMul", "x", "w").to("product");
    g.node("Add", "product", "b").to("logits");
    g.output(g.node("Softmax", "logits").with("axis", 1).to("p"), ElementType.FLOAT, "N", 3);
    return g;
  }

  @Test
  void readsWhatItWrote() {
    OnnxModel model = linear().build();
    Path file = folder.resolve("linear.onnx");
    model.write(file);
    OnnxModel again = OnnxModel.read(file);
    assertThat(again.sha256()).isEqualTo(model.sha256()).hasSize(64);
    assertThat(again.name()).isEqualTo("linear.onnx");
    assertThat(again.inputs().get(0).shape()).isEqualTo("N x 2");
    assertThat(again.outputs().get(0).type()).isEqualTo("float");
    assertThat(again.opset("")).isEqualTo(17);
    assertThat(again.nodes()).extracting(Node::type).containsExactly("MatMul", "Add", "Softmax");
  }

  @Test
  void findsParametersAndExchangesThem() {
    OnnxModel model = linear().build();
    assertThat(model.parameters())
        .extracting(Parameter::name, Parameter::trainable, Parameter::position)
        .containsExactly(
            tuple("w", true, "weight of MatMul \"product\""),
            tuple("b", true, "bias of Add \"logits\""));
    assertThat(model.parameterCount()).isEqualTo(9);
    OnnxModel other = model.withParameters(Map.of("b", new float[] {7, 8, 9}));
    assertThat(other.sha256()).isNotEqualTo(model.sha256());
    assertThat(TensorData.proto("b", new float[] {7, 8, 9}, 3))
        .isEqualTo(other.initializer("b").orElseThrow());
    refused(() -> model.withParameters(Map.of("b", new float[2])), "has 3 numbers, but 2");
    refused(() -> model.withParameters(Map.of("c", new float[2])), "no parameter [c]");
  }

  @Test
  void freezesScalersAndNormalisation() {
    GraphBuilder g = new GraphBuilder("scaled");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.initializer("mean", new float[] {1, 2}, 2);
    g.initializer("w", new float[] {1, 2}, 1, 2);
    g.node("Sub", "x", "mean").to("centred");
    g.node("Transpose", "w").with("perm", new long[] {1, 0}).to("turned");
    g.output(g.node("MatMul", "centred", "turned").to("y"), ElementType.FLOAT, "N", 1);
    assertThat(g.build().parameters())
        .extracting(p -> p.name() + ":" + p.trainable())
        .containsExactlyInAnyOrder("mean:false", "w:true");
  }

  @Test
  void sortsNodesThatStandInAnotherOrder() {
    OnnxModel model = changed(graph -> reverse(graph));
    assertThat(model.nodes()).extracting(Node::type).containsExactly("MatMul", "Add", "Softmax");
  }

  private static void reverse(GraphProto.Builder graph) {
    List<NodeProto> nodes = new ArrayList<>(graph.getNodeList());
    Collections.reverse(nodes);
    graph.clearNode().addAllNode(nodes);
  }

  // ---- bad files

  @ParameterizedTest
  @CsvSource({
    "model.pkl, skl2onnx",
    "model.joblib, skl2onnx",
    "model.pt, torch.onnx.export",
    "model.h5, tf2onnx",
    "model.safetensors, torch.onnx.export"
  })
  void namesTheCommandThatExportsOtherFormats(String file, String command) throws IOException {
    Path path = Files.write(folder.resolve(file), new byte[] {1, 2, 3});
    refused(() -> OnnxModel.read(path), command);
  }

  @Test
  void refusesFilesThatAreNotOnnx() throws IOException {
    Path text = folder.resolve("text.onnx");
    Files.writeString(text, "age,sex\n1,f\n");
    refused(
        () -> OnnxModel.read(text), "text.onnx is not a readable ONNX model: it is a text file");
    refused(() -> OnnxModel.read(new byte[0], "empty.onnx"), "an empty file");
    refused(() -> OnnxModel.read(folder.resolve("none.onnx")), "no model file");
    refused(() -> OnnxModel.read(new byte[] {(byte) 0x80, 4}, "renamed.onnx"), "pickle");
  }

  @Test
  void refusesEveryPrefixOfAFile() {
    byte[] whole = linear().build().bytes();
    for (int length = 0; length < whole.length - 20; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> OnnxModel.read(cut, "cut.onnx"))
          .as("first %d bytes", length)
          .isInstanceOf(BadInputException.class);
    }
  }

  @Test
  @Timeout(20)
  void refusesDeeplyNestedMessages() {
    GraphProto graph = linear().build().graph();
    for (int depth = 0; depth < 60; depth++) {
      graph =
          GraphProto.newBuilder()
              .addNode(
                  NodeProto.newBuilder()
                      .setOpType("If")
                      .addAttribute(AttributeProto.newBuilder().setName("then_branch").setG(graph)))
              .build();
    }
    byte[] bomb = ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray();
    refused(() -> OnnxModel.read(bomb, "bomb.onnx"), "bomb.onnx");
  }

  @Test
  void refusesSubgraphsNestedTooDeep() {
    GraphProto graph = linear().build().graph();
    for (int depth = 0; depth < 12; depth++) {
      graph =
          linear().build().graph().toBuilder()
              .addNode(
                  NodeProto.newBuilder()
                      .setOpType("If")
                      .addInput("x")
                      .addOutput("chosen")
                      .addAttribute(
                          AttributeProto.newBuilder()
                              .setName("then_branch")
                              .setG(renamed(graph, "d" + depth + "/"))))
              .build();
    }
    GraphProto deep = graph;
    refused(
        () -> OnnxModel.of(ModelProto.newBuilder().setGraph(deep).build(), "deep"), "nested more");
  }

  // Names of an inner graph must differ from those around it.
  private static GraphProto renamed(GraphProto graph, String prefix) {
    GraphProto.Builder renamed = graph.toBuilder();
    renamed.clearInput().addAllInput(graph.getInputList());
    for (int i = 0; i < renamed.getInputCount(); i++) {
      renamed.setInput(i, renamed.getInput(i).toBuilder().setName(prefix + "x"));
    }
    for (int i = 0; i < renamed.getInitializerCount(); i++) {
      TensorProto t = renamed.getInitializer(i);
      renamed.setInitializer(i, t.toBuilder().setName(prefix + t.getName()));
    }
    for (int i = 0; i < renamed.getNodeCount(); i++) {
      NodeProto.Builder node = renamed.getNode(i).toBuilder();
      for (int j = 0; j < node.getInputCount(); j++) {
        node.setInput(j, prefix + node.getInput(j));
      }
      for (int j = 0; j < node.getOutputCount(); j++) {
        node.setOutput(j, prefix + node.getOutput(j));
      }
      renamed.setNode(i, node);
    }
    for (int i = 0; i < renamed.getOutputCount(); i++) {
      var output = renamed.getOutput(i);
      renamed.setOutput(i, output.toBuilder().setName(prefix + output.getName()));
    }
    return renamed.build();
  }

  // ---- bad graphs

  @Test
  void refusesACycle() {
    refused(() -> changed(g -> g.setNode(0, g.getNode(0).toBuilder().setInput(0, "p"))), "a cycle");
  }

  @Test
  void refusesWhatNothingComputes() {
    refused(
        () -> changed(g -> g.setNode(1, g.getNode(1).toBuilder().setInput(1, "bias"))),
        "Add \"logits\" needs bias, which nothing computes");
    refused(
        () -> changed(g -> g.setOutput(0, g.getOutput(0).toBuilder().setName("q"))),
        "nothing computes output q");
  }

  @Test
  void refusesNamesUsedTwice() {
    refused(
        () -> changed(g -> g.setNode(1, g.getNode(1).toBuilder().setOutput(0, "product"))),
        "two values are called product");
    refused(
        () -> changed(g -> g.addInitializer(g.getInitializer(0))), "two initializers are called w");
    refused(() -> changed(g -> g.addInput(g.getInput(0))), "two inputs are called x");
  }

  @Test
  void refusesTensorsThatDoNotFillTheirShape() {
    refused(
        () ->
            changed(
                g ->
                    g.setInitializer(
                        0,
                        g.getInitializer(0).toBuilder()
                            .setRawData(ByteString.copyFrom(new byte[20])))),
        "tensor w holds 5 elements, but its shape says 6");
    refused(() -> withDimensions(2, -3), "dimension of -3");
    refused(() -> withDimensions(1L << 30, 1L << 30, 1L << 30), "larger than");
    refused(() -> withDimensions(Long.MAX_VALUE), "dimension of 9223372036854775807");
  }

  private static OnnxModel withDimensions(long... extents) {
    return changed(
        g ->
            g.setInitializer(
                0,
                g.getInitializer(0).toBuilder()
                    .clearDims()
                    .addAllDims(Arrays.stream(extents).boxed().toList())));
  }

  @Test
  void refusesAnInitializerOfAnotherTypeThanItsInput() {
    refused(
        () -> changed(g -> g.addInitializer(TensorData.proto("x", new long[] {1, 2}, 1, 2))),
        "input x is declared with another type");
  }

  @Test
  void refusesCustomOperators() {
    refused(
        () -> changed(g -> g.setNode(1, g.getNode(1).toBuilder().setDomain("my.ops"))),
        "operator of domain \"my.ops\"");
  }

  @Test
  void refusesNamesThatBreakALine() {
    refused(
        () -> changed(g -> g.setNode(1, g.getNode(1).toBuilder().setInput(1, "b\nc"))),
        "a name is longer than 1000 characters or holds unreadable ones");
    refused(
        () -> changed(g -> g.setNode(1, g.getNode(1).toBuilder().setName("n".repeat(2000)))),
        "a name is longer than 1000 characters");
  }

  @Test
  void refusesAbsurdWindows() {
    refused(
        () ->
            changed(
                g ->
                    g.addNode(
                        NodeProto.newBuilder()
                            .setOpType("MaxPool")
                            .addInput("x")
                            .addOutput("pooled")
                            .addAttribute(
                                AttributeProto.newBuilder().setName("strides").addInts(0)))),
        "has strides 0");
  }

  @Test
  void refusesValuesThatTheGraphItselfMakesTooLarge() {
    GraphBuilder g = new GraphBuilder("huge");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.initializer("shape", new long[] {1L << 20, 1L << 20}, 2);
    g.node("ConstantOfShape", "shape").to("ones");
    g.output(g.node("Add", "x", "ones").to("y"), ElementType.FLOAT, "N", 2);
    refused(g::build, "ConstantOfShape \"ones\" makes a value of shape [1048576, 1048576]");
  }

  // ---- data in other files

  @Test
  void readsDataBesideTheModel() throws IOException {
    byte[] bytes = linear().build().initializer("w").orElseThrow().getRawData().toByteArray();
    Files.write(folder.resolve("weights.bin"), bytes);
    OnnxModel model = OnnxModel.read(external("weights.bin"));
    assertThat(model.initializer("w").orElseThrow().getRawData().toByteArray())
        .containsExactly(bytes);
  }

  @Test
  void refusesDataThatAreMissingOrOutsideTheFolder() throws IOException {
    Path secret = Files.write(folder.resolve("secret.bin"), new byte[24]);
    Path inner = Files.createDirectory(folder.resolve("inner"));
    refused(() -> OnnxModel.read(external("none.bin")), "no file none.bin beside the model");
    Path model = Files.move(external("../secret.bin"), inner.resolve("m.onnx"));
    refused(() -> OnnxModel.read(model), "outside the model's folder");
    Path absolute = Files.move(external(secret.toString()), inner.resolve("a.onnx"));
    refused(() -> OnnxModel.read(absolute), "outside the model's folder");
    Files.createSymbolicLink(inner.resolve("link.bin"), secret);
    Path linked = Files.move(external("link.bin"), inner.resolve("l.onnx"));
    refused(() -> OnnxModel.read(linked), "behind a link");
    Files.write(folder.resolve("short.bin"), new byte[8]);
    refused(() -> OnnxModel.read(external("short.bin")), "holds 2 elements, but its shape says 6");
  }

  private Path external(String location) throws IOException {
    GraphProto.Builder graph = linear().build().graph().toBuilder();
    graph.setInitializer(
        0,
        graph.getInitializer(0).toBuilder()
            .clearRawData()
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue(location)));
    return Files.write(
        folder.resolve("external.onnx"),
        linear().build().proto().toBuilder().setGraph(graph).build().toByteArray());
  }

  @Test
  void everyRefusalIsOneLine() {
    assertThatThrownBy(() -> OnnxModel.read("{\n}".getBytes(StandardCharsets.UTF_8), "model.onnx"))
        .hasMessageNotContaining("\n");
  }

  private static OnnxModel changed(Consumer<GraphProto.Builder> change) {
    ModelProto.Builder model = linear().build().proto().toBuilder();
    change.accept(model.getGraphBuilder());
    return OnnxModel.of(model.build(), "changed.onnx");
  }

  private static void refused(ThrowingCallable code, String message) {
    assertThatThrownBy(code).isInstanceOf(BadInputException.class).hasMessageContaining(message);
  }
}
