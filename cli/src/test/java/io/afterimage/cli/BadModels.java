package io.afterimage.cli;

import static io.afterimage.cli.BadFiles.head;
import static io.afterimage.cli.BadFiles.write;
import static io.afterimage.graph.ElementType.FLOAT;
import static io.afterimage.graph.ElementType.INT64;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Models that a user, or an enemy of the user, may hand in. */
final class BadModels {
  private BadModels() {}

  static byte[] cycle() throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(Irises.MODEL));
    GraphProto.Builder graph = model.getGraph().toBuilder();
    graph.addNode(node("Add", "there", "back", "back"));
    graph.addNode(node("Relu", "back", "there"));
    return model.toBuilder().setGraph(graph).build().toByteArray();
  }

  static NodeProto node(String type, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(type)
        .addOutput(output)
        .addAllInput(List.of(inputs))
        .build();
  }

  static byte[] external(String location) throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(Irises.MODEL));
    TensorProto weights =
        TensorProto.newBuilder()
            .setName("weights")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(4)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue(location))
            .build();
    GraphProto.Builder graph = model.getGraph().toBuilder().addInitializer(weights);
    return model.toBuilder().setGraph(graph).build().toByteArray();
  }

  static Path link(Path folder) throws IOException {
    Files.createSymbolicLink(folder.resolve("away.bin"), Irises.MODEL);
    return write(folder, external("away.bin"));
  }

  static byte[] withNode(NodeProto.Builder node) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(Irises.MODEL)).toBuilder();
    model
        .getGraphBuilder()
        .addNode(node.clearInput().addInput(model.getGraph().getInput(0).getName()));
    return model.build().toByteArray();
  }

  /** A model with a tensor of three numbers that has this shape. */
  static byte[] withTensor(long... shape) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(Irises.MODEL)).toBuilder();
    model
        .getGraphBuilder()
        .addInitializer(
            TensorProto.newBuilder()
                .setName("spare")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addAllDims(Arrays.stream(shape).boxed().toList())
                .addAllFloatData(List.of(1f, 2f, 3f)));
    return model.build().toByteArray();
  }

  /** More than 2 GB that take no room on the disk. */
  static Path sparse(Path folder) throws IOException {
    Path file = folder.resolve("m.onnx");
    try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE, SPARSE)) {
      channel.write(ByteBuffer.wrap(head(Irises.MODEL, 300)));
      channel.write(ByteBuffer.allocate(1), (1L << 31) + 11);
    }
    return file;
  }

  /** Graphs in attributes of nodes of graphs, so many deep. */
  static byte[] nested(int depth) throws IOException {
    byte[] graph = {};
    for (int i = 0; i < depth; i++) {
      byte[] attribute = field(AttributeProto.G_FIELD_NUMBER, graph);
      byte[] node = field(NodeProto.ATTRIBUTE_FIELD_NUMBER, attribute);
      graph = field(GraphProto.NODE_FIELD_NUMBER, node);
    }
    return field(ModelProto.GRAPH_FIELD_NUMBER, graph);
  }

  private static byte[] field(int number, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(number, content);
    out.flush();
    return bytes.toByteArray();
  }

  // ---- models of a few nodes

  /** Four numbers x become three probabilities by way of the value {@code spoilt}. */
  static byte[] spoilt(Consumer<GraphBuilder> node) {
    GraphBuilder g = fourNumbers();
    node.accept(g);
    String scores = g.node("MatMul", "spoilt", "w").to("scores");
    String probabilities = g.node("Softmax", scores).with("axis", 1).to("probabilities");
    g.output(probabilities, FLOAT, "N", 3);
    return g.build().bytes();
  }

  /** An output of float that is declared as int64. */
  static byte[] misdeclared() {
    GraphBuilder g = fourNumbers();
    g.output(g.node("MatMul", "x", "w").to("spoilt"), INT64, "N", 3);
    return g.build().bytes();
  }

  private static GraphBuilder fourNumbers() {
    GraphBuilder g = new GraphBuilder("m");
    g.input("x", FLOAT, "N", 4);
    g.initializer("w", new float[12], 4, 3);
    g.initializer("whole", new long[4], 4);
    g.initializer("text", List.of("a", "b", "c", "d"), 4, 1);
    g.initializer("picture", new float[9], 1, 1, 3, 3);
    g.initializer("kernel", new float[4], 1, 1, 2, 2);
    g.node("IsNaN", g.node("ReduceSum", "x").with("keepdims", 0).to("total")).to("yes");
    return g;
  }

  /** If condition then x, a float, else x in another type. */
  static void choice(GraphBuilder g, String condition, ElementType otherwise) {
    g.node("If", condition)
        .with("then_branch", cast("then", FLOAT))
        .with("else_branch", cast("else", otherwise))
        .to("spoilt");
  }

  private static GraphBuilder cast(String name, ElementType type) {
    GraphBuilder branch = new GraphBuilder(name);
    String cast = branch.node("Cast", "x").with("to", type.code()).to(name + "-x");
    branch.output(cast, type, "N", 4);
    return branch;
  }
}
