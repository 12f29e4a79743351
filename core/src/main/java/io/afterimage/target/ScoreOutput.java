package io.afterimage.target;

import io.afterimage.base.Checks;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.ValueInfo;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The output of a graph that is read as its scores: the one that the user named, else the first of
 * numbers with a fraction or of maps from class to number, else the label.
 *
 * @param info the output
 * @param found what the operators before it say
 * @param given what the user says
 * @param labels the classes as the graph's label output names them; empty where it has none
 * @param classifies whether there are classes for certain: the graph answers a label as well, or
 *     the user named two
 * @param notices what the user should know about the choice
 */
record ScoreOutput(
    ValueInfo info,
    OutputMeaning found,
    Optional<Meaning> given,
    List<String> labels,
    boolean classifies,
    List<String> notices) {
  static final String MAPS = "sequence(map(";
  private static final Set<ElementType> WHOLE =
      EnumSet.of(
          ElementType.INT8,
          ElementType.UINT8,
          ElementType.INT16,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.BOOL,
          ElementType.STRING);

  static ScoreOutput choose(OnnxModel model, OnnxOptions options) {
    for (String name : options.outputs().keySet()) {
      Checks.check(
          model.outputs().stream().anyMatch(o -> o.name().equals(name)),
          "--output %s: %s has no such output; it has %s",
          name,
          model.name(),
          names(model.outputs()));
    }
    List<ValueInfo> scores = model.outputs().stream().filter(ScoreOutput::isScores).toList();
    Optional<ValueInfo> label = model.outputs().stream().filter(ScoreOutput::isLabel).findFirst();
    ValueInfo chosen =
        model.outputs().stream()
            .filter(o -> options.outputs().containsKey(o.name()))
            .findFirst()
            .or(() -> scores.stream().findFirst())
            .or(() -> label)
            .orElseThrow(
                () ->
                    new UnsupportedModelException(
                        "%s answers neither scores nor a label: %s"
                            .formatted(model.name(), names(model.outputs()))));
    return new ScoreOutput(
        chosen,
        OutputMeaning.read(model, chosen.name()),
        Optional.ofNullable(options.outputs().get(chosen.name())),
        label.map(l -> OutputMeaning.read(model, l.name()).classes()).orElse(List.of()),
        label.isPresent() || options.classes().size() == 2,
        scores.size() < 2 || !options.outputs().isEmpty()
            ? List.of()
            : List.of(
                "%s: of the outputs %s, %s is read; another can be named with --output NAME=MEANING"
                    .formatted(model.name(), names(scores), chosen.name())));
  }

  private static boolean isScores(ValueInfo output) {
    return output.element().filter(ElementType::isFloating).isPresent()
        || output.type().startsWith(MAPS);
  }

  private static boolean isLabel(ValueInfo output) {
    return output.element().filter(WHOLE::contains).isPresent();
  }

  private static List<String> names(List<ValueInfo> outputs) {
    return outputs.stream().map(ValueInfo::name).toList();
  }

  String name() {
    return info.name();
  }

  // ---- reading

  /** How its values are read; a BadInputException where they cannot be. */
  OnnxSession.Reader<RawAnswers> reader(List<String> named) {
    if (info.type().startsWith(MAPS)) {
      List<String> classes = found.classes();
      refuse(classes.isEmpty(), "holds maps that no ZipMap made");
      refuse(readsLabels() || gives(Meaning.VALUE), "holds a score for each class");
      return value -> RawAnswers.maps(value, classes);
    }
    if (readsLabels()) {
      List<String> classes = labelNames(named);
      return value -> RawAnswers.labels(value, classes);
    }
    refuse(isLabel(info), "holds labels; it can only be read as label");
    return RawAnswers::numbers;
  }

  private boolean readsLabels() {
    return given.isPresent()
        ? gives(Meaning.LABEL)
        : isLabel(info) || found.meaning().equals(Optional.of(Meaning.LABEL));
  }

  private boolean gives(Meaning meaning) {
    return given.equals(Optional.of(meaning));
  }

  // A graph that answers texts names its classes by them; whole numbers may count from 0.
  private List<String> labelNames(List<String> named) {
    if (!found.classes().isEmpty()) {
      return found.classes();
    }
    if (named.isEmpty()) {
      throw new UnsupportedModelException(
          "output %s answers labels, but not which there are; name them with --classes"
              .formatted(name()));
    }
    return info.element().equals(Optional.of(ElementType.STRING))
        ? named
        : IntStream.range(0, named.size()).mapToObj(Integer::toString).toList();
  }

  private void refuse(boolean wrong, String why) {
    Checks.check(!wrong, "output %s %s", name(), why);
  }

  // ---- meaning

  /**
   * What its numbers mean: as the user says, else as the operators say, else as these answers look.
   */
  Meaning meaning(Optional<RawAnswers> answers, int columns) {
    Meaning meaning =
        readsLabels()
            ? Meaning.LABEL
            : given
                .or(found::meaning)
                .orElseGet(() -> OutputMeaning.guess(answers, columns, classifies));
    Checks.check(
        meaning != Meaning.VALUE || columns == 1,
        "output %s answers %d numbers a row; a regressor's value is one",
        name(),
        columns);
    return meaning;
  }

  /** How many numbers it answers a row. */
  int columns(Optional<RawAnswers> answers, OnnxModel model) {
    if (answers.isPresent()) {
      return answers.get().columns();
    }
    List<ValueInfo.Dimension> row =
        info.dimensions().isEmpty()
            ? List.of()
            : info.dimensions().subList(1, info.dimensions().size());
    boolean known = info.ranked() && row.stream().allMatch(ValueInfo.Dimension::isFixed);
    int classes = found.classes().isEmpty() ? labels.size() : found.classes().size();
    if (!known && classes == 0) {
      throw new UnsupportedModelException(
          "%s does not say how many numbers output %s has; give some rows"
              .formatted(model.name(), name()));
    }
    return known
        ? Math.toIntExact(
            row.stream().mapToLong(ValueInfo.Dimension::extent).reduce(1, Math::multiplyExact))
        : classes;
  }

  /** The names of the classes: the user's, else the graph's, else numbers from 0. */
  List<String> classes(Meaning meaning, int columns, List<String> named, String model) {
    if (meaning == Meaning.VALUE) {
      Checks.check(
          named.isEmpty(),
          "--classes names %d classes, but %s is a regressor; if not, say what its answers are with --output %s=logits",
          named.size(),
          model,
          name());
      return List.of();
    }
    int count = columns == 1 ? 2 : columns;
    Checks.check(
        named.isEmpty() || named.size() == count,
        "--classes names %d classes, but %s tells %d apart",
        named.size(),
        model,
        count);
    return List.of(named, found.classes(), labels).stream()
        .filter(names -> names.size() == count)
        .findFirst()
        .orElseGet(() -> IntStream.range(0, count).mapToObj(Integer::toString).toList());
  }
}
