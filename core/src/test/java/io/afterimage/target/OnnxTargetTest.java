package io.afterimage.target;

import static io.afterimage.target.Tables.numbers;
import static io.afterimage.target.Tables.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OnnxTargetTest {
  // ---- columns and inputs

  @Test
  void columnsFindTheirInputsByNameInAnyOrder() {
    Fixture fixture = Fixture.of("sklearn-columns");
    List<Column> shuffled = new ArrayList<>(fixture.rows().columns());
    Collections.reverse(shuffled);
    shuffled.add(1, numbers("noise", new double[12]));
    try (OnnxTarget target = open("sklearn-columns")) {
      Predictions answers = target.scores(Tables.of("rows", shuffled.toArray(Column[]::new)));
      assertThat(answers.row(3)).containsExactly(fixture.answers()[3], within(1e-5));
      assertThat(target.notices())
          .containsExactly("sklearn-columns.onnx has no inputs for the columns noise");
    }
  }

  @Test
  void columnsOfOtherNamesAreTakenInOrderAndThatIsSaid() {
    Fixture fixture = Fixture.of("sklearn-columns");
    Column[] renamed =
        fixture.rows().columns().stream()
            .map(c -> Tables.renamed(c, "column " + c.name()))
            .toArray(Column[]::new);
    try (OnnxTarget target = open("sklearn-columns")) {
      Predictions answers = target.scores(Tables.of("rows", renamed));
      assertThat(answers.row(3)).containsExactly(fixture.answers()[3], within(1e-5));
      assertThat(target.notices())
          .containsExactly(
              "sklearn-columns.onnx: no columns bear the names of the inputs age, hours, job, sex;"
                  + " they were filled in order with column age, column hours, column job, column sex");
    }
  }

  @Test
  void aTableOfNumbersFillsOneTensor() {
    Fixture fixture = Fixture.of("sklearn-logistic");
    Column.Array array = (Column.Array) fixture.rows().columns().get(0);
    Column[] columns =
        IntStream.range(0, 4)
            .mapToObj(
                c ->
                    numbers(
                        "c" + c,
                        IntStream.range(0, 12).mapToDouble(r -> array.row(r)[c]).toArray()))
            .toArray(Column[]::new);
    try (OnnxTarget target = open("sklearn-logistic")) {
      Predictions answers = target.scores(Tables.of("rows", columns));
      assertThat(answers.row(11)).containsExactly(fixture.answers()[11], within(1e-5));
    }
  }

  @Test
  void categoriesThatAreNumbersFillNumericInputs() {
    try (OnnxTarget target = open("sklearn-logistic")) {
      Dataset numeric = iris(numbers("a", 5, 6));
      Dataset texts = iris(texts("a", "5", "6"));
      assertThat(target.scores(texts).values()).isEqualTo(target.scores(numeric).values());
    }
  }

  @Test
  void aMissingTextIsTheEmptyText() {
    try (OnnxTarget target = open("sklearn-columns")) {
      Column.Categorical missing = new Column.Categorical("job", new int[] {-1}, List.of("nurse"));
      assertThat(target.scores(person(numbers("age", 40), missing)).values())
          .isEqualTo(target.scores(person(numbers("age", 40), texts("job", ""))).values());
    }
  }

  @Test
  void picturesMayComeFlat() {
    Fixture fixture = Fixture.of("torch-lenet");
    Column.Array image = (Column.Array) fixture.rows().columns().get(0);
    float[] first = image.row(0);
    try (OnnxTarget target = open("torch-lenet")) {
      for (Shape shape : List.of(new Shape(64), new Shape(8, 8), new Shape(8, 8, 1))) {
        Dataset rows = Tables.of("rows", new Column.Array("picture", first, shape));
        assertThat(target.scores(rows).row(0)).containsExactly(fixture.answers()[0], within(1e-4));
      }
    }
  }

  @Test
  void noRowsAreNoAnswers() {
    try (OnnxTarget target = open("sklearn-logistic")) {
      assertThat(target.scores(Fixture.of("sklearn-logistic").rows().select(new int[0])).rows())
          .isZero();
    }
  }

  @Test
  void manyRowsAreScoredInRunsAndKeepTheirOrder() {
    Fixture fixture = Fixture.of("torch-lenet");
    int[] many = IntStream.range(0, 5000).map(i -> i * 7 % 12).toArray();
    try (OnnxTarget target = open("torch-lenet")) {
      Predictions answers = target.scores(fixture.rows().select(many));
      for (int row = 0; row < many.length; row++) {
        assertThat(answers.row(row)).containsExactly(fixture.answers()[many[row]], within(1e-4));
      }
    }
  }

  @Test
  void severalThreadsGetTheSameAnswers() {
    Fixture fixture = Fixture.of("torch-lenet");
    try (OnnxTarget target = open("torch-lenet")) {
      double[] alone = target.scores(fixture.rows()).values();
      assertThat(
              IntStream.range(0, 64)
                  .parallel()
                  .mapToObj(i -> target.scores(fixture.rows()).values())
                  .allMatch(answers -> Arrays.equals(answers, alone)))
          .isTrue();
    }
  }

  // ---- meaning

  @Test
  void theUserKnowsBetterThanTheGraph() {
    OnnxOptions logits = OnnxOptions.DEFAULTS.withOutputs(List.of("output=logits"));
    try (OnnxTarget target = open("torch-sigmoid", logits)) {
      assertThat(target.info().meaning()).isEqualTo(Meaning.LOGITS);
      assertThat(target.info().classes()).containsExactly("0", "1");
    }
    OnnxOptions value = OnnxOptions.DEFAULTS.withOutputs(List.of("output=value"));
    try (OnnxTarget target = open("torch-sigmoid", value)) {
      assertThat(target.info().task()).isEqualTo(Task.REGRESSION);
    }
    OnnxOptions label = OnnxOptions.DEFAULTS.withOutputs(List.of("output_label=label"));
    try (OnnxTarget target = open("sklearn-zipmap-strings", label)) {
      assertThat(target.info().classes()).containsExactly("setosa", "versicolor", "virginica");
      assertThat(target.scores(Fixture.of("sklearn-zipmap-strings").rows()).row(0))
          .containsOnlyOnce(1)
          .containsOnly(0, 1);
    }
  }

  @Test
  void twoClassesMakeOneColumnALogitOrAProbability() {
    OnnxOptions two = OnnxOptions.DEFAULTS.withClasses(List.of("low", "high"));
    try (OnnxTarget target = open("sklearn-linear", two)) {
      assertThat(target.info().meaning()).isEqualTo(Meaning.LOGITS);
      assertThat(target.info().classes()).containsExactly("low", "high");
    }
  }

  @Test
  void anOverrideThatTheDataContradictIsRefused() {
    Fixture lenet = Fixture.of("torch-lenet");
    OnnxOptions wrong = OnnxOptions.DEFAULTS.withOutputs(List.of("output=probabilities"));
    refuses(
        "torch-lenet.onnx, output output read as probabilities, record rows:0",
        () -> open("torch-lenet", wrong.withSample(lenet.rows())).close());
    try (OnnxTarget target = open("torch-lenet", wrong)) {
      refuses("read as probabilities", () -> target.scores(lenet.rows()));
    }
    OnnxOptions logarithms = wrong.withOutputs(List.of("output=log-probabilities"));
    refuses(
        "read as log-probabilities",
        () -> open("torch-lenet", logarithms.withSample(lenet.rows())).close());
  }

  @Test
  void anOverrideThatCannotBeIsRefused() {
    refusesOutput("torch-lenet", "output=value", "answers 10 numbers a row; a regressor's value");
    refusesOutput("torch-lenet", "scores=logits", "has no such output; it has [output]");
    refusesOutput("torch-lenet", "output=wisdom", "wisdom is no meaning; there are probabilities");
    refusesOutput("torch-lenet", "logits", "write NAME=MEANING");
    refusesOutput("sklearn-zipmap-ints", "output_label=logits", "can only be read as label");
    refusesOutput("sklearn-zipmap-ints", "output_probability=label", "a score for each class");
    refuses("answers labels, but not which", () -> open("odd-label-only").close());
  }

  @Test
  void aWrongNumberOfClassNamesIsRefused() {
    OnnxOptions three = OnnxOptions.DEFAULTS.withClasses(List.of("a", "b", "c"));
    refuses(
        "names 3 classes, but torch-lenet.onnx tells 10 apart", () -> open("torch-lenet", three));
    refuses("sklearn-linear.onnx is a regressor", () -> open("sklearn-linear", three));
    refuses("names a class twice", () -> three.withClasses(List.of("a", "a")));
  }

  // ---- bad input

  @Test
  void aWrongNumberOfColumnsIsCounted() {
    try (OnnxTarget target = open("sklearn-logistic")) {
      refuses(
          "sklearn-logistic.onnx takes X (4); rows has 2 input columns: a, b; name the label",
          () -> target.scores(Tables.of("rows", numbers("a", 1), numbers("b", 1))));
    }
    try (OnnxTarget target = open("sklearn-columns")) {
      refuses(
          "takes age (1), hours (1), job (1), sex (1); rows has 3 input columns",
          () ->
              target.scores(Tables.of("rows", numbers("a", 1), numbers("b", 1), numbers("c", 1))));
    }
  }

  @Test
  void aPictureOfAnotherShapeIsRefused() {
    try (OnnxTarget target = open("torch-lenet")) {
      for (Shape shape : List.of(new Shape(1, 8, 9), new Shape(3, 8, 8), new Shape(63))) {
        Column.Array wrong = new Column.Array("picture", new float[shape.size()], shape);
        refuses(
            "input input takes 1x8x8 numbers a row, but rows holds " + shape,
            () -> target.scores(Tables.of("rows", wrong)));
      }
    }
  }

  @Test
  void textsWhereNumbersBelongAreNamed() {
    try (OnnxTarget target = open("sklearn-logistic")) {
      refuses(
          "column a of rows holds the text \"tall\", but the model takes a number there",
          () -> target.scores(iris(texts("a", "5", "tall"))));
    }
    try (OnnxTarget target = open("sklearn-columns")) {
      refuses(
          "column age, record rows:0: 40.5, but the model takes a whole number there",
          () -> target.scores(person(numbers("age", 40.5), texts("job", "nurse"))));
      refuses(
          "column age, record rows:0: missing, but the model takes a whole number",
          () -> target.scores(person(numbers("age", Double.NaN), texts("job", "nurse"))));
      refuses(
          "column age, record rows:0: 1.0E300",
          () -> target.scores(person(numbers("age", 1e300), texts("job", "nurse"))));
    }
  }

  @Test
  void aMissingNumberThatTheModelCannotTakeIsAnErrorAndNoNumber() {
    try (OnnxTarget target = open("sklearn-logistic")) {
      refuses(
          "record rows:1: the answer holds NaN",
          () -> target.scores(iris(numbers("a", 5, Double.NaN))));
    }
  }

  // ---- helpers

  private static Dataset iris(Column first) {
    double[] ones = new double[first.rows()];
    Arrays.fill(ones, 1);
    return Tables.of("rows", first, numbers("b", ones), numbers("c", ones), numbers("d", ones));
  }

  private static Dataset person(Column age, Column job) {
    return Tables.of("rows", age, numbers("hours", 40), job, texts("sex", "f"));
  }

  private static OnnxTarget open(String name) {
    return open(name, OnnxOptions.DEFAULTS);
  }

  private static OnnxTarget open(String name, OnnxOptions options) {
    return OnnxTarget.open(Fixture.of(name).onnx(), options);
  }

  private static void refusesOutput(String model, String typed, String message) {
    refuses(message, () -> open(model, OnnxOptions.DEFAULTS.withOutputs(List.of(typed))).close());
  }

  private static void refuses(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
