package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How one node computes for any number of rows what it computed for one batch.
 *
 * @param outputs where the rows lie in each output; empty for one that no row has a part in
 * @param nodes what stands in the node's place
 * @param constants that these nodes need
 */
record RowStep(
    List<Optional<RowAxis>> outputs, List<NodeProto> nodes, List<TensorProto> constants) {
  /** The node as it is, its rows on the same axis in all outputs. */
  static List<RowStep> unchanged(RowLook look, RowAxis rows) {
    return List.of(with(look, rows, List.of(look.proto()), List.of()));
  }

  static RowStep with(
      RowLook look, RowAxis rows, List<NodeProto> nodes, List<TensorProto> constants) {
    int outputs = look.proto().getOutputCount();
    return new RowStep(Collections.nCopies(outputs, Optional.of(rows)), nodes, constants);
  }

  /** A Reshape in the node's place. */
  static RowStep reshaped(RowLook look, RowAxis where, long[] shape) {
    String name = look.node().outputs().get(0) + "/rows/shape";
    NodeProto reshape =
        RowLook.node("Reshape", look.node().outputs().get(0), look.node().input(0), name).build();
    return with(
        look, where, List.of(reshape), List.of(TensorData.proto(name, shape, shape.length)));
  }

  /**
   * A Reshape in the node's place that moves rows, alone on their axis, to another.
   *
   * @param shape of one row's result, 1 on that axis
   */
  static RowStep moved(RowLook look, int from, int to, long[] shape) {
    String output = look.node().outputs().get(0);
    long[] rowFirst = new long[shape.length];
    rowFirst[0] = -1;
    System.arraycopy(shape, 0, rowFirst, 1, to);
    System.arraycopy(shape, to + 1, rowFirst, to + 1, shape.length - to - 1);
    NodeProto front =
        transpose(output + "/rows/front", look.node().input(0), look.rank(0), from, 0);
    NodeProto reshape =
        RowLook.node("Reshape", output + "/rows/first", front.getOutput(0), output + "/rows/shape")
            .build();
    return with(
        look,
        RowAxis.FIRST.at(to),
        List.of(front, reshape, transpose(output, reshape.getOutput(0), shape.length, 0, to)),
        List.of(TensorData.proto(output + "/rows/shape", rowFirst, rowFirst.length)));
  }

  /** Moves one axis, the others staying in their order. */
  private static NodeProto transpose(String output, String input, int rank, int from, int to) {
    List<Long> order = new ArrayList<>();
    LongStream.range(0, rank).filter(axis -> axis != from).forEach(order::add);
    order.add(to, (long) from);
    return RowLook.node("Transpose", output, input)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("perm")
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(order))
        .build();
  }
}
