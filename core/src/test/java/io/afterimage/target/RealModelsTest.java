package io.afterimage.target;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.graph.ValueInfo;
import io.afterimage.graph.Verify;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models of real exporters, interpreted: the same scores as ONNX Runtime on the fixture's rows, and
 * gradients as finite differences and as the framework itself has them.
 */
@ExtendWith(NoLeakedTensors.class)
class RealModelsTest {
  private static final Run RUN = Run.of(5);

  /** Why a model gives no gradients, by what its name says it is; the first that fits. */
  private static final Map<String, String> FLAT = new LinkedHashMap<>();

  static {
    List.of("forest", "tree", "boosting", "xgboost", "lightgbm")
        .forEach(trees -> FLAT.put(trees, "a tree is constant"));
    FLAT.put("knn-regressor", "through whole numbers only");
    FLAT.put("knn", "its output is true or false");
    FLAT.put("label-only", "no output of real numbers");
    FLAT.put("texts", "no input of real numbers");
    FLAT.put("recommender", "no input of real numbers");
  }

  static Stream<Fixture> fixtures() {
    return Fixture.NAMES.stream().map(Fixture::of);
  }

  static Stream<Fixture> withSlopes() {
    return fixtures().filter(fixture -> fixture.slopes().isPresent());
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void theInterpreterAnswersAsOnnxRuntimeAndItsGradientsAreDifferences(Fixture fixture) {
    Verify.Result found = verified(fixture);
    assertThat(found.maxRelative()).as(found.reason()).isNotNull().isLessThan(1e-4);
    Optional<String> flat =
        FLAT.keySet().stream().filter(fixture.name()::contains).findFirst().map(FLAT::get);
    if (flat.isPresent()) {
      assertThat(found.gradientMaxRelative()).isNull();
      assertThat(found.reason()).contains(flat.get());
    } else {
      assertThat(found.gradientMaxRelative()).as(found.reason()).isNotNull().isLessThan(1e-6);
    }
  }

  @SuppressWarnings("try") // the scope is there to close
  private static Verify.Result verified(Fixture fixture) {
    OnnxOptions options = OnnxOptions.DEFAULTS.withClasses(fixture.classes());
    try (OnnxTarget target = OnnxTarget.open(fixture.onnx(), options);
        OnnxReference reference = new OnnxReference(target.graph(), 1);
        TensorScope scope = new TensorScope()) {
      Map<String, Value> rows = inputs(target.graph(), fixture.rows());
      return Verify.run(target.graph(), offKinks(rows), reference, RUN);
    }
  }

  static Stream<Fixture> withMaps() {
    return fixtures().filter(fixture -> fixture.name().contains("zipmap"));
  }

  @ParameterizedTest
  @MethodSource("withMaps")
  void mapsAreThoseOfOnnxRuntime(Fixture fixture) {
    OnnxModel model = fixture.onnx();
    String output = model.outputs().get(1).name();
    TensorScope.run(
        () -> {
          try (OnnxSession session = new OnnxSession(model, 1);
              Interpreter interpreter = Interpreter.of(model)) {
            Map<String, Value> rows = inputs(model, fixture.rows());
            List<Map<Object, Float>> expected =
                session.run(
                    OnnxReference.tensors(model, rows),
                    output,
                    TimeLimit.NONE,
                    RealModelsTest::maps);
            List<Map<Object, Float>> found =
                maps(requireNonNull(interpreter.run(rows, List.of(output)).get(output)));
            assertThat(found).hasSameSizeAs(expected).isNotEmpty();
            for (int row = 0; row < found.size(); row++) {
              assertThat(found.get(row).keySet()).isEqualTo(expected.get(row).keySet());
              found.get(row).forEach(close(expected.get(row)));
            }
          }
        });
  }

  private static BiConsumer<Object, Float> close(Map<Object, Float> expected) {
    return (key, score) ->
        assertThat(score).isCloseTo(requireNonNull(expected.get(key)), within(1e-5f));
  }

  private static List<Map<Object, Float>> maps(OnnxValue value) throws OrtException {
    List<Map<Object, Float>> maps = new ArrayList<>();
    for (OnnxValue one : ((OnnxSequence) value).getValue()) {
      Map<Object, Float> map = new HashMap<>();
      ((OnnxMap) one).getValue().forEach((key, score) -> map.put(key, (Float) score));
      maps.add(map);
      one.close();
    }
    return maps;
  }

  private static List<Map<Object, Float>> maps(Value value) {
    return ((Value.Sequence) value).values().stream().map(RealModelsTest::map).toList();
  }

  private static Map<Object, Float> map(Value value) {
    Value.Dictionary dictionary = (Value.Dictionary) value;
    float[] scores = ((Value.Numbers) dictionary.values()).tensor().toFloats();
    Map<Object, Float> map = new HashMap<>();
    for (int i = 0; i < scores.length; i++) {
      Object key =
          dictionary.keys() instanceof Value.Strings texts
              ? texts.values().get(i)
              : ((Value.Numbers) dictionary.keys()).tensor().toLongs()[i];
      map.put(key, scores[i]);
    }
    return map;
  }

  // Many pixels are 0, where a ReLU or a maximum has no slope but one on either side.
  private static Map<String, Value> offKinks(Map<String, Value> rows) {
    Map<String, Value> moved = new LinkedHashMap<>(rows);
    moved.replaceAll(
        (name, value) ->
            value instanceof Value.Numbers numbers && numbers.tensor().dtype().isFloating()
                ? Value.of(
                    numbers
                        .tensor()
                        .add(wave(3, numbers.tensor()).mul(0.01).to(numbers.tensor().dtype())))
                : value);
    return moved;
  }

  @ParameterizedTest
  @MethodSource("withSlopes")
  void gradientsAreThoseOfTheFramework(Fixture fixture) {
    Fixture.Slopes expected = fixture.slopes().orElseThrow();
    try (OnnxTarget target = OnnxTarget.open(fixture.onnx(), OnnxOptions.DEFAULTS);
        Interpreter interpreter = Interpreter.inDouble(target.graph())) {
      Fixture.Slopes found = slopes(interpreter, fixture, expected);
      assertClose(found.input(), expected.input());
      assertClose(found.weights(), expected.weights());
    }
  }

  private static void assertClose(double[] found, double[] expected) {
    double scale = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    assertThat(found).containsExactly(expected, within(1e-5 * scale));
  }

  @SuppressWarnings("try")
  private static Fixture.Slopes slopes(
      Interpreter interpreter, Fixture fixture, Fixture.Slopes expected) {
    try (TensorScope scope = new TensorScope()) {
      Map<String, Value> rows = inputs(interpreter.model(), fixture.rows());
      String input = interpreter.model().inputs().get(0).name();
      Tensor all = ((Value.Numbers) requireNonNull(rows.get(input))).tensor();
      Tensor row = all.narrow(0, 0, 1).to(DType.DOUBLE).copy().requireGrad();
      List<Tensor> at = new ArrayList<>(List.of(row));
      Map<String, Tensor> exchanged = new LinkedHashMap<>(interpreter.parameters());
      if (!expected.parameter().isEmpty()) {
        Tensor weight = requireNonNull(exchanged.get(expected.parameter())).copy().requireGrad();
        exchanged.put(expected.parameter(), weight);
        at.add(weight);
      }
      String output = interpreter.model().outputs().get(0).name();
      Tensor y = interpreter.run(row, exchanged, output);
      List<Tensor> gradients = Autograd.gradients(y.mul(wave(1, y)).sum(), at, false);
      return new Fixture.Slopes(
          along(gradients.get(0), expected.input().length),
          expected.parameter(),
          gradients.size() > 1
              ? along(gradients.get(1), expected.weights().length)
              : new double[0]);
    }
  }

  private static double[] along(Tensor gradient, int slopes) {
    return IntStream.range(2, 2 + slopes)
        .mapToDouble(k -> gradient.mul(wave(k, gradient)).sum().item())
        .toArray();
  }

  /** cos(k (i + 1)) over the elements of a tensor of this shape. */
  private static Tensor wave(int k, Tensor like) {
    double[] wave =
        IntStream.range(0, (int) like.count()).mapToDouble(i -> Math.cos(k * (i + 1.0))).toArray();
    return Tensors.of(wave, like.shape());
  }

  // ---- rows as the graph's inputs

  private static Map<String, Value> inputs(OnnxModel model, Dataset rows) {
    Map<String, Value> inputs = new LinkedHashMap<>();
    List<Column> columns = rows.inputs();
    for (int i = 0; i < columns.size(); i++) {
      inputs.put(model.inputs().get(i).name(), value(model.inputs().get(i), columns.get(i), rows));
    }
    return inputs;
  }

  private static Value value(ValueInfo input, Column column, Dataset rows) {
    long[] shape = input.dimensions().stream().mapToLong(ValueInfo.Dimension::extent).toArray();
    shape[0] = shape[0] < 0 ? rows.rows() : shape[0];
    int given = (int) shape[0];
    if (column instanceof Column.Categorical texts) {
      return new Value.Strings(IntStream.range(0, given).mapToObj(texts::text).toList(), shape);
    }
    double[] numbers =
        IntStream.range(0, given).boxed().flatMapToDouble(r -> numbers(column, r)).toArray();
    DType type = input.element().flatMap(ElementType::dtype).orElseThrow();
    return Value.of(Tensors.of(numbers, shape).to(type));
  }

  private static DoubleStream numbers(Column column, int row) {
    if (column instanceof Column.Array array) {
      float[] cells = array.row(row);
      return IntStream.range(0, cells.length).mapToDouble(i -> cells[i]);
    }
    return DoubleStream.of(((Column.Numeric) column).get(row));
  }
}
