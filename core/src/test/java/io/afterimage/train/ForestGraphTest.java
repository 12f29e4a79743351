package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Predictions;
import io.afterimage.train.Forests.Settings;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForestGraphTest {

  @Test
  void onnxRuntimeAnswersAsTheForestDoesOnATablesOwnColumns() {
    Dataset rows = Tables.mixed(300, 1);
    Encoder encoder = Encoder.fit(rows);
    Matrix table = new Matrix(encoder.encode(rows), encoder.width());
    for (Settings settings :
        List.of(Settings.forest(25, encoder.width()), Settings.extraTrees(25, encoder.width()))) {
      Forest forest = Forests.grow(table, rows.classes(), 3, settings, Run.of(2));
      assertSame(forest, table, ForestGraph.write(forest, List.of("a", "b", "c"), encoder), rows);
    }
  }

  @Test
  void onnxRuntimeAnswersAsTheForestDoesOnArraysWithNeighbouringFloats() {
    RandomGenerator random = Run.of(3).random("rows");
    float[] values = new float[400 * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1e7f + random.nextInt(4);
    }
    int[] labels = random.ints(400, 0, 2).toArray();
    Matrix table = new Matrix(values, 2);
    Forest forest = Forests.grow(table, labels, 2, Settings.forest(10, 2), Run.of(4));
    Dataset rows =
        Dataset.of(
            "arrays",
            new Schema(Map.of("x", Role.FEATURE)),
            List.of(new Column.Array("x", values, new Shape(2))));
    assertSame(forest, table, ForestGraph.write(forest, List.of("no", "yes")), rows);
  }

  private static void assertSame(Forest forest, Matrix table, OnnxModel model, Dataset rows) {
    try (OnnxTarget target = OnnxTarget.open(model, OnnxOptions.DEFAULTS)) {
      Predictions answers = target.scores(rows);
      IntStream.range(0, rows.rows())
          .forEach(
              row ->
                  assertThat(answers.row(row))
                      .containsExactly(forest.probabilities(table, row), within(1e-6)));
    }
  }
}
