package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.afterimage.base.BadInputException;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no model, or one that nothing here can run, is refused in one line. */
class UnusableModelsTest {
  @Test
  void whatIsNoModelIsRefused(@TempDir Path folder) throws IOException {
    byte[] model = Fixture.of("torch-lenet").model();
    Path text = Files.writeString(folder.resolve("notes.onnx"), "dear diary\n");
    Path half = Files.write(folder.resolve("half.onnx"), Arrays.copyOf(model, model.length / 2));
    Path empty = Files.write(folder.resolve("empty.onnx"), new byte[0]);
    for (Path file : List.of(text, half, empty, folder.resolve("missing.onnx"), folder)) {
      refuses(
          String.valueOf(file.getFileName()), () -> OnnxTarget.open(file, OnnxOptions.DEFAULTS));
    }
  }

  @Test
  void everyTruncationOfAModelIsRefusedOrStillAModel() {
    byte[] model = Fixture.of("sklearn-binary").model();
    for (int length = 0; length < model.length; length += 13) {
      byte[] cut = Arrays.copyOf(model, length);
      try (OnnxTarget target =
          OnnxTarget.open(OnnxModel.read(cut, "cut.onnx"), OnnxOptions.DEFAULTS)) {
        assertThat(target.info().name()).isEqualTo("cut.onnx");
      } catch (BadInputException e) {
        assertThat(e.getMessage()).contains("cut.onnx").doesNotContain("\n");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"'', ai.onnx, 26", "ai.onnx.ml, ai.onnx.ml, 5"})
  void operatorSetsNewerThanOnnxRuntimesAreRefused(String domain, String name, long newest) {
    OnnxTarget.open(written(domain, newest, 13), OnnxOptions.DEFAULTS).close();
    assertThatThrownBy(() -> OnnxTarget.open(written(domain, newest + 1, 13), OnnxOptions.DEFAULTS))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "written.onnx is written in operator set %d of %s; ONNX Runtime takes up to %d"
                .formatted(newest + 1, name, newest));
    assertThatThrownBy(() -> OnnxTarget.open(written(domain, newest, 14), OnnxOptions.DEFAULTS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("version 14 of ONNX's format");
  }

  private static OnnxModel written(String domain, long opset, long format) {
    ModelProto.Builder model = proto(node("Tanh", "", "x", "y")).clearOpsetImport();
    model.setIrVersion(format);
    if (!domain.isEmpty()) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17));
    }
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(opset));
    return OnnxModel.read(model.build().toByteArray(), "written.onnx");
  }

  @Test
  void anOutputOfAnotherTypeThanItsNodeGivesNamesNodeAndOperator() {
    GraphBuilder g = new GraphBuilder("odd");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.node("Relu", "x").to("y");
    g.output("y", ElementType.DOUBLE, "N", 2);
    assertThatThrownBy(() -> OnnxTarget.open(g.build(), OnnxOptions.DEFAULTS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("ONNX Runtime does not take Relu \"y\": ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void anOperatorThatOnlyAForeignLibraryKnowsIsRefused() {
    refuses("without custom operators", () -> model(node("Leak", "com.example", "x", "y")));
    OnnxModel unknown = model(node("Leak", "", "x", "y"));
    refuses(
        "test.onnx: ONNX Runtime does not take Leak ",
        () -> OnnxTarget.open(unknown, OnnxOptions.DEFAULTS));
  }

  @Test
  void aVeryLongChainOfOperatorsOverflowsNoStack() {
    NodeProto[] chain =
        IntStream.range(0, 5000)
            .mapToObj(
                i -> node("Identity", "", i == 0 ? "x" : "v" + i, i == 4999 ? "y" : "v" + (i + 1)))
            .toArray(NodeProto[]::new);
    try (OnnxTarget target = OnnxTarget.open(model(chain), OnnxOptions.DEFAULTS)) {
      assertThat(target.info().meaning()).isEqualTo(Meaning.LOGITS);
    }
  }

  // ---- helpers

  private static NodeProto node(String type, String domain, String input, String output) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .setDomain(domain)
        .addInput(input)
        .addOutput(output)
        .build();
  }

  /** A graph from x to y, both [N, 4] floats. */
  private static OnnxModel model(NodeProto... nodes) {
    return OnnxModel.read(proto(nodes).build().toByteArray(), "test.onnx");
  }

  private static ModelProto.Builder proto(NodeProto... nodes) {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("test")
            .addInput(value("x"))
            .addOutput(value("y"))
            .addAllNode(List.of(nodes))
            .build();
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.example").setVersion(1))
        .setGraph(graph);
  }

  private static ValueInfoProto value(String name) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE);
    tensor.getShapeBuilder().addDimBuilder().setDimParam("N");
    tensor.getShapeBuilder().addDimBuilder().setDimValue(4);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static void refuses(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
