package io.afterimage.graph;

import io.afterimage.tensor.Draws;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Small models of the operators that the ONNX backend suite differentiates nowhere. */
final class GradientSamples {
  private GradientSamples() {}

  /** A model and what to give to it, and the operators whose gradients it shows. */
  record Sample(Set<String> operators, OnnxModel model, Map<String, Value> inputs) {}

  /** All of them; their tensors belong to the innermost scope. */
  static List<Sample> all() {
    try (Draws draws = new Draws(5)) {
      return Stream.of(
              new StandardSamples(draws), new FusedSamples(draws), new ClassicalSamples(draws))
          .flatMap(maker -> maker.made().stream())
          .toList();
    }
  }
}
