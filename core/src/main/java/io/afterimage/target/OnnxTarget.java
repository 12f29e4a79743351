package io.afterimage.target;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A model file, scored by ONNX Runtime: a black box with every operator at full speed.
 *
 * <p>Rows are scored in runs of bounded size; a graph that fixes its batch, or whose rows mix, is
 * given as many rows as it stands. What an answer means is read from the graph's last operator, and
 * every answer is checked against it.
 */
public final class OnnxTarget implements ScoreTarget {
  private static final int MOST_TRACED = 64;
  private static final Set<OnnxJavaType> REALS = Set.of(OnnxJavaType.FLOAT, OnnxJavaType.DOUBLE);

  private final OnnxModel model;
  private final OnnxModel graph;
  private final Optional<Dataset> sample;
  private final OnnxSession session;
  private final List<GraphInput> inputs;
  private final ScoreOutput output;
  private final Scorer scorer;
  private final Batch batch;
  private final int rawColumns;
  private final TargetInfo info;
  private final Set<String> notices = Collections.synchronizedSet(new LinkedHashSet<>());

  private OnnxTarget(OnnxModel model, OnnxOptions options, Duration limit) {
    this.model = model;
    inputs = model.inputs().stream().map(i -> GraphInput.of(i, model.name())).toList();
    Checks.check(!inputs.isEmpty(), "%s has no inputs; there is nothing to ask it", model.name());
    sample = options.sample().filter(rows -> rows.rows() > 0).map(OnnxTarget::first);
    OnnxSession own = new OnnxSession(model, options.threads());
    Optional<Freed> freed = Optional.empty();
    try {
      output = ScoreOutput.choose(model, options);
      Scorer first =
          new Scorer(
              own,
              model.name(),
              output.name(),
              output.reader(options.classes()),
              TimeLimit.of(model, limit));
      Look look = look(first);
      freed = look.freed(first, model, options.threads(), notices);
      graph = freed.map(Freed::graph).orElse(model);
      session = freed.map(Freed::session).orElse(own);
      scorer = first.in(session);
      batch = freed.isPresent() ? Batch.FREED : look.batch();
      rawColumns = output.columns(look.answers(), model);
      Meaning meaning = output.meaning(look.answers(), rawColumns);
      info =
          info(meaning, output.classes(meaning, rawColumns, options.classes(), model.name()), look);
      RuntimeMemory.notice().ifPresent(notices::add);
      notices.addAll(output.notices());
      notices.addAll(batch.notices(model.name()));
      sample.ifPresent(this::scores); // refuses a wrong meaning
    } catch (RuntimeException e) {
      freed.ifPresent(f -> f.session().close());
      own.close();
      throw e;
    }
    freed.ifPresent(f -> own.close());
  }

  /** Reads, checks and opens a model file. */
  public static OnnxTarget open(Path file, OnnxOptions options) {
    return open(OnnxModel.read(file), options);
  }

  /** Opens a checked model. */
  public static OnnxTarget open(OnnxModel model, OnnxOptions options) {
    return open(model, options, TimeLimit.FEW_ROWS);
  }

  /** Opens a checked model, which may take so long over a few rows. */
  static OnnxTarget open(OnnxModel model, OnnxOptions options, Duration limit) {
    return new OnnxTarget(model, options, limit);
  }

  // ---- a first look

