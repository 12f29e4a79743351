package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.FinalScores;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class LossTest {
  private static final FinalScores SOFTMAX = new FinalScores("scores", FinalScores.Link.SOFTMAX);

  private static Tensor floats(int columns, float... values) {
    return Tensors.of(values, values.length / columns, columns);
  }

  /** Scores of two classes whose odds are 1 to 3. */
  private static Tensor oneToThree() {
    return floats(2, 0, (float) Math.log(3));
  }

  @Test
  void crossEntropyIsMinusTheLogarithmOfTheTrueClass() {
    Tensor loss = new Loss.CrossEntropy(SOFTMAX, 0).of(oneToThree(), Tensors.of(new long[] {1}, 1));
    assertThat(loss.item()).isCloseTo(-Math.log(0.75), within(1e-6));
  }

  @Test
  void smoothedLabelsSpreadAShareOverAllClasses() {
    Tensor loss =
        new Loss.CrossEntropy(SOFTMAX, 0.2).of(oneToThree(), Tensors.of(new long[] {1}, 1));
    assertThat(loss.item()).isCloseTo(-0.9 * Math.log(0.75) - 0.1 * Math.log(0.25), within(1e-6));
  }

  @Test
  void targetsMayBeProbabilities() {
    Tensor loss = new Loss.CrossEntropy(SOFTMAX, 0).of(oneToThree(), floats(2, 0.5f, 0.5f));
    assertThat(loss.item()).isCloseTo(-0.5 * Math.log(0.75) - 0.5 * Math.log(0.25), within(1e-6));
  }

  @Test
  void errorsAreSquaredAbsoluteOrHubers() {
    Tensor predicted = floats(1, 1, 5);
    Tensor wanted = floats(1, 0, 2);
    assertThat(new Loss.SquaredError("y").of(predicted, wanted).item()).isCloseTo(5, within(1e-6));
    assertThat(new Loss.AbsoluteError("y").of(predicted, wanted).item()).isCloseTo(2, within(1e-6));
    // |1| is at delta: 1/2; |3| beyond it: 3 - 1/2.
    assertThat(new Loss.Huber("y", 1).of(predicted, wanted).item())
        .isCloseTo((0.5 + 2.5) / 2, within(1e-6));
  }

  @Test
  void binaryCrossEntropyTakesEachColumnForItself() {
    Tensor loss = new Loss.BinaryCrossEntropy("y").of(oneToThree(), floats(2, 1, 0));
    assertThat(loss.item()).isCloseTo((Math.log(2) - Math.log(0.25)) / 2, within(1e-6));
  }

  @Test
  void aRankingComparesTheFirstHalfWithTheSecond() {
    Tensor scores = floats(1, (float) Math.log(3), 0, 0, 0);
    Tensor loss = new Loss.Ranking("y").of(scores, Tensors.zeros(2));
    assertThat(loss.item()).isCloseTo((-Math.log(0.75) + Math.log(2)) / 2, within(1e-6));
  }

  @Test
  void theBestAnswerForAllIsWhatAModelMustBeat() {
    Loss entropy = new Loss.CrossEntropy(SOFTMAX, 0);
    double quarters = -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75);
    assertConstant(entropy, Tensors.of(new long[] {0, 1, 1, 1}, 4), quarters);
    assertConstant(entropy, floats(2, 0.5f, 0.5f, 0, 1), quarters);
    assertConstant(new Loss.SquaredError("y"), floats(1, 0, 2, 4), 8.0 / 3);
    assertConstant(new Loss.AbsoluteError("y"), floats(1, 0, 2, 4), 4.0 / 3);
    assertConstant(new Loss.Huber("y", 1), floats(1, 0, 2, 4), 1);
    assertConstant(new Loss.BinaryCrossEntropy("y"), floats(2, 0, 1, 1, 1), Math.log(2) / 2);
    assertConstant(new Loss.Ranking("y"), floats(1, 0, 0), Math.log(2));
  }

  @Test
  void noAnswerForAllDoesBetterThanTheSmoothedShares() {
    Loss smoothed = new Loss.CrossEntropy(SOFTMAX, 0.2);
    Tensor classes = Tensors.of(new long[] {0, 1, 1, 1}, 4);
    double best = smoothed.ofConstant(classes).orElseThrow();
    for (float odds = 0.5f; odds < 8; odds *= 1.1f) {
      Tensor answers = floats(2, 0, (float) Math.log(odds)).expand(4, 2);
      assertThat(smoothed.of(answers, classes).item()).isGreaterThan(best - 1e-6);
    }
  }

  private static void assertConstant(Loss loss, Tensor targets, double expected) {
    assertThat(loss.ofConstant(targets).orElseThrow()).isCloseTo(expected, within(1e-6));
  }

  @Test
  void columnsWithoutASoftmaxAreScores() {
    GraphBuilder g = new GraphBuilder("logits");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.initializer("w", new float[6], 2, 3);
    g.output(g.node("MatMul", "x", "w").to("y"), ElementType.FLOAT, "N", 3);
    assertThat(Loss.crossEntropy(g.build(), 0).scores())
        .isEqualTo(new FinalScores("y", FinalScores.Link.SOFTMAX));
  }

  @Test
  void whatALossNeedsIsNamed() {
    OnnxModel linear = Architectures.linearRegression().over(new Shape(2), Run.of(1));
    assertThatThrownBy(() -> Loss.crossEntropy(linear))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("softmax");
    assertThatThrownBy(() -> Loss.binaryCrossEntropy(linear))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("sigmoid");
    assertThatThrownBy(() -> Loss.huber(linear, 0)).hasMessageContaining("--huber-delta");
    assertThatThrownBy(
            () -> Loss.crossEntropy(Architectures.softmax(2).over(new Shape(2), Run.of(1)), 1))
        .hasMessageContaining("--label-smoothing");
  }
}
