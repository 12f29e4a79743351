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

/** Normalisation with the statistics of the batch, and what layers say beside it. */
@ExtendWith(ScopePerTest.class)
class NormalisationTest {
  private static OperatorHarness batch(long opset, String flag, long value) {
    return OperatorHarness.of(
            "BatchNormalization", opset, n -> n.with(flag, value).with("momentum", 0.75))
        .drawn(4, 3, 5)
        .drawn(3)
        .drawn(3)
        .drawn(3)
        .input(Tensors.of(new double[] {0.5, 1, 2}, 3));
  }

  @Test
  void movesTheRunningStatisticsTowardsThoseOfTheBatch() {
    OperatorHarness norm = batch(15, "training_mode", 1);
    List<Tensor> outputs = norm.outputs(3);
    Tensor own = norm.given(0).mean(false, 0, 2);
    assertThat(outputs.get(1).toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(norm.given(3).mul(0.75).add(own.mul(0.25)).toDoubles());
    double[] shifts = outputs.get(0).mean(false, 0, 2).toDoubles();
    assertThat(shifts)
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(norm.given(2).toDoubles());
    norm.checkGradients(3);
  }

  @Test
  void normalisesEveryPlaceByItselfWhereItIsNotSpatial() {
    OperatorHarness norm =
        OperatorHarness.of("BatchNormalization", 7, n -> n.with("spatial", 0))
            .drawn(4, 3, 2)
            .drawn(3, 2)
            .drawn(3, 2)
            .drawn(3, 2)
            .input(Tensors.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2));
    double x = norm.given(0).toDoubles()[7];
    double expected =
        (x - norm.given(3).toDoubles()[1])
                / Math.sqrt(2 + (double) 1e-5f)
                * norm.given(1).toDoubles()[1]
            + norm.given(2).toDoubles()[1];
    assertThat(norm.output().toDoubles()[7]).isCloseTo(expected, within(1e-12));
    norm.checkGradients();
  }

  @Test
  void layersTellTheirMeanAndDeviation() {
    OperatorHarness norm =
        OperatorHarness.of("LayerNormalization", 17, n -> n.with("axis", 1))
            .drawn(3, 4, 2)
            .drawn(4, 2)
            .drawn(4, 2);
    norm.checkAgainstOnnxRuntime(3);
    norm.checkGradients(3);
  }

  @Test
  void everyNormalisationHasTheGradientsOfDifferencesTwice() {
    OperatorHarness.of("InstanceNormalization", 22)
        .drawn(2, 3, 5)
        .drawn(3)
        .drawn(3)
        .checkGradients();
    OperatorHarness.of("GroupNormalization", 21, n -> n.with("num_groups", 2))
        .drawn(2, 4, 3)
        .drawn(4)
        .drawn(4)
        .checkGradients();
    OperatorHarness.of("RMSNormalization", 23).drawn(3, 4).drawn(4).checkGradients();
    OperatorHarness.of("LpNormalization", 22).drawn(3, 4).checkGradients();
    OperatorHarness.of("MeanVarianceNormalization", 13).drawn(2, 3, 2, 2).checkGradients();
    OperatorHarness.of("LRN", 13, n -> n.with("size", 3)).drawn(2, 4, 3, 3).checkGradients();
  }

  @Test
  void refusesScalesOfAnotherShape() {
    OperatorHarness norm = OperatorHarness.of("LayerNormalization", 17).drawn(3, 4).drawn(3);
    assertThatThrownBy(norm::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("LayerNormalization \"y0\"");
  }

  @Test
  void aConstantChannelHasAFiniteGradient() {
    Tensor x = Tensors.of(new double[] {2, 2, 2, 2, 1, 2, 3, 4}, 1, 2, 2, 2);
    OneNode norm = OneNode.of("MeanVarianceNormalization");
    double[] gradient = OneNode.gradient(x, t -> norm.run(t).square());
    assertThat(gradient).usingComparatorWithPrecision(1e-6).containsExactly(new double[8]);
  }

  @Test
  void givenStatisticsHaveGradientsAsWell() {
    OperatorHarness.of("BatchNormalization", 15)
        .drawn(4, 3, 5)
        .drawn(3)
        .drawn(3)
        .drawn(3)
        .input(Tensors.of(new double[] {0.5, 1, 2}, 3))
        .checkGradients();
  }
}
