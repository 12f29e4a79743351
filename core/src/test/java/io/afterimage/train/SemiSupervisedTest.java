package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.AdversarialStep.Game;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The game whose critic names classes, number by number. */
@ExtendWith(ScopePerTest.class)
class SemiSupervisedTest {
  private static final int ROWS = 6;
  private static final int CLASSES = 3;
  private static final int VALUES = 5;
  private static final float[] REAL = drawn("real", CLASSES);
  private static final float[] MADE = drawn("made", CLASSES);

  private static float[] drawn(String key, int columns) {
    float[] numbers = Gaussians.floats(ROWS * columns, Run.of(1).random(key));
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] *= 3;
    }
    return numbers;
  }

  private static Tensor rows(float[] numbers) {
    return Tensors.of(numbers, ROWS, numbers.length / ROWS);
  }

  /** Probabilities of a softmax. */
  private static double[] softmax(double... numbers) {
    double sum = Arrays.stream(numbers).map(Math::exp).sum();
    return Arrays.stream(numbers).map(x -> Math.exp(x) / sum).toArray();
  }

  private static double[] row(float[] numbers, int row, int columns) {
    return IntStream.range(row * columns, (row + 1) * columns)
        .mapToDouble(i -> numbers[i])
        .toArray();
  }

  /** Probabilities of the classes, and in the end of what was made. */
  private static double[] withMade(float[] numbers, int row) {
    return softmax(Arrays.copyOf(row(numbers, row, CLASSES), CLASSES + 1));
  }

  private static float[] names() {
    float[] names = new float[ROWS * CLASSES];
    for (int row = 0; row < ROWS; row++) {
      double[] soft = softmax(row(drawn("names", CLASSES), row, CLASSES));
      for (int c = 0; c < CLASSES; c++) {
        names[row * CLASSES + c] = (float) soft[c];
      }
    }
    return names;
  }

  @Test
  void theCriticsLossIsThatOfASoftmaxWithOneClassMore() {
    double slowly = 0;
    for (int row = 0; row < ROWS; row++) {
      slowly -= Math.log(1 - withMade(REAL, row)[CLASSES]) / ROWS;
      slowly -= Math.log(withMade(MADE, row)[CLASSES]) / ROWS;
      double[] named = softmax(row(REAL, row, CLASSES));
      for (int c = 0; c < CLASSES; c++) {
        slowly -= names()[row * CLASSES + c] * Math.log(named[c]) / ROWS;
      }
    }
    double loss = SemiSupervised.critic(rows(REAL), rows(MADE), rows(names())).item();
    assertThat(loss).isCloseTo(slowly, within(1e-4));
  }

  @Test
  void theCriticsLossIsFiniteWhereItIsVerySure() {
    float[] sure = new float[ROWS * CLASSES];
    Arrays.fill(sure, 500);
    double loss = SemiSupervised.critic(rows(sure), rows(sure), rows(names())).item();
    assertThat(loss).isBetween(500.0, 510.0);
  }

  @Test
  void theGeneratorsLossIsTheDistanceOfMeansAndSomeEntropy() {
    float[] real = drawn("inside real", VALUES);
    float[] made = drawn("inside made", VALUES);
    double slowly = 0;
    for (int i = 0; i < VALUES; i++) {
      double apart = 0;
      for (int row = 0; row < ROWS; row++) {
        apart += (real[row * VALUES + i] - made[row * VALUES + i]) / (double) ROWS;
      }
      slowly += apart * apart;
    }
    double entropy = 0;
    for (int row = 0; row < ROWS; row++) {
      for (double p : softmax(row(MADE, row, CLASSES))) {
        entropy -= p * Math.log(p) / ROWS;
      }
    }
    double loss = SemiSupervised.generator(rows(real), rows(made), rows(MADE)).item();
    assertThat(loss).isCloseTo(slowly + 1e-4 * entropy, within(1e-5));
  }

  @Test
  void aCriticsScoreIsTheLogarithmOfTheOddsOfAllItNames() {
    OnnxModel critic =
        Critics.naming(new PictureSpace(Patterns.SHAPE, 0, 1, 0), CLASSES, 2, Run.of(2));
    float[] pictures = Patterns.pictures(ROWS);
    try (Interpreter interpreter = Interpreter.of(critic)) {
      Map<String, Value> found =
          interpreter.run(
              Map.of(Architecture.INPUT, Value.of(Tensors.of(pictures, ROWS, 1, 8, 8))),
              List.of(Critics.SCORE, Critics.NAMES, Critics.FEATURES));
      float[] names = numbers(found, Critics.NAMES).toFloats();
      float[] scores = numbers(found, Critics.SCORE).toFloats();
      for (int row = 0; row < ROWS; row++) {
        double real = 1 - withMade(names, row)[CLASSES];
        assertThat(scores[row]).isCloseTo((float) Math.log(real / (1 - real)), within(1e-4f));
      }
      assertThat(numbers(found, Critics.FEATURES).size(0)).isEqualTo(ROWS);
    }
    assertThat(critic.outputs().get(0).name()).isEqualTo(Critics.SCORE);
  }

  private static Tensor numbers(Map<String, Value> found, String name) {
    return ((Value.Numbers) Objects.requireNonNull(found.get(name), name)).tensor();
  }

  @Test
  void aCriticThatNamesNothingIsRefused() {
    Shape plane = new Shape(2);
    OnnxModel generator = Architectures.mlp(new Head.Value(), 2).over(plane, Run.of(3));
    Examples rows = Examples.ofThemselves(Architecture.INPUT, new float[4], plane);
    Optimiser adam = Optimiser.Adam.of(1e-3);
    AdversarialStep.Settings settings =
        new AdversarialStep.Settings(Game.SEMI_SUPERVISED, 1, 0, adam, adam);
    assertThatThrownBy(() -> new AdversarialStep(generator, generator, rows, settings, Run.of(4)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("must have outputs names and features, but");
  }
}
