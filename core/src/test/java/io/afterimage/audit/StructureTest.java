package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.Metric;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TreeEnsembles;
import io.afterimage.policy.Gate;
import io.afterimage.target.Fixture;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructureTest {
  private static Structure read(OnnxModel model, Split split) {
    OnnxOptions options = OnnxOptions.DEFAULTS.withSample(split.members());
    try (OnnxTarget target = OnnxTarget.open(model, options)) {
      return Structure.of(target, split, Run.of(1));
    }
  }

  private static double fact(Structure structure, Gate gate) {
    Metric metric = Objects.requireNonNull(structure.facts().get(gate));
    return Objects.requireNonNull(metric.value(), String.valueOf(metric.reason()));
  }

  private static Dataset moved(Dataset rows, float by) {
    Column.Array array = (Column.Array) rows.columns().get(0);
    float[] values = new float[rows.rows() * array.shape().size()];
    for (int row = 0; row < rows.rows(); row++) {
      float[] cells = array.row(row);
      for (int i = 0; i < cells.length; i++) {
        values[row * cells.length + i] = cells[i] + by;
      }
    }
    return rows.with(new Column.Array(array.name(), values, array.shape()));
  }

  /** Rows of the very table that these models were fitted to, and rows of nobody. */
  @ParameterizedTest
  @CsvSource({
    "sklearn-knn, 1, 1",
    "sklearn-svc, 0.1, 0.9",
    "sklearn-svc-poly, 0.1, 0.9",
    "sklearn-svr, 0.1, 0.9",
    "sklearn-knn-regressor, 0.1, 0.9",
    "sklearn-gaussian-process-regressor, 0.1, 0.9",
    "sklearn-logistic, 0, 0",
    "sklearn-forest, 0, 0",
    "sklearn-mlp, 0, 0"
  })
  void findsTrainingRowsThatAModelCarries(String name, double least, double most) {
    Fixture fixture = Fixture.of(name);
    Dataset rows = fixture.rows();
    Structure ofMembers = read(fixture.onnx(), Split.of(rows, moved(rows, .033f)));
    assertThat(fact(ofMembers, Gate.ROWS_STORED)).isBetween(least, most);
    Structure ofOthers = read(fixture.onnx(), Split.of(moved(rows, .033f), rows));
    assertThat(fact(ofOthers, Gate.ROWS_STORED)).isZero();
  }

  @Test
  void doesNotCountRowsThatOthersHaveToo() {
    Fixture fixture = Fixture.of("sklearn-knn");
    assertThat(
            fact(read(fixture.onnx(), Split.of(fixture.rows(), fixture.rows())), Gate.ROWS_STORED))
        .isZero();
  }

  /** One tree that cuts the first column at 6, and one that cuts off a single row at 7. */
  @Test
  void countsTheMembersInEachLeaf() {
    Dataset rows = Fixture.of("sklearn-knn").rows();
    OnnxModel six = TreeEnsembles.classifier("six", 4, List.of(cut(6)), List.of("a", "b"));
    OnnxModel both =
        TreeEnsembles.classifier("both", 4, List.of(cut(6), cut(7)), List.of("a", "b"));
    // First columns 5.8 6 5.5 7.3 5 6.3 5 6.7 6.8 6.1 6.1 6.4: five at most 6, one above 7.
    assertThat(fact(read(six, Split.of(rows, moved(rows, 1))), Gate.RECORDS_PER_LEAF)).isEqualTo(5);
    assertThat(fact(read(both, Split.of(rows, moved(rows, 1))), Gate.RECORDS_PER_LEAF))
        .isEqualTo(1);
  }

  private static TreeEnsembles.Nodes cut(float at) {
    return new TreeEnsembles.Nodes(
        new int[] {0, -1, -1},
        new float[] {at, 0, 0},
        new int[] {1, 0, 0},
        new int[] {2, 0, 0},
        new double[][] {{}, {1, 0}, {0, 1}});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sklearn-tree", "sklearn-forest", "sklearn-boosting", "sklearn-forest-regressor"})
  void readsTheLeavesOfWhatAFrameworkWrote(String name) {
    Fixture fixture = Fixture.of(name);
    Structure structure =
        read(fixture.onnx(), Split.of(fixture.rows(), moved(fixture.rows(), .033f)));
    assertThat(fact(structure, Gate.RECORDS_PER_LEAF)).isBetween(1.0, 12.0);
  }

  /** Twelve rows less one coefficient a column and the constant, for each class but two. */
  @ParameterizedTest
  @CsvSource({"sklearn-linear, 5", "sklearn-binary, -19", "sklearn-logistic, -3"})
  void countsResidualDegreesOfFreedomOfARegression(String name, int freedom) {
    Fixture fixture = Fixture.of(name);
    Structure structure =
        read(fixture.onnx(), Split.of(fixture.rows(), moved(fixture.rows(), .033f)));
    assertThat(fixture.rows().rows()).isEqualTo(12);
    assertThat(fact(structure, Gate.RESIDUAL_DEGREES_OF_FREEDOM)).isEqualTo(freedom);
  }

  @Test
  void saysWhereAQuestionDoesNotArise() {
    Fixture fixture = Fixture.of("sklearn-mlp");
    Structure structure = read(fixture.onnx(), Split.of(fixture.rows(), fixture.rows()));
    assertThat(structure.notApplicable())
        .containsEntry(Gate.RECORDS_PER_LEAF, "the model has no trees")
        .containsEntry(
            Gate.RESIDUAL_DEGREES_OF_FREEDOM, "the model is no linear or logistic regression");
    Dataset none = fixture.rows().select(new int[0]);
    assertThat(
            read(
                    fixture.onnx(),
                    new Split(fixture.rows(), none, Optional.empty(), Optional.empty()))
                .facts())
        .containsKey(Gate.ROWS_STORED);
  }
}
