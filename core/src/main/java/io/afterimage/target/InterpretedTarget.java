package io.afterimage.target;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.graph.Gradients;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.graph.ValueInfo;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model file as a white box: scored by ONNX Runtime, differentiated by the interpreter of its
 * graph. The two are compared on a few rows when it is opened.
 *
 * <p>A graph that fixes its batch is run for several rows at once where they provably do not mix,
 * else for one row after another.
 */
public final class InterpretedTarget implements GradientTarget {
  /**
   * The two sum in different orders; beyond this share of the greatest score they compute different
   * things.
   */
  private static final double TOLERANCE = 1e-3;

  private final OnnxTarget scorer;
  private final OnnxModel model;
  private final Interpreter interpreter;
  private final ScoreHead head;
  private final Shape row;
  private final boolean together;
  private final List<String> layers;

  @SuppressWarnings("try") // scope and guard are there to close
  private InterpretedTarget(OnnxTarget scorer, ScoreHead head, Shape row, Dataset rows) {
    this.scorer = scorer;
    this.model = scorer.graph();
    this.head = head;
    this.row = row;
    interpreter = Interpreter.of(model);
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Predictions expected = scorer.scores(rows).probabilities();
      Tensor x = input(rows);
      together = agrees(x, true, expected);
      Checks.check(
          together || agrees(x, false, expected),
          "%s: its graph, interpreted, answers otherwise than ONNX Runtime; attack it with scores only",
          model.name());
      layers = findLayers(x);
    } catch (RuntimeException e) {
      interpreter.close();
      throw e;
    }
  }

  /**
   * The white box of an opened model, which it takes over and closes; a BadInputException with the
   * reason where there is none.
   */
  public static InterpretedTarget of(OnnxTarget scorer) {
    missing(scorer)
        .ifPresent(
            reason -> {
              throw new BadInputException(
                  "%s: no gradients: %s".formatted(scorer.info().name(), reason));
            });
    Shape row = scorer.info().arrayInput().orElseThrow();
    return new InterpretedTarget(scorer, head(scorer).orElseThrow(), row, scorer.someRows());
  }

  /**
   * The same, which heeds between two iterations of its graph's loops that the run is cancelled.
   */
  public InterpretedTarget heeding(Run run) {
    interpreter.heeding(run);
    return this;
  }

  /**
   * Why the graph of a model gives no gradients, as far as can be told without running it; empty
   * where it does. Loads nothing native.
   */
  public static Optional<String> missing(OnnxTarget scorer) {
    List<ValueInfo> inputs = scorer.model().inputs();
    if (inputs.size() > 1) {
      return Optional.of(
          "it has %d inputs, and attacks on gradients and inner values take one of numbers"
              .formatted(inputs.size()));
    }
    if (scorer.info().arrayInput().isEmpty()) {
      boolean texts = inputs.get(0).type().equals("string");
      return Optional.of(
          texts
              ? "its input takes texts"
              : "the file leaves the shape of its input open; give some rows");
    }
    return head(scorer)
        .map(head -> Gradients.missing(scorer.model(), head.value()))
        .orElseGet(() -> Optional.of("it answers labels alone, with no scores before them"));
  }

  static Optional<ScoreHead> head(OnnxTarget scorer) {
    return ScoreHead.of(scorer.model(), scorer.output(), scorer.info().meaning());
  }

  // ---- a first look

  private boolean agrees(Tensor x, boolean atOnce, Predictions expected) {
    try {
      double[] found = head.probabilities().apply(run(x, head.value(), atOnce)).toDoubles();
      return agree(found, expected);
    } catch (BadInputException e) {
      if (atOnce) {
        return false; // a batch that the graph fixes; alone, a row shows whether that was all
      }
      throw e;
    }
  }

  // A label is 1 in its column: the interpreted scores must be greatest there.
  private static boolean agree(double[] found, Predictions expected) {
    if (found.length != expected.values().length) {
      return false;
    }
    Predictions seen = new Predictions(found, expected.columns(), expected.meaning());
    double scale = Arrays.stream(expected.values()).map(Math::abs).max().orElse(0);
    for (int i = 0; i < found.length; i++) {
      boolean label = expected.meaning() == Meaning.LABEL;
      boolean close =
          label
              ? seen.label(i / seen.columns()) == expected.label(i / seen.columns())
              : Math.abs(found[i] - expected.values()[i]) <= TOLERANCE * scale;
      if (!close) {
        return false;
      }
    }
    return true;
  }

  /** Values between the input and the scores that hold real numbers for each row. */
  private List<String> findLayers(Tensor x) {
    List<String> between = between();
    List<String> found = new ArrayList<>();
    Tensor rows = together ? x : x.narrow(0, 0, 1);
    Map<String, Value> values =
        interpreter.run(Map.of(model.inputs().get(0).name(), Value.of(rows)), between);
    for (String name : between) {
      if (values.get(name) instanceof Value.Numbers numbers && isLayer(numbers.tensor(), rows)) {
        found.add(name);
      }
    }
    return List.copyOf(found);
  }

  private static boolean isLayer(Tensor value, Tensor x) {
    return value.dtype().isFloating() && value.rank() > 1 && value.size(0) == x.size(0);
  }

  private List<String> between() {
    Set<String> reached = new LinkedHashSet<>(List.of(model.inputs().get(0).name()));
    Set<String> needed = model.neededFor(head.value());
    model.nodes().stream()
        .filter(node -> node.inputs().stream().anyMatch(reached::contains))
        .flatMap(node -> node.outputs().stream())
        .filter(needed::contains)
        .forEach(reached::add);
    reached.remove(model.inputs().get(0).name());
    return List.copyOf(reached);
  }

  // ---- asking

  @Override
  public Optional<OnnxModel> architecture() {
    return scorer.architecture();
  }

  @Override
  public TargetInfo info() {
    TargetInfo info = scorer.info();
    return new TargetInfo(
        info.name(),
        info.task(),
        info.classes(),
        info.meaning(),
        Access.GRADIENTS,
        info.arrayInput());
  }

  @Override
  public Predictions scores(Dataset rows) {
    return scorer.scores(rows);
  }

  @Override
  public List<String> layers() {
    return layers;
  }

  @Override
  public Tensor features(Tensor x, String layer) {
    requireLayer(layer);
    return run(x, layer, together);
  }

  private void requireLayer(String layer) {
    Checks.check(
        layers.contains(layer), "%s has no layer %s; it has %s", model.name(), layer, layers);
  }

  @Override
  public Inside inside(Tensor x, List<String> wanted) {
    wanted.forEach(this::requireLayer);
    List<String> all = Stream.concat(Stream.of(head.value()), wanted.stream()).toList();
    try (TensorScope scope = new TensorScope()) {
      List<Tensor> values = run(x, all, together);
      Map<String, Tensor> features = new LinkedHashMap<>();
      for (int i = 0; i < wanted.size(); i++) {
        features.put(wanted.get(i), scope.keep(values.get(i + 1)));
      }
      return new Inside(scope.keep(head.logits().apply(values.get(0))), features);
    }
  }

  @Override
  public Tensor logits(Tensor x) {
    try (TensorScope scope = new TensorScope()) {
      return scope.keep(head.logits().apply(run(x, head.value(), together)));
    }
  }

  @Override
  public Tensor probabilities(Tensor x) {
    try (TensorScope scope = new TensorScope()) {
      return scope.keep(head.probabilities().apply(run(x, head.value(), together)));
    }
  }

  @Override
  public Tensor input(Dataset rows) {
    return Tensors.of(scorer.floats(rows), row.batch(rows.rows()));
  }

  private Tensor run(Tensor x, String value, boolean atOnce) {
    return atOnce ? interpreter.run(x, value) : run(x, List.of(value), false).get(0);
  }

  private List<Tensor> run(Tensor x, List<String> values, boolean atOnce) {
    if (atOnce) {
      return ofOnePass(x, values);
    }
    try (TensorScope scope = new TensorScope()) {
      List<List<Tensor>> rows = new ArrayList<>();
      for (long i = 0; i < x.size(0); i++) {
        rows.add(ofOnePass(filled(x.narrow(0, i, 1)), values));
      }
      return IntStream.range(0, values.size())
          .mapToObj(v -> rows.stream().map(row -> row.get(v).narrow(0, 0, 1)).toList())
          .map(parts -> scope.keep(Indexing.cat(parts, 0)))
          .toList();
    }
  }

  private List<Tensor> ofOnePass(Tensor x, List<String> values) {
    Map<String, Value> found =
        interpreter.run(Map.of(model.inputs().get(0).name(), Value.of(x)), values);
    return values.stream()
        .map(name -> ((Value.Numbers) Objects.requireNonNull(found.get(name))).tensor())
        .toList();
  }

  // As many copies of a row as the graph wants rows.
  private Tensor filled(Tensor one) {
    int extent = scorer.batch().extent();
    return extent > 1 ? Indexing.cat(Collections.nCopies(extent, one), 0) : one;
  }

  @Override
  public void close() {
    interpreter.close();
    scorer.close();
  }
}
