package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps of optimisers worked out by hand; the suite of ONNX has more. */
@ExtendWith(ScopePerTest.class)
class UpdatesTest {
  private static OneNode node(String type) {
    return OneNode.of("ai.onnx.preview.training", type, 1);
  }

  private static Tensor one(double value) {
    return Tensors.of(new double[] {value}, 1);
  }

  private static Tensor steps(long count) {
    return Tensors.scalar(count);
  }

  @Test
  void adagradDividesByTheRootOfAllSquaredGradients() {
    List<Tensor> outputs =
        node("Adagrad")
            .with("decay_factor", 0.5)
            .with("epsilon", 0)
            .outputs(2, Tensors.scalar(0.3), steps(2), one(1), one(4), one(9));
    // r = 0.3 / (1 + 2 * 0.5), H = 9 + 16
    assertThat(outputs.get(0).item()).isEqualTo(1 - 0.15 * 4 / 5, within(1e-7));
    assertThat(outputs.get(1).item()).isEqualTo(25);
  }

  @Test
  void adamCorrectsTheBiasOfItsMeans() {
    List<Tensor> outputs =
        node("Adam")
            .with("alpha", 0.5)
            .with("beta", 0.75)
            .with("epsilon", 0.0)
            .outputs(3, Tensors.scalar(0.1), steps(1), one(1), one(2), one(0), one(0));
    // After one step the corrected means are the gradient and its square.
    assertThat(outputs.get(0).item()).isEqualTo(0.9, within(1e-7));
    assertThat(outputs.get(1).item()).isEqualTo(1);
    assertThat(outputs.get(2).item()).isEqualTo(1);
  }

  @Test
  void momentumMovesBothParametersInOneNode() {
    OneNode standard = node("Momentum").with("alpha", 0.5).with("beta", 2.0);
    List<Tensor> outputs =
        standard
            .with("mode", "standard")
            .outputs(
                4, Tensors.scalar(0.1), steps(3), one(1), one(10), one(3), one(-3), one(4), one(2));
    // V = 0.5 V + 2 G
    assertThat(outputs.stream().mapToDouble(Tensor::item).toArray())
        .containsExactly(new double[] {1 - 0.8, 10 + 0.5, 8, -5}, within(1e-7));
  }

  @Test
  void theFirstStepOfMomentumTakesTheWholeGradientAndNesterovLooksAhead() {
    List<Tensor> outputs =
        node("Momentum")
            .with("alpha", 0.5)
            .with("beta", 7.0)
            .with("mode", "nesterov")
            .outputs(2, Tensors.scalar(0.1), steps(0), one(1), one(3), one(4));
    assertThat(outputs.get(1).item()).isEqualTo(5);
    assertThat(outputs.get(0).item()).isEqualTo(1 - 0.1 * (3 + 0.5 * 5), within(1e-7));
  }

  @Test
  void inputsThatDoNotPairUpAreRefused() {
    assertThatThrownBy(() -> node("Adagrad").run(one(1), steps(1), one(1), one(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is given 4 inputs, not 2 and 3 for each");
  }
}
