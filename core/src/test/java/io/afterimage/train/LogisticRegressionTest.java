package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  private static final int ROWS = 120;
  private static final int COLUMNS = 3;
  private static final int CLASSES = 3;

  /** Columns of deviation 1 and mean 0, on which the fit's scaling changes nothing. */
  private static Matrix standardised(long seed) {
    RandomGenerator random = Run.of(seed).random("table");
    float[] values = new float[ROWS * COLUMNS];
    for (int column = 0; column < COLUMNS; column++) {
      double[] drawn = random.doubles(ROWS).toArray();
      double mean = IntStream.range(0, ROWS).mapToDouble(i -> drawn[i]).average().orElseThrow();
      double variance =
          IntStream.range(0, ROWS).mapToDouble(i -> Math.pow(drawn[i] - mean, 2)).sum() / ROWS;
      for (int row = 0; row < ROWS; row++) {
        values[row * COLUMNS + column] = (float) ((drawn[row] - mean) / Math.sqrt(variance));
      }
    }
    return new Matrix(values, COLUMNS);
  }

  private static int[] labels(Matrix table, long seed) {
    RandomGenerator random = Run.of(seed).random("labels");
    return IntStream.range(0, ROWS)
        .map(row -> table.at(row, 0) + random.nextGaussian() > 0.5 ? 2 : random.nextInt(2))
        .toArray();
  }

  @Test
  void agreesWithPlainGradientDescent() {
    Matrix table = standardised(1);
    int[] labels = labels(table, 2);
    LogisticRegression fitted = LogisticRegression.fit(table, labels, CLASSES, 1, Run.of(1));
    double[][] slow = descend(table, labels, 1.0 / ROWS);
    LogisticRegression obvious =
        new LogisticRegression(
            IntStream.range(0, CLASSES)
                .boxed()
                .flatMapToDouble(c -> java.util.Arrays.stream(slow[c]))
                .toArray(),
            CLASSES,
            COLUMNS);
    for (int row = 0; row < ROWS; row++) {
      assertThat(fitted.probabilities(table, row))
          .containsExactly(obvious.probabilities(table, row), within(1e-4));
    }
  }

  @Test
  void theUnitOfAColumnDoesNotMatter() {
    Matrix table = standardised(3);
    int[] labels = labels(table, 4);
    float[] inGrams = table.values().clone();
    for (int i = 0; i < inGrams.length; i += COLUMNS) {
      inGrams[i] *= 1000;
    }
    Matrix other = new Matrix(inGrams, COLUMNS);
    LogisticRegression a = LogisticRegression.fit(table, labels, CLASSES, 1, Run.of(1));
    LogisticRegression b = LogisticRegression.fit(other, labels, CLASSES, 1, Run.of(1));
    for (int row = 0; row < ROWS; row++) {
      assertThat(a.probabilities(table, row))
          .containsExactly(b.probabilities(other, row), within(1e-4));
    }
  }

  @Test
  void withoutUsefulColumnsItGivesTheSharesOfTheClasses() {
    Matrix table = new Matrix(new float[10], 1);
    int[] labels = {0, 0, 0, 0, 0, 0, 0, 1, 1, 2};
    assertThat(LogisticRegression.fit(table, labels, CLASSES, 1, Run.of(1)).probabilities(table, 0))
        .containsExactly(new double[] {0.7, 0.2, 0.1}, within(1e-4));
  }

  @Test
  void settingsAndDataOutOfBoundsAreNamed() {
    Matrix none = new Matrix(new float[0], 1);
    Matrix one = new Matrix(new float[] {Float.POSITIVE_INFINITY}, 1);
    assertThatThrownBy(() -> LogisticRegression.fit(none, new int[0], 2, 1, Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("needs rows");
    assertThatThrownBy(() -> LogisticRegression.fit(one, new int[1], 2, 1, Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> LogisticRegression.fit(one, new int[1], 2, -1, Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("ridge");
  }

  private static double[][] descend(Matrix table, int[] labels, double ridge) {
    double[][] weights = new double[CLASSES][COLUMNS + 1];
    for (int step = 0; step < 20_000; step++) {
      double[][] gradient = new double[CLASSES][COLUMNS + 1];
      for (int row = 0; row < ROWS; row++) {
        double[] p = softmax(weights, table, row);
        for (int c = 0; c < CLASSES; c++) {
          double error = p[c] - (labels[row] == c ? 1 : 0);
          for (int column = 0; column <= COLUMNS; column++) {
            gradient[c][column] += error * value(table, row, column) / ROWS;
          }
        }
      }
      for (int c = 0; c < CLASSES; c++) {
        for (int column = 0; column <= COLUMNS; column++) {
          double penalty = column < COLUMNS ? ridge * weights[c][column] : 0;
          weights[c][column] -= 0.5 * (gradient[c][column] + penalty);
        }
      }
    }
    return weights;
  }

  private static double[] softmax(double[][] weights, Matrix table, int row) {
    double[] p = new double[CLASSES];
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      for (int column = 0; column <= COLUMNS; column++) {
        p[c] += weights[c][column] * value(table, row, column);
      }
      p[c] = Math.exp(p[c]);
      sum += p[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      p[c] /= sum;
    }
    return p;
  }

  private static double value(Matrix table, int row, int column) {
    return column < COLUMNS ? table.at(row, column) : 1;
  }
}
