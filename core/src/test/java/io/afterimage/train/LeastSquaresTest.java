package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LeastSquaresTest {

  @Test
  void findsTheLineThroughPointsOnALine() {
    Matrix table = Tables.normal(50, 4, 1);
    double[] targets = new double[50];
    Arrays.setAll(targets, row -> 3 + 2.0 * table.at(row, 0) - 0.5 * table.at(row, 3));
    LeastSquares line = LeastSquares.fit(table, targets, 0);
    assertThat(line.weights()).containsExactly(new double[] {2, 0, 0, -0.5}, within(1e-10));
    assertThat(line.intercept()).isCloseTo(3, within(1e-10));
  }

  @Test
  void itsErrorsAreOrthogonalToEveryColumn() {
    Matrix table = Tables.normal(80, 5, 2);
    double[] targets = Run.of(3).random("targets").doubles(80).toArray();
    LeastSquares fitted = LeastSquares.fit(table, targets, 0);
    for (int column = -1; column < 5; column++) {
      double product = 0;
      for (int row = 0; row < 80; row++) {
        double value = column < 0 ? 1 : table.at(row, column);
        product += value * (targets[row] - fitted.predict(table, row));
      }
      assertThat(product).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void indicatorsThatAddUpToOneAreFittedWithTheDefaultRidge() {
    float[] indicators = {1, 0, 1, 0, 0, 1, 0, 1};
    double[] targets = {1, 3, 10, 20};
    LeastSquares fitted =
        LeastSquares.fit(new Matrix(indicators, 2), targets, LeastSquares.DEFAULT_RIDGE);
    Matrix table = new Matrix(indicators, 2);
    assertThat(fitted.predict(table, 0)).isCloseTo(2, within(1e-6));
    assertThat(fitted.predict(table, 2)).isCloseTo(15, within(1e-6));
    assertThatThrownBy(() -> LeastSquares.fit(table, targets, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("raise ridge");
  }

  @Test
  void onnxRuntimeAnswersAsTheFitDoesOnATablesOwnColumns() {
    Dataset rows = Tables.mixed(100, 4);
    Encoder encoder = Encoder.fit(rows);
    Matrix table = new Matrix(encoder.encode(rows), encoder.width());
    double[] targets = Run.of(5).random("targets").doubles(100).toArray();
    LeastSquares fitted = LeastSquares.fit(table, targets, LeastSquares.DEFAULT_RIDGE);
    try (OnnxTarget target = OnnxTarget.open(fitted.model(encoder), OnnxOptions.DEFAULTS)) {
      double[] answers = target.scores(rows).values();
      for (int row = 0; row < 100; row++) {
        assertThat(answers[row]).isCloseTo(fitted.predict(table, row), within(1e-5));
      }
    }
  }

  @Test
  void aTableThatCannotBeFittedIsNamed() {
    Matrix one = new Matrix(new float[] {1}, 1);
    assertThatThrownBy(() -> LeastSquares.fit(one, new double[] {1}, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("two rows");
    Matrix two = new Matrix(new float[] {1, 2}, 1);
    assertThatThrownBy(() -> LeastSquares.fit(two, new double[] {1, Double.NaN}, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("label of row 1 is NaN");
  }
}
