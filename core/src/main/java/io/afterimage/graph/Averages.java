package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The stored means and variances by which batch normalisation works at inference. */
final class Averages {
  /** Their places among the operator's inputs. */
  static final List<Integer> INPUTS = List.of(3, 4);

  private Averages() {}

  /** The names under which a model stores them. */
  static List<String> names(OnnxModel model) {
    List<String> names = new ArrayList<>();
    for (Node node : model.nodes()) {
      if (node.is("BatchNormalization")) {
        INPUTS.forEach(i -> names.add(stored(model, node.input(i))));
      }
    }
    return names.stream()
        .filter(name -> Parameters.constant(model, name).isPresent())
        .distinct()
        .toList();
  }

  /** The constant that a value is a copy of, where it is one. */
  static Optional<TensorProto> constant(OnnxModel model, String value) {
    return Parameters.constant(model, stored(model, value));
  }

  /** Exporters store equal tensors once and copy them. */
  private static String stored(OnnxModel model, String value) {
    String name = value;
    for (Optional<Node> copy = copy(model, name); copy.isPresent(); copy = copy(model, name)) {
      name = copy.get().input(0);
    }
    return name;
  }

  private static Optional<Node> copy(OnnxModel model, String value) {
    return model.producer(value).filter(node -> node.is("Identity"));
  }
}