  /** What a few rows showed. */
  private record Look(
      Batch batch, Optional<RawAnswers> answers, Optional<Shape> row, Optional<Binding> binding) {
    static Look atFile(Batch declared) {
      return new Look(declared, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The graph made to take any number of rows, where it fixes them and that can be done. */
    Optional<Freed> freed(Scorer own, OnnxModel model, int threads, Collection<String> notices) {
      return batch.kind() == Batch.Kind.FIXED
          ? binding.flatMap(rows -> Freed.of(model, batch, own, rows, threads, notices))
          : Optional.empty();
    }
  }

  private Look look(Scorer first) {
    Batch declared = Batch.declared(inputs, model.name());
    if (sample.isPresent()) {
      return look(first, declared, sample.get());
    }
    try {
      return DrawnRows.of(model, inputs)
          .map(drawn -> look(first, declared, drawn))
          .orElseGet(() -> Look.atFile(declared));
    } catch (NoAnswerException e) {
      throw e;
    } catch (BadInputException e) {
      notices.add("drawn rows told nothing about the meaning of outputs: " + e.getMessage());
      return Look.atFile(declared);
    }
  }

  private Look look(Scorer first, Batch declared, Dataset rows) {
    Binding binding = Binding.of(inputs, rows, model.name());
    Batch found = declared.probed(first, binding);
    RawAnswers answers =
        IntStream.range(0, rows.rows())
            .mapToObj(row -> first.run(binding, found.filled(new int[] {row})).first())
            .reduce(RawAnswers::and)
            .orElseThrow();
    return new Look(
        found,
        Optional.of(answers),
        binding.onlyNumericRow().map(OnnxTarget::shape),
        Optional.of(binding));
  }

  private static Dataset first(Dataset sample) {
    return sample.select(IntStream.range(0, Math.min(8, sample.rows())).toArray());
  }

  private static Shape shape(long[] row) {
    return new Shape(Arrays.stream(row).mapToInt(Math::toIntExact).toArray());
  }

  private TargetInfo info(Meaning meaning, List<String> classes, Look look) {
    return new TargetInfo(
        model.name(),
        meaning == Meaning.VALUE ? Task.REGRESSION : Task.CLASSIFICATION,
        classes,
        meaning,
        access(meaning),
        look.row().or(this::declaredRow));
  }

  private Optional<Shape> declaredRow() {
    boolean one = inputs.size() == 1 && !inputs.get(0).takesText();
    return one && !inputs.get(0).row().contains(-1L)
        ? Optional.of(shape(inputs.get(0).row().stream().mapToLong(Long::longValue).toArray()))
        : Optional.empty();
  }

  private static Access access(Meaning meaning) {
    return switch (meaning) {
      case LABEL -> Access.LABEL;
      case PROBABILITIES, VALUE -> Access.SCORES;
      case LOGITS, LOG_PROBABILITIES -> Access.LOGITS;
    };
  }

  // ---- asking

  @Override
  public TargetInfo info() {
    return info;
  }

  /** The model behind it, as the file has it. */
  public OnnxModel model() {
    return model;
  }

  /** The same model as it is run: rewritten where the file fixes its batch without need. */
  public OnnxModel graph() {
    return graph;
  }

  /** Its graph, unless rows can only be given to it in fixed numbers or do not stay apart. */
  @Override
  public Optional<OnnxModel> architecture() {
    boolean free = batch.kind() == Batch.Kind.FREE || batch.kind() == Batch.Kind.REWRITTEN;
    return free ? Optional.of(graph) : Optional.empty();
  }

  /** How many rows the graph takes at once, and whether they mix. */
  public Batch batch() {
    return batch;
  }

  /** The name of the output that is read. */
  public String output() {
    return output.name();
  }

  /** What the user should know: how columns met inputs, which output is read, slow batches. */
  public List<String> notices() {
    synchronized (notices) {
      return List.copyOf(notices);
    }
  }

  /** These rows as the only input of numbers takes them, row after row. */
  float[] floats(Dataset rows) {
    return Binding.of(inputs, rows, model.name()).floats();
  }

  /** A few rows that fit: of the sample, else drawn. */
  Dataset someRows() {
    return sample
        .filter(rows -> rows.rows() > 1)
        .or(() -> DrawnRows.of(model, inputs))
        .orElseThrow(
            () -> new BadInputException(model.name() + " leaves its shapes open; give some rows"));
  }

  @Override
  public Predictions scores(Dataset rows) {
    Binding binding = Binding.of(inputs, rows, model.name());
    notices.addAll(binding.notices());
    int columns = Math.max(1, info.classes().size());
    double[] values = new double[Math.multiplyExact(rows.rows(), columns)];
    int step = rowsAtOnce(binding);
    int from = 0;
    while (from < rows.rows()) {
      int[] chosen = IntStream.range(from, Math.min(from + step, rows.rows())).toArray();
      try {
        double[] answers = answers(binding, chosen);
        System.arraycopy(answers, 0, values, from * columns, answers.length);
        from += chosen.length;
      } catch (NoRoomException e) {
        if (chosen.length == 1 || batch.extent() > 0) {
          throw e;
        }
        step = chosen.length / 2;
      }
    }
    return new Predictions(values, columns, info.meaning());
  }

  private int rowsAtOnce(Binding binding) {
    int room = batch.rowsAtOnce(binding.cellsPerRow());
    return batch.extent() > 0 ? room : scorer.limit().rowsAtOnce(room);
  }

  /** Hears what a graph computes of one row. */
  @FunctionalInterface
  public interface RowValues {
    void of(int row, String value, double[] numbers);
  }

  /**
   * What whoever holds the file sees of these rows: every value of a graph with this model's inputs
   * that holds one list of real numbers a row, the inputs among them.
   *
   * @param other this model's graph, or one made from it
   */
  public void trace(OnnxModel other, Dataset rows, RowValues heard) {
    Binding binding = Binding.of(inputs, rows, model.name());
    int step = Math.min(MOST_TRACED, rowsAtOnce(binding));
    try (OnnxSession talkative = OnnxSession.talkative(other, 1)) {
      for (int from = 0; from < rows.rows(); from += Math.max(1, step)) {
        int[] chosen = IntStream.range(from, Math.min(from + step, rows.rows())).toArray();
        Map<String, OnnxTensor> given = binding.tensors(batch.filled(chosen));
        talkative.runAll(
            given,
            scorer.limit(),
            result -> {
              given.forEach((name, tensor) -> tell(name, tensor, chosen, heard));
              result.forEach(value -> tell(value.getKey(), value.getValue(), chosen, heard));
              return result;
            });
      }
    }
  }

  private static void tell(String name, OnnxValue value, int[] rows, RowValues heard) {
    if (!(value instanceof OnnxTensor tensor)
        || !REALS.contains(tensor.getInfo().type)
        || tensor.getInfo().getShape().length != 2
        || tensor.getInfo().getShape()[0] < rows.length) {
      return;
    }
    try {
      double[] all = RawAnswers.doubles(tensor);
      int width = (int) tensor.getInfo().getShape()[1];
      for (int i = 0; i < rows.length; i++) {
        heard.of(rows[i], name, Arrays.copyOfRange(all, i * width, (i + 1) * width));
      }
    } catch (OrtException e) {
      throw new BadInputException("value " + name + " cannot be read: " + e.getMessage(), e);
    }
  }

  private double[] answers(Binding binding, int[] chosen) {
    RawAnswers raw = scorer.run(binding, batch.filled(chosen));
    Checks.check(
        raw.columns() == rawColumns,
        "%s: output %s answers %d numbers a row, but %d before",
        model.name(),
        output.name(),
        raw.columns(),
        rawColumns);
    double[] asked = Arrays.copyOf(raw.values(), chosen.length * rawColumns);
    boolean oneForTwo = rawColumns == 1 && info.task() == Task.CLASSIFICATION;
    double[] values = oneForTwo ? OutputMeaning.twoColumns(asked, info.meaning()) : asked;
    OutputMeaning.check(
        new Predictions(values, values.length / chosen.length, info.meaning()),
        model.name(),
        output.name(),
        row -> binding.rows().id(chosen[row]));
    return values;
  }

  @Override
  public void close() {
    session.close();
  }
}
