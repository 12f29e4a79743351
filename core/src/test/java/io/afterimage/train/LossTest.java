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
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class LossTest {
  private static final FinalScores SOFTMAX = new FinalScores("scores", FinalScores.Link.SOFTMAX);

  private static double value(Supplier<Tensor> loss) {
    double[] value = new double[1];
    TensorScope.run(() -> value[0] = loss.get().item());
    return value[0];
  }

  private static Tensor floats(int columns, float... values) {
    return Tensors.of(values, values.length / columns, columns);
  }

  @Test
  void crossEntropyIsMinusTheLogarithmOfTheTrueClass() {
    double found =
        value(
            () ->
                new Loss.CrossEntropy(SOFTMAX, 0)
                    .of(floats(2, 0, (float) Math.log(3)), Tensors.of(new long[] {1}, 1)));
    assertThat(found).isCloseTo(-Math.log(0.75), within(1e-6));
  }

  @Test
  void smoothedLabelsSpreadAShareOverAllClasses() {
    double found =
        value(
            () ->
                new Loss.CrossEntropy(SOFTMAX, 0.2)
                    .of(floats(2, 0, (float) Math.log(3)), Tensors.of(new long[] {1}, 1)));
    assertThat(found).isCloseTo(-0.9 * Math.log(0.75) - 0.1 * Math.log(0.25), within(1e-6));
  }

  @Test
  void targetsMayBeProbabilities() {
    double found =
        value(
            () ->
                new Loss.CrossEntropy(SOFTMAX, 0)
                    .of(floats(2, 0, (float) Math.log(3)), floats(2, 0.5f, 0.5f)));
    assertThat(found).isCloseTo(-0.5 * Math.log(0.75) - 0.5 * Math.log(0.25), within(1e-6));
  }

  @Test
  void errorsAreSquaredAbsoluteOrHubers() {
    assertThat(value(() -> new Loss.SquaredError("y").of(floats(1, 1, 5), floats(1, 0, 2))))
        .isCloseTo(5, within(1e-6));
    assertThat(value(() -> new Loss.AbsoluteError("y").of(floats(1, 1, 5), floats(1, 0, 2))))
        .isCloseTo(2, within(1e-6));
    // |1| is at delta: 1/2; |3| beyond it: 3 - 1/2.
    assertThat(value(() -> new Loss.Huber("y", 1).of(floats(1, 1, 5), floats(1, 0, 2))))
        .isCloseTo((0.5 + 2.5) / 2, within(1e-6));
  }

  @Test
  void binaryCrossEntropyTakesEachColumnForItself() {
    assertThat(
            value(
                () ->
                    new Loss.BinaryCrossEntropy("y")
                        .of(floats(2, 0, (float) Math.log(3)), floats(2, 1, 0))))
        .isCloseTo((Math.log(2) - Math.log(0.25)) / 2, within(1e-6));
  }

  @Test
  void aRankingComparesTheFirstHalfWithTheSecond() {
    assertThat(
            value(
                () ->
                    new Loss.Ranking("y")
                        .of(floats(1, (float) Math.log(3), 0, 0, 0), Tensors.zeros(2))))
        .isCloseTo((-Math.log(0.75) + Math.log(2)) / 2, within(1e-6));
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
