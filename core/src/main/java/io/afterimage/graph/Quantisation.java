package io.afterimage.graph;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Where a graph rounds its values to steps. */
final class Quantisation {
  private static final Set<String> LINEAR =
      Set.of("QuantizeLinear", "DynamicQuantizeLinear", "DequantizeLinear");

  private Quantisation() {}

  /** The first operator that works on rounded values. */
  static Optional<Node> in(OnnxModel model) {
    return model.allNodes().stream()
        .filter(node -> LINEAR.contains(node.type()) || node.type().startsWith("QLinear"))
        .findFirst();
  }

  /** The step between the numbers that an output can hold, the greatest where it has several. */
  static OptionalDouble step(OnnxModel model, String output) {
    return model
        .producer(output)
        .filter(node -> node.type().equals("DequantizeLinear"))
        .flatMap(node -> Parameters.constant(model, node.input(1)))
        .filter(scale -> TensorData.type(scale) == ElementType.FLOAT)
        .map(scale -> Arrays.stream(TensorData.reals(scale)).max())
        .orElse(OptionalDouble.empty());
  }
}
