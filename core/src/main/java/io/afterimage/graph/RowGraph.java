package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What is known of a graph whose rows are followed.
 *
 * @param model with the first steps of its loops beside them, see {@link FirstSteps}
 * @param nodes of its file, by their first output
 * @param trace what a run showed, and what the file says of inputs and stored tensors
 * @param extent rows of the exported batch
 */
record RowGraph(OnnxModel model, Map<String, NodeProto> nodes, BatchTrace trace, long extent) {
  static RowGraph of(OnnxModel model, long extent, BatchTrace run) {
    OnnxModel unrolled = FirstSteps.of(model);
    Map<String, NodeProto> nodes = new HashMap<>();
    unrolled.graph().getNodeList().forEach(n -> nodes.put(key(n.getOutputList()), n));
    return new RowGraph(unrolled, nodes, new WithFile(unrolled, extent, run), extent);
  }

  /** The same, seen otherwise. */
  RowGraph seenBy(BatchTrace other) {
    return new RowGraph(model, nodes, other, extent);
  }

  NodeProto proto(Node node) {
    return nodes.getOrDefault(key(node.outputs()), NodeProto.getDefaultInstance());
  }

  static String key(List<String> outputs) {
    return outputs.stream().filter(o -> !o.isEmpty()).findFirst().orElse("");
  }

  /** A trace, and what the file says of inputs and stored tensors. */
  private record WithFile(OnnxModel model, long extent, BatchTrace trace) implements BatchTrace {
    @Override
    public Optional<long[]> shape(String value) {
      return model
          .initializer(value)
          .map(TensorData::shape)
          .or(() -> given(value))
          .or(() -> trace.shape(value));
    }

    private Optional<long[]> given(String value) {
      return model.inputs().stream()
          .filter(input -> input.name().equals(value))
          .findFirst()
          .map(input -> input.dimensions().stream().mapToLong(ValueInfo.Dimension::extent))
          .map(LongStream::toArray)
          .map(
              shape -> {
                shape[0] = extent;
                return shape;
              });
    }

    @Override
    public Optional<long[]> integers(String value) {
      return model.initializer(value).flatMap(TensorData::integers).or(() -> trace.integers(value));
    }

    @Override
    public boolean sameAlong(String value, int axis) {
      return model
          .initializer(value)
          .map(tensor -> TensorData.sameAlong(tensor, axis))
          .orElseGet(() -> trace.sameAlong(value, axis));
    }
  }
}
