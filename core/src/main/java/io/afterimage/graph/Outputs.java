package io.afterimage.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds where a model's scores stand before their last softmax or sigmoid. */
public final class Outputs {
  private static final int MAX_STEPS = 64;

  private Outputs() {}

  /**
   * The scores before the last softmax, sigmoid or argmax that lead to an output; empty where the
   * output is not made by one.
   */
  public static Optional<FinalScores> finalScores(OnnxModel model, String output) {
    return trace(model, output, MAX_STEPS);
  }

  /** The matrix of which ZipMap makes an output's maps; of other outputs the output itself. */
  public static String beforeMaps(OnnxModel model, String output) {
    return model
        .producer(output)
        .filter(node -> node.domain().equals(Node.ML) && node.type().equals("ZipMap"))
        .map(node -> node.input(0))
        .orElse(output);
  }

  private static Optional<FinalScores> trace(OnnxModel model, String value, int steps) {
    Optional<Node> producer = model.producer(value);
    if (producer.isEmpty() || steps == 0) {
      return Optional.empty();
    }
    Node node = producer.get();
    return node.domain().equals(Node.ML)
        ? traceMl(model, node, value, steps)
        : traceStandard(model, node, steps);
  }

  private static Optional<FinalScores> traceStandard(OnnxModel model, Node node, int steps) {
    return switch (node.type()) {
      case "Softmax", "LogSoftmax" ->
          Optional.of(new FinalScores(node.input(0), FinalScores.Link.SOFTMAX));
      case "Sigmoid" -> Optional.of(new FinalScores(node.input(0), FinalScores.Link.SIGMOID));
      case "ArgMax" ->
          trace(model, node.input(0), steps - 1)
              .or(() -> Optional.of(new FinalScores(node.input(0), FinalScores.Link.SOFTMAX)));
      case "Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Log" ->
          trace(model, node.input(0), steps - 1);
      case "Concat" -> pair(model, node, steps);
      default -> Optional.empty();
    };
  }

  private static Optional<FinalScores> traceMl(
      OnnxModel model, Node node, String value, int steps) {
    return switch (node.type()) {
      case "ZipMap", "Normalizer" -> trace(model, node.input(0), steps - 1);
      case "ArrayFeatureExtractor" -> trace(model, node.input(1), steps - 1);
      case "LinearClassifier" -> linear(node, value);
      default -> Optional.empty();
    };
  }

  private static Optional<FinalScores> linear(Node node, String value) {
    String transform = node.attributes().text("post_transform", "NONE");
    boolean label = value.equals(node.outputs().get(0));
    return switch (transform) {
      case "SOFTMAX" -> Optional.of(new FinalScores(rawName(node), FinalScores.Link.SOFTMAX));
      case "LOGISTIC" -> Optional.of(new FinalScores(rawName(node), logistic(node)));
      default ->
          label
              ? Optional.of(new FinalScores(rawName(node), FinalScores.Link.SOFTMAX))
              : Optional.empty();
    };
  }

  private static FinalScores.Link logistic(Node node) {
    float[] intercepts = node.attributes().numbers("intercepts").orElse(new float[0]);
    float[] coefficients = node.attributes().numbers("coefficients").orElse(new float[0]);
    if (intercepts.length == 1) {
      return FinalScores.Link.SOFTMAX;
    }
    return intercepts.length == 2 && opposite(intercepts) && opposite(coefficients)
        ? FinalScores.Link.OPPOSITE_SIGMOIDS
        : FinalScores.Link.SIGMOID;
  }

  /** Whether the second half of these numbers is the first with its signs turned. */
  private static boolean opposite(float[] values) {
    int half = values.length / 2;
    return IntStream.range(0, half).allMatch(i -> values[i] + values[half + i] == 0);
  }

  /** The two columns 1 - p and p of a sigmoid's p. */
  private static Optional<FinalScores> pair(OnnxModel model, Node node, int steps) {
    if (node.inputs().size() != 2) {
      return Optional.empty();
    }
    String positive = node.input(1);
    return model
        .producer(node.input(0))
        .filter(n -> n.is("Sub") && n.input(1).equals(positive))
        .flatMap(n -> trace(model, positive, steps - 1))
        .filter(scores -> scores.link() == FinalScores.Link.SIGMOID);
  }

  /** The scores of a linear classifier of ai.onnx.ml before their transform. */
  static String rawName(Node node) {
    return node.name() + "/raw";
  }

  /** The name of a node's output; the raw scores of a linear classifier follow the others. */
  static String name(Node node, int output) {
    if (output < node.outputs().size()) {
      return node.outputs().get(output);
    }
    return node.type().equals("LinearClassifier") && output == 2 ? rawName(node) : "";
  }

  /** All that a node computes, by name. */
  static List<String> names(Node node) {
    List<String> names = new ArrayList<>(node.outputs());
    if (node.type().equals("LinearClassifier")) {
      names.add(rawName(node));
    }
    names.removeIf(String::isEmpty);
    return names;
  }
}
