package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

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
}
