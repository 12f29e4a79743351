package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ScopePerTest.class)
@SuppressWarnings("try") // scopes are there to close
class InterpretedTargetTest {
  static Stream<Fixture> differentiable() {
    return Stream.of(
            "torch-mlp",
            "torch-mlp-softmax",
            "torch-mlp-log-softmax",
            "torch-sigmoid",
            "torch-lenet",
            "torch-lenet-legacy",
            "torch-lenet-batch1",
            "torch-lenet-batch1-softmax",
            "keras-cnn",
            "sklearn-logistic",
            "sklearn-zipmap-strings",
            "sklearn-zipmap-ints",
            "sklearn-binary",
            "sklearn-mlp",
            "sklearn-linear",
            "sklearn-mlp-regressor",
            "odd-pinned-batch",
            "odd-mixing-batch",
            "odd-spelt-softmax",
            "odd-batch-of-five")
        .map(Fixture::of);
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void computesWhatTheFrameworkAnswers(Fixture fixture) {
    try (InterpretedTarget target = open(fixture)) {
      assertThat(target.info().access()).isEqualTo(Access.GRADIENTS);
      int columns = fixture.answers()[0].length;
      Tensor x = target.input(fixture.rows());
      Tensor p = target.probabilities(x);
      assertThat(p.shape()).containsExactly(fixture.answers().length, columns);
      assertClose(p.toDoubles(), probabilities(fixture));
      Predictions softmaxed =
          fixture.task() == Task.REGRESSION
              ? new Predictions(target.logits(x).toDoubles(), columns, Meaning.VALUE)
              : new Predictions(target.logits(x).toDoubles(), columns, Meaning.LOGITS);
      assertClose(softmaxed.probabilities().values(), probabilities(fixture));
    }
  }

  /** A central difference along a direction, against the gradient's product with it. */
  @ParameterizedTest
  @MethodSource("differentiable")
  void theGradientIsTheSlope(Fixture fixture) {
    try (InterpretedTarget target = open(fixture)) {
      Tensor x = target.input(fixture.rows());
      GradientTarget.Cost cost = (at, p) -> p.square().sum(false, 1);
      GradientTarget.Slope slope = target.slope(x, cost);
      assertThat(slope.gradient().shape()).isEqualTo(x.shape());
      assertThat(slope.cost().shape()).containsExactly(x.size(0));
      assertThat(slope.gradient().requiresGrad()).isFalse();
      double step = 1e-2;
      Tensor direction = x.sign().add(0.5).mul(step);
      double rise =
          target.slope(x.add(direction), cost).cost().sum().item()
              - target.slope(x.sub(direction), cost).cost().sum().item();
      double expected = 2 * slope.gradient().mul(direction).sum().item();
      double scale = Math.max(1e-3, slope.gradient().abs().sum().item() * step);
      assertThat(rise).isCloseTo(expected, within(0.05 * scale));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch-lenet", "torch-lenet-batch1", "odd-batch-of-five"})
  void rowsDoNotMix(String name) {
    Fixture fixture = Fixture.of(name);
    try (InterpretedTarget target = open(fixture)) {
      Tensor x = target.input(fixture.rows());
      GradientTarget.Cost cost = (at, p) -> p.select(1, 0);
      double[] amongOthers = target.slope(x, cost).gradient().select(0, 3).toDoubles();
      double[] alone = target.slope(x.narrow(0, 3, 1), cost).gradient().toDoubles();
      assertThat(alone).containsExactly(amongOthers, within(1e-6));
    }
  }

  @Test
  void showsItsLayersFromInputToOutput() {
    Fixture fixture = Fixture.of("torch-lenet");
    try (InterpretedTarget target = open(fixture)) {
      Tensor x = target.input(fixture.rows());
      assertThat(target.layers())
          .containsExactly(
              "getitem",
              "relu",
              "max_pool2d",
              "conv2d_1",
              "relu_1",
              "avg_pool2d",
              "view",
              "output");
      assertThat(target.features(x, "relu").shape()).containsExactly(12, 6, 8, 8);
      assertThat(target.features(x, "view").shape()).containsExactly(12, 12);
      assertThatThrownBy(() -> target.features(x, "head"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("torch-lenet.onnx has no layer head; it has [getitem, relu");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch-lenet", "torch-lenet-batch1", "odd-batch-of-five"})
  void onePassShowsTheLogitsAndTheLayersOfEach(String name) {
    Fixture fixture = Fixture.of(name);
    try (InterpretedTarget target = open(fixture)) {
      Tensor x = target.input(fixture.rows());
      List<String> layers = target.layers();
      GradientTarget.Inside inside = target.inside(x, layers);
      assertThat(inside.logits().toDoubles()).containsExactly(target.logits(x).toDoubles());
      for (String layer : layers) {
        assertThat(Objects.requireNonNull(inside.features().get(layer)).toDoubles())
            .containsExactly(target.features(x, layer).toDoubles());
      }
      assertThatThrownBy(() -> target.inside(x, List.of("head")))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("has no layer head");
    }
  }

  @Test
  void aMeterCountsTheWhiteBoxToo() {
    Fixture fixture = Fixture.of("torch-mlp");
    QueryMeter meter = QueryMeter.counting();
    try (InterpretedTarget target = open(fixture)) {
      GradientTarget metered = (GradientTarget) MeteredTarget.of((LabelTarget) target, meter);
      metered.slope(metered.input(fixture.rows()), (at, p) -> p.select(1, 0));
      assertThat(meter.spent()).isEqualTo(12);
      metered.scores(fixture.rows());
      assertThat(meter.spent()).isEqualTo(24);
      metered.inside(metered.input(fixture.rows()), metered.layers());
      assertThat(meter.spent()).isEqualTo(36);
    }
  }

  @Test
  void saysWhyAModelGivesNoGradients() {
    refuses("sklearn-forest", "TreeEnsembleClassifier");
    refuses("sklearn-columns", "it has 4 inputs, and attacks on gradients");
    refuses("sklearn-knn", "no gradient");
  }

  @Test
  void namesTheAccessesThatAFileDoesNotGive() {
    assertThat(missing("torch-lenet")).isEmpty();
    assertThat(missing("sklearn-forest"))
        .containsOnlyKeys(Access.LOGITS, Access.FEATURES, Access.GRADIENTS)
        .allSatisfy((access, reason) -> assertThat(reason).contains("TreeEnsembleClassifier"));
    assertThat(missing("sklearn-linear"))
        .containsExactly(Map.entry(Access.LABEL, "a regressor has no classes"));
  }

  @Test
  void saysByWhatTheScoresOfAPipelineOfSeveralInputsHaveGradients() {
    Accesses.Slopes columns = slopes("sklearn-columns");
    assertThat(columns.parameters()).as(columns.reason()).isTrue();
    assertThat(columns.inputs()).containsExactly("hours");
    assertThat(columns.reason()).isEqualTo("age, job, sex: no real numbers");
    assertThat(slopes("sklearn-columns-forest").parameters()).isFalse();
    assertThat(slopes("sklearn-columns-forest").inputs()).isEmpty();
    assertThat(slopes("torch-lenet")).isEqualTo(new Accesses.Slopes(true, List.of("input"), ""));
  }

  /** A central difference along a column of numbers, the columns of texts beside it as they are. */
  @Test
  void aPipelineWithColumnsOfTextsHasTheSlopeThatItSays() {
    Fixture fixture = Fixture.of("sklearn-columns");
    double[] hours = numbers(fixture, "hours");
    try (Interpreter pipeline =
        Interpreter.of(OnnxModel.read(fixture.model(), "sklearn-columns.onnx"))) {
      Tensor x = Tensors.of(hours, hours.length, 1).to(DType.FLOAT).requireGrad();
      Tensor cost = richness(pipeline, fixture, x);
      double slope = Autograd.gradients(cost, List.of(x), false).get(0).sum().item();
      double step = 0.5;
      double rise =
          richness(pipeline, fixture, x.detach().add(step)).item()
              - richness(pipeline, fixture, x.detach().sub(step)).item();
      assertThat(slope).isCloseTo(rise / (2 * step), within(1e-2 * Math.abs(slope)));
      assertThat(Math.abs(slope)).isGreaterThan(1e-3);
    }
  }

  private static Tensor richness(Interpreter pipeline, Fixture fixture, Tensor hours) {
    long[] shape = hours.shape();
    long[] ages = Arrays.stream(numbers(fixture, "age")).mapToLong(Math::round).toArray();
    Map<String, Value> inputs =
        Map.of(
            "hours",
            Value.of(hours),
            "age",
            Value.of(Tensors.of(ages, shape)),
            "job",
            new Value.Strings(texts(fixture, "job"), shape),
            "sex",
            new Value.Strings(texts(fixture, "sex"), shape));
    Value answers = pipeline.run(inputs, List.of("probabilities")).get("probabilities");
    return ((Value.Numbers) Objects.requireNonNull(answers)).tensor().select(1, 1).sum();
  }

  private static double[] numbers(Fixture fixture, String column) {
    return ((Column.Numeric) fixture.rows().column(column)).values();
  }

  private static List<String> texts(Fixture fixture, String column) {
    Column all = fixture.rows().column(column);
    return IntStream.range(0, fixture.rows().rows())
        .mapToObj(row -> Objects.requireNonNull(all.text(row)))
        .toList();
  }

  private static Accesses.Slopes slopes(String name) {
    try (OnnxTarget target = OnnxTarget.open(Fixture.of(name).onnx(), OnnxOptions.DEFAULTS)) {
      return Accesses.slopes(target);
    }
  }

  private static Map<Access, String> missing(String name) {
    try (OnnxTarget target = OnnxTarget.open(Fixture.of(name).onnx(), OnnxOptions.DEFAULTS)) {
      return Accesses.missing(target);
    }
  }

  private static InterpretedTarget open(Fixture fixture) {
    return InterpretedTarget.of(OnnxTarget.open(fixture.onnx(), OnnxOptions.DEFAULTS));
  }

  private static void refuses(String name, String reason) {
    try (OnnxTarget target = OnnxTarget.open(Fixture.of(name).onnx(), OnnxOptions.DEFAULTS)) {
      assertThatThrownBy(() -> InterpretedTarget.of(target))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(name + ".onnx: no gradients: ")
          .hasMessageContaining(reason);
    }
  }

  private static double[] probabilities(Fixture fixture) {
    double[] all = Stream.of(fixture.answers()).flatMapToDouble(Arrays::stream).toArray();
    return new Predictions(all, fixture.answers()[0].length, fixture.meaning())
        .probabilities()
        .values();
  }

  private static void assertClose(double[] found, double[] expected) {
    double scale = Arrays.stream(expected).map(Math::abs).max().orElse(1);
    assertThat(found).containsExactly(expected, within(1e-4 * Math.max(1, scale)));
  }
}
