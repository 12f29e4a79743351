package io.afterimage.target;

import ai.onnxruntime.OrtException;
import io.afterimage.base.BadInputException;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ONNX Runtime says when it fails, told in terms of the model: the node and its operator, and
 * the reason without the places in ONNX Runtime's own source.
 */
final class RuntimeFailure {
  private static final int MOST = 240;

  /** How it names an operator that it lacks, or lacks for these types. */
  private static final Pattern LACKING =
      Pattern.compile("(?:No Op registered for|Could not find an implementation for) (\\w+)");

  /** How it names a value of another type than declared, and its node by name alone. */
  private static final Pattern OTHER_TYPE = Pattern.compile("output arg \\((.*?)\\) of node ");

  /** How much a value would have taken for which there was no room. */
  private static final Pattern WANTED =
      Pattern.compile("(?:smaller than requested bytes of|requested buffer of size) (\\d+)");

  /** How it names a node, and what it says of it. */
  private static final List<Pattern> NODES =
      List.of(
          // The last, for it is the innermost where loops and branches hold one another.
          Pattern.compile(
              ".*while running (?<type>\\w+) node\\. Name:'(?<name>.*?)' Status Message: (?<said>.*)"),
          Pattern.compile("In Node, \\(\"(?<name>.*?)\", (?<type>\\w+), .*?, Error (?<said>.*)"),
          Pattern.compile("Node \\((?<name>.*?)\\) Op \\((?<type>\\w+)\\) (?<said>.*)"),
          Pattern.compile(
              "(?<said>.* of Optype \\((?<type>\\w+)\\) bound .* in node \\((?<name>.*?)\\).*)"),
          // Where the settings of an operator are read, it names the operator alone.
          Pattern.compile(
              "(?<said>.*onnxruntime::(?<type>\\w+)(?:<\\w+>)?::\\k<type>\\(const (?<name>).*)"));

  /** Kinds of failure and exception, and places in its source with the signature found there. */
  private static final Pattern ORIGIN =
      Pattern.compile(
          "Error code - \\w+ - message: |Exception during initialization: |\\[ONNXRuntimeError] : \\d+ : \\w+ : "
              + "|/\\S+:\\d+ .*?\\(.*?\\)(?: const)?(?: \\[with .*?])? |\\S+\\.(?:cc|h):\\d+ \\S+ "
              + "|.* was false\\. (?=\\S)");

  private final OnnxModel model;
  private final OrtException cause;
  private final String said;
  private final Optional<Matcher> node;

  private RuntimeFailure(OnnxModel model, OrtException cause) {
    this.model = model;
    this.cause = cause;
    said = firstLine(cause);
    node = NODES.stream().map(p -> p.matcher(said)).filter(Matcher::find).findFirst();
  }

  /** What it says, without the lines that list where. */
  static String firstLine(OrtException e) {
    return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
  }

  /** Why a model cannot be opened. */
  static BadInputException opening(OnnxModel model, OrtException e) {
    RuntimeFailure failure = new RuntimeFailure(model, e);
    return failure.noRoom().orElseGet(failure::refused);
  }

  /** Why a model does not answer these rows. */
  static BadInputException running(OnnxModel model, OrtException e) {
    RuntimeFailure failure = new RuntimeFailure(model, e);
    String place = failure.label().map(label -> "node " + label + ": ").orElse("");
    return failure
        .noRoom()
        .orElseGet(
            () ->
                new BadInputException(
                    model.name() + " cannot score these rows: " + place + failure.reason(), e));
  }

  private BadInputException refused() {
    String message =
        "%s: ONNX Runtime does not take %s: %s"
            .formatted(model.name(), label().orElse("it"), reason());
    Matcher lacking = LACKING.matcher(said);
    return lacking.find()
        ? new UnsupportedModelException(message, lacking.group(1), cause)
        : new BadInputException(message, cause);
  }

  private Optional<BadInputException> noRoom() {
    Matcher wanted = WANTED.matcher(said);
    return wanted.find()
        ? Optional.of(
            new NoRoomException(
                "%s: %s wants %s bytes more, where all values together may take %d; correct the sizes that it computes"
                    .formatted(
                        model.name(),
                        label().map(label -> "node " + label).orElse("it"),
                        wanted.group(1),
                        RuntimeMemory.CAP),
                cause))
        : Optional.empty();
  }

  /** The node that failed, as far as ONNX Runtime tells. */
  private Optional<String> label() {
    Matcher value = OTHER_TYPE.matcher(said);
    return value.find()
        ? model.producer(value.group(1)).map(Node::label)
        : node.map(m -> label(m.group("type"), m.group("name")));
  }

  /** Nodes without a name are told by their operator, if no other has it. */
  private String label(String type, String name) {
    if (!name.isEmpty()) {
      return "%s \"%s\"".formatted(type, name);
    }
    List<Node> alike = model.nodes().stream().filter(n -> n.type().equals(type)).toList();
    return alike.size() == 1 ? alike.get(0).label() : type;
  }

  private String reason() {
    String words = ORIGIN.matcher(node.map(m -> m.group("said")).orElse(said)).replaceAll("");
    return words.length() > MOST ? words.substring(0, MOST) + "…" : words;
  }
}
