package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TreeShape;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Predictions;
import io.afterimage.target.Task;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import org.junit.jupiter.api.Test;

class BoostedTreesTest {
  private static final int ROWS = 500;
  private static final BoostedTrees FEW = new BoostedTrees(20, 5, 12, 0.3);
  private static final Map<String, Object> SETTINGS =
      Map.of(
          "tree_method",
          "hist",
          "grow_policy",
          "lossguide",
          "max_depth",
          5,
          "max_leaves",
          12,
          "eta",
          0.3,
          "nthread",
          1);

  @Test
  void onnxRuntimeAnswersWhatXgboostItselfAnswersOfTwoClasses() throws Exception {
    LabelledTable rows = rows(2, 1);
    float[][] expected = xgboost(rows, Map.of("objective", "binary:logistic", "base_score", 0.5));
    Predictions answers = answers(FEW.grow(rows, Run.of(1)), rows.table());
    for (int row = 0; row < ROWS; row++) {
      assertThat(answers.row(row))
          .containsExactly(new double[] {1 - expected[row][0], expected[row][0]}, within(1e-5));
    }
  }

  @Test
  void onnxRuntimeAnswersWhatXgboostItselfAnswersOfThreeClasses() throws Exception {
    LabelledTable rows = rows(3, 2);
    float[][] expected = xgboost(rows, Map.of("objective", "multi:softprob", "num_class", 3));
    Predictions answers = answers(FEW.grow(rows, Run.of(1)), rows.table());
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < 3; c++) {
        assertThat(answers.get(row, c)).isCloseTo(expected[row][c], within(1e-5));
      }
    }
  }

  @Test
  void onnxRuntimeAnswersWhatXgboostItselfAnswersOfValues() throws Exception {
    LabelledTable rows = rows(0, 3);
    double mean = Arrays.stream(rows.answers()).average().orElseThrow();
    float[][] expected =
        xgboost(rows, Map.of("objective", "reg:squarederror", "base_score", (float) mean));
    Predictions answers = answers(FEW.grow(rows, Run.of(1)), rows.table());
    for (int row = 0; row < ROWS; row++) {
      assertThat(answers.get(row, 0)).isCloseTo(expected[row][0], within(1e-4));
    }
  }

  @Test
  void theSameRowsGiveTheSameModel() {
    LabelledTable rows = rows(3, 4);
    assertThat(FEW.grow(rows, Run.of(1)).sha256()).isEqualTo(FEW.grow(rows, Run.of(2)).sha256());
  }

  @Test
  void treesKeepTheirBounds() {
    TreeShape shape = TreeShape.of(FEW.grow(rows(3, 5), Run.of(1)), true).orElseThrow();
    assertThat(shape.boosted()).isTrue();
    assertThat(shape.rounds()).isEqualTo(20);
    assertThat(shape.trees()).isEqualTo(60);
    assertThat(shape.depth()).isBetween(2, 5);
    assertThat(shape.mostLeaves()).isBetween(4, 12);
  }

  @Test
  void aClassThatNobodyHasIsImprobable() {
    LabelledTable two = rows(2, 6);
    LabelledTable rows = new LabelledTable(two.table(), two.answers(), List.of("a", "b", "c"));
    Predictions answers = answers(FEW.grow(rows, Run.of(1)), rows.table());
    assertThat(answers.get(0, 2)).isLessThan(0.1);
  }

  @Test
  void rowsThatCannotBeLearnedFromAreRefused() {
    Matrix infinite = new Matrix(new float[] {1, Float.POSITIVE_INFINITY}, 1);
    LabelledTable rows = new LabelledTable(infinite, new double[2], List.of("a", "b"));
    assertThatThrownBy(() -> FEW.grow(rows, Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("row 1, encoded column 0 is Infinity");
    LabelledTable huge =
        new LabelledTable(new Matrix(new float[2], 1), new double[] {0, 1e300}, List.of());
    assertThatThrownBy(() -> FEW.grow(huge, Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("row 1 is labelled 1.0E300, but boosted trees need values");
    assertThatThrownBy(() -> new BoostedTrees(0, 5, 12, 0.3))
        .isInstanceOf(BadInputException.class)
        .hasMessage("rounds must be between 1 and 10000, but is 0");
  }

  /** Rows whose class, or value where there are none, depends on two of four columns. */
  private static LabelledTable rows(int classes, long seed) {
    Matrix table = Tables.normal(ROWS, 4, seed);
    double[] answers =
        IntStream.range(0, ROWS)
            .mapToDouble(row -> table.at(row, 0) + 0.5 * table.at(row, 1) * table.at(row, 2))
            .map(v -> classes == 0 ? v : Math.min(classes - 1, Math.floor(Math.abs(v))))
            .toArray();
    return new LabelledTable(
        table, answers, IntStream.range(0, classes).mapToObj(c -> "class " + c).toList());
  }

  private static float[][] xgboost(LabelledTable rows, Map<String, Object> task) throws Exception {
    Map<String, Object> settings = new HashMap<>(SETTINGS);
    settings.putAll(task);
    DMatrix given = new DMatrix(rows.table().values(), ROWS, rows.table().columns(), Float.NaN);
    float[] answers = new float[ROWS];
    IntStream.range(0, ROWS).forEach(row -> answers[row] = (float) rows.answers()[row]);
    given.setLabel(answers);
    Booster booster = XGBoost.train(given, settings, 20, Map.of(), null, null);
    float[][] predicted = booster.predict(given);
    booster.dispose();
    given.dispose();
    return predicted;
  }

  private static Predictions answers(OnnxModel model, Matrix table) {
    Dataset rows =
        Dataset.of(
            "rows",
            new Schema(Map.of("x", Role.FEATURE)),
            List.of(new Column.Array("x", table.values(), new Shape(table.columns()))));
    try (OnnxTarget target = OnnxTarget.open(model, OnnxOptions.DEFAULTS)) {
      Predictions answers = target.scores(rows);
      Task task = target.info().task();
      assertThat(task == Task.REGRESSION).isEqualTo(answers.columns() == 1);
      return answers;
    }
  }
}
