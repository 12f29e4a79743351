package io.afterimage.cli;

import static io.afterimage.cli.BadFiles.head;
import static io.afterimage.cli.BadFiles.write;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

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
}
