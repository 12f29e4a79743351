package io.afterimage.target;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.Attributes;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/**
 * What the operators before an output say about it.
 *
 * @param meaning what its numbers are; empty where the operators leave it open
 * @param classes the names of the classes; empty where the graph does not name them
 */
record OutputMeaning(Optional<Meaning> meaning, List<String> classes) {
  /**
   * How far a row of probabilities may be from 1 in sum: sums of half-precision numbers over a
   * thousand classes stay within it, scores that are no probabilities hardly ever do.
   */
  static final double TOLERANCE = 5e-3;

  private static final OutputMeaning OPEN = new OutputMeaning(Optional.empty(), List.of());

  private static final Set<String> REARRANGING =
      Set.of("Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

  /** Follows an output back to the operator that gives it its meaning. */
  static OutputMeaning read(OnnxModel model, String output) {
    List<String> classes = List.of();
    boolean normalised = false;
    Optional<Node> node = model.producer(output);
    while (node.filter(OutputMeaning::keepsMeaning).isPresent()) {
      Attributes attributes = node.get().attributes();
      classes = classes.isEmpty() ? classes(attributes) : classes;
      normalised |= node.get().type().equals("Normalizer");
      node = model.producer(node.get().inputs().get(0));
    }
    OutputMeaning last = node.map(n -> of(model, n)).orElse(OPEN);
    return new OutputMeaning(
        normalised ? Optional.of(Meaning.PROBABILITIES) : last.meaning,
        classes.isEmpty() ? last.classes : classes);
  }

  /** Whether an operator only rearranges scores, names them or divides them by their sum. */
  private static boolean keepsMeaning(Node node) {
    if (node.domain().equals(Node.ML)) {
      return node.type().equals("ZipMap")
          || (node.type().equals("Normalizer")
              && node.attributes().text("norm", "MAX").equals("L1"));
    }
    return node.domain().isEmpty() && REARRANGING.contains(node.type());
  }

  private static OutputMeaning of(OnnxModel model, Node node) {
    return switch (node.domain().isEmpty() || node.domain().equals(Node.ML) ? node.type() : "") {
      case "Softmax", "Sigmoid" -> of(Meaning.PROBABILITIES, List.of());
      case "LogSoftmax" -> of(Meaning.LOG_PROBABILITIES, List.of());
      case "ArgMax" -> of(Meaning.LABEL, List.of());
      case "ArrayFeatureExtractor" -> of(Meaning.LABEL, model.constantTexts(node.inputs().get(0)));
      case "TreeEnsembleClassifier",
          "LinearClassifier",
          "SVMClassifier",
          "TreeEnsembleRegressor",
          "LinearRegressor",
          "SVMRegressor" ->
          new OutputMeaning(transformed(node.attributes()), classes(node.attributes()));
      default -> OPEN;
    };
  }

  private static OutputMeaning of(Meaning meaning, List<String> classes) {
    return new OutputMeaning(Optional.of(meaning), classes);
  }

  private static Optional<Meaning> transformed(Attributes attributes) {
    return switch (attributes.text("post_transform", "NONE")) {
      case "SOFTMAX", "LOGISTIC" -> Optional.of(Meaning.PROBABILITIES);
      default -> Optional.empty();
    };
  }

  private static List<String> classes(Attributes attributes) {
    for (String texts : List.of("classlabels_strings", "classlabels_ints", "classlabels_int64s")) {
      Optional<List<String>> named =
          attributes
              .texts(texts)
              .filter(names -> !names.isEmpty())
              .or(
                  () ->
                      attributes
                          .integers(texts)
                          .filter(n -> n.length > 0)
                          .map(OutputMeaning::texts));
      if (named.isPresent()) {
        return named.get();
      }
    }
    return List.of();
  }

  private static List<String> texts(long[] numbers) {
    return LongStream.of(numbers).mapToObj(Long::toString).toList();
  }

  // ---- on data

  /**
   * What an output must be whose operators leave it open: probabilities or their logarithms if
   * these answers are such, else logits; one column is a value, unless there are classes.
   */
  static Meaning guess(Optional<RawAnswers> answers, int columns, boolean classifies) {
    if (columns == 1 && !classifies) {
      return Meaning.VALUE;
    }
    for (Meaning meaning : List.of(Meaning.PROBABILITIES, Meaning.LOG_PROBABILITIES)) {
      if (answers.filter(raw -> fits(raw, meaning)).isPresent()) {
        return meaning;
      }
    }
    return Meaning.LOGITS;
  }

  private static boolean fits(RawAnswers raw, Meaning meaning) {
    double[] values = raw.columns() == 1 ? twoColumns(raw.values(), meaning) : raw.values();
    return contradiction(new Predictions(values, Math.max(2, raw.columns()), meaning)).isEmpty();
  }

  /** A row that cannot be what the meaning says. */
  record Contradiction(int row, String reason) {}

  /** The first row that contradicts the meaning of these answers. */
  static Optional<Contradiction> contradiction(Predictions answers) {
    for (int row = 0; row < answers.rows(); row++) {
      Optional<String> reason = contradiction(answers.row(row), answers.meaning());
      if (reason.isPresent()) {
        return Optional.of(new Contradiction(row, reason.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> contradiction(double[] row, Meaning meaning) {
    boolean logarithms = meaning == Meaning.LOGITS || meaning == Meaning.LOG_PROBABILITIES;
    for (double value : row) {
      if (Double.isNaN(value) || value == Double.POSITIVE_INFINITY) {
        return Optional.of("the answer holds " + value);
      }
      if (value == Double.NEGATIVE_INFINITY && !logarithms) {
        return Optional.of("the answer holds " + value);
      }
    }
    return switch (meaning) {
      case PROBABILITIES -> probabilities(row);
      case LOG_PROBABILITIES -> probabilities(Arrays.stream(row).map(Math::exp).toArray());
      case LOGITS, VALUE, LABEL -> Optional.empty();
    };
  }

  private static Optional<String> probabilities(double[] row) {
    for (double value : row) {
      if (value < -TOLERANCE || value > 1 + TOLERANCE) {
        return Optional.of("%s is no probability".formatted(value));
      }
    }
    double sum = Arrays.stream(row).sum();
    return Math.abs(sum - 1) <= TOLERANCE
        ? Optional.empty()
        : Optional.of("the probabilities add up to %s".formatted(sum));
  }

  /** A BadInputException that names the record and the option, if a row contradicts the meaning. */
  static void check(Predictions answers, String model, String output, IntFunction<String> record) {
    contradiction(answers)
        .ifPresent(
            c -> {
              throw new BadInputException(
                  "%s, output %s read as %s, record %s: %s; see --output %s=MEANING, and --range, --layout or missing values of the input"
                      .formatted(
                          model,
                          output,
                          answers.meaning().word(),
                          record.apply(c.row()),
                          c.reason(),
                          output));
            });
  }

  /** Two columns, one a class, for a model that answers the second class alone. */
  static double[] twoColumns(double[] second, Meaning meaning) {
    double[] both = new double[2 * second.length];
    for (int row = 0; row < second.length; row++) {
      both[2 * row] =
          switch (meaning) {
            case PROBABILITIES -> 1 - second[row];
            case LOG_PROBABILITIES -> Math.log1p(-Math.exp(second[row]));
            default -> 0;
          };
      both[2 * row + 1] = second[row];
    }
    return both;
  }
}
