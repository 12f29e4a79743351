package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Attention, rotary embeddings and caches. */
@ExtendWith(ScopePerTest.class)
class AttentionTest {
  private static OperatorHarness heads(int opset, String... flags) {
    return OperatorHarness.of(
            "Attention",
            opset,
            n -> {
              for (String flag : flags) {
                n.with(flag, 1);
              }
              return n.with("softcap", 3.0);
            })
        .drawn(2, 4, 3, 5)
        .drawn(2, 2, 6, 5)
        .drawn(2, 2, 6, 7);
  }

  @Test
  void weighsValuesByTheSoftmaxOfTheProducts() {
    double[] scores = {1 / Math.sqrt(2), 0};
    double share = Math.exp(scores[0]) / (Math.exp(scores[0]) + Math.exp(scores[1]));
    Tensor y =
        OperatorHarness.of("Attention", 23)
            .input(Tensors.of(new double[] {1, 0}, 1, 1, 1, 2))
            .input(Tensors.of(new double[] {1, 0, 0, 1}, 1, 1, 2, 2))
            .input(Tensors.of(new double[] {10, 20}, 1, 1, 2, 1))
            .output();
    assertThat(y.item()).isCloseTo(10 * share + 20 * (1 - share), within(1e-12));
  }

  @Test
  void sharesKeysBetweenGroupsOfHeads() {
    Tensor y = heads(23).output();
    Tensor alone =
        OperatorHarness.of("Attention", 23, n -> n.with("softcap", 3.0))
            .input(heads(23).given(0).narrow(1, 3, 1))
            .input(heads(23).given(1).narrow(1, 1, 1))
            .input(heads(23).given(2).narrow(1, 1, 1))
            .output();
    assertThat(y.narrow(1, 3, 1).toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(alone.toDoubles());
  }

  @Test
  void answersZerosAndPassesNoGradientWhereNothingMayBeSeen() {
    boolean[] mask = {
      true, false, true, true, false, true, false, false, false, false, false, false
    };
    OperatorHarness attention =
        OperatorHarness.of("Attention", 23)
            .drawn(1, 1, 2, 3)
            .drawn(1, 1, 6, 3)
            .drawn(1, 1, 6, 2)
            .input(Tensors.of(mask, 2, 6));
    assertThat(attention.output().narrow(2, 1, 1).toDoubles()).containsExactly(0, 0);
    attention.checkGradients();
  }

  @Test
  void hasTheGradientsOfDifferencesTwice() {
    heads(23).checkGradients();
    heads(23, "is_causal").checkGradients();
    heads(23).drawn(3, 6).checkGradients();
    heads(25, "left_window_size", "right_window_size").checkGradients();
  }

  @Test
  void seesNothingBeyondTheLengthOfItsKeys() {
    OperatorHarness padded = heads(24).absent().absent().absent();
    Tensor y = padded.input(Tensors.of(new long[] {4, 6}, 2)).output().narrow(0, 0, 1);
    Tensor cut =
        OperatorHarness.of("Attention", 24, n -> n.with("softcap", 3.0))
            .input(padded.given(0).narrow(0, 0, 1))
            .input(padded.given(1).narrow(0, 0, 1).narrow(2, 0, 4))
            .input(padded.given(2).narrow(0, 0, 1).narrow(2, 0, 4))
            .output();
    assertThat(y.toDoubles()).usingComparatorWithPrecision(1e-12).containsExactly(cut.toDoubles());
  }

  @Test
  void refusesHeadsThatDoNotDivide() {
    OperatorHarness attention =
        OperatorHarness.of("Attention", 23, n -> n.with("q_num_heads", 4).with("kv_num_heads", 4))
            .drawn(1, 2, 6)
            .drawn(1, 2, 8)
            .drawn(1, 2, 8);
    assertThatThrownBy(attention::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("into 4 heads (q_num_heads)");
  }

  @Test
  void turnsPairsByTheAngleOfTheirPosition() {
    double angle = 0.3;
    OperatorHarness rotary =
        OperatorHarness.of("RotaryEmbedding", 23, n -> n.with("interleaved", 1))
            .input(Tensors.of(new double[] {1, 0}, 1, 1, 1, 2))
            .input(Tensors.of(new double[] {1, Math.cos(angle)}, 2, 1))
            .input(Tensors.of(new double[] {0, Math.sin(angle)}, 2, 1))
            .input(Tensors.of(new long[] {1}, 1, 1));
    assertThat(rotary.output().toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(Math.cos(angle), Math.sin(angle));
    rotary.checkGradients();
  }

  @Test
  void writesAroundTheEndOfACircularCache() {
    OperatorHarness scatter =
        OperatorHarness.of("TensorScatter", 24, n -> n.with("mode", "circular"))
            .input(Tensors.of(new double[] {1, 2, 3}, 1, 3, 1))
            .input(Tensors.of(new double[] {8, 9}, 1, 2, 1))
            .input(Tensors.of(new long[] {2}, 1));
    assertThat(scatter.output().toDoubles()).containsExactly(9, 2, 8);
    scatter.checkGradients();
  }

  @Test
  void refusesToWriteBeyondTheEndOfALinearCache() {
    OperatorHarness scatter =
        OperatorHarness.of("TensorScatter", 24)
            .drawn(1, 3, 1)
            .drawn(1, 2, 1)
            .input(Tensors.of(new long[] {2}, 1));
    assertThatThrownBy(scatter::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("an index out of range for a dimension of 3");
  }
}
