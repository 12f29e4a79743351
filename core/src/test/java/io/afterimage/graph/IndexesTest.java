package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Picking, placing, running products, determinants and unique elements. */
@ExtendWith(ScopePerTest.class)
class IndexesTest {
  private static final List<String> REDUCTIONS = List.of("none", "add", "mul", "max", "min");

  @Test
  void combinesWhatMeetsAtOnePlaceAsOnnxRuntimeDoes() {
    for (String reduction : REDUCTIONS) {
      if (!reduction.equals("none")) {
        meeting(reduction).checkAgainstOnnxRuntime(1);
      }
      OperatorHarness.of("ScatterND", 18, n -> n.with("reduction", reduction))
          .drawn(3, 4)
          .input(Tensors.of(new long[] {2, 0}, 2, 1))
          .drawn(2, 4)
          .checkAgainstOnnxRuntime(1);
    }
  }

  private static OperatorHarness meeting(String reduction) {
    return OperatorHarness.of(
            "ScatterElements", 18, n -> n.with("reduction", reduction).with("axis", 1))
        .drawn(2, 4)
        .input(Tensors.of(new long[] {1, 1, -1, 0, 2, 2}, 2, 3))
        .drawn(2, 3);
  }

  @Test
  void combiningHasTheGradientsOfDifferencesTwice() {
    for (String reduction : List.of("add", "mul", "max", "min")) {
      meeting(reduction).checkGradients();
    }
  }

  @Test
  void picksWithinEachBatch() {
    OperatorHarness picked =
        OperatorHarness.of("GatherND", 13, n -> n.with("batch_dims", 1))
            .drawn(2, 3, 4, 2)
            .input(Tensors.of(new long[] {0, 1, 2, -1}, 2, 1, 2));
    picked.checkAgainstOnnxRuntime(1);
    picked.checkGradients();
  }

  @Test
  void multipliesAndAddsAlongAnAxisEitherWay() {
    double[] x = {2, 3, 4};
    assertThat(running("CumProd", x, 0, 0)).containsExactly(2, 6, 24);
    assertThat(running("CumProd", x, 1, 0)).containsExactly(1, 2, 6);
    assertThat(running("CumProd", x, 0, 1)).containsExactly(24, 12, 4);
    assertThat(running("CumProd", x, 1, 1)).containsExactly(12, 4, 1);
    assertThat(running("CumSum", x, 1, 1)).containsExactly(7, 4, 0);
    OperatorHarness.of("CumProd", 26, n -> n.with("exclusive", 1))
        .drawn(3, 4)
        .input(Tensors.scalar(1L))
        .checkGradients();
  }

  private static double[] running(String type, double[] x, long exclusive, long reverse) {
    return OperatorHarness.of(
            type, 26, n -> n.with("exclusive", exclusive).with("reverse", reverse))
        .input(Tensors.of(x, x.length))
        .input(Tensors.scalar(0L))
        .output()
        .toDoubles();
  }

  @Test
  void takesDeterminantsOfEveryMatrix() {
    OperatorHarness det =
        OperatorHarness.of("Det", 22)
            .input(Tensors.of(new double[] {1, 2, 3, 4, 2, 0, 0, 3}, 2, 2, 2));
    assertThat(det.output().toDoubles()).usingComparatorWithPrecision(1e-12).containsExactly(-2, 6);
    OperatorHarness.of("Det", 22).drawn(2, 3, 3).checkGradients();
  }

  @Test
  void findsEveryElementOnceInOrderOrAsItComes() {
    double[] x = {2, 1, 1, 3, 4, 3};
    List<Tensor> sorted = unique(1, x);
    assertThat(sorted.get(0).toDoubles()).containsExactly(1, 2, 3, 4);
    assertThat(sorted.get(1).toLongs()).containsExactly(1, 0, 3, 4);
    assertThat(sorted.get(2).toLongs()).containsExactly(1, 0, 0, 2, 3, 2);
    assertThat(sorted.get(3).toLongs()).containsExactly(2, 1, 2, 1);
    List<Tensor> asTheyCome = unique(0, x);
    assertThat(asTheyCome.get(0).toDoubles()).containsExactly(2, 1, 3, 4);
    assertThat(asTheyCome.get(2).toLongs()).containsExactly(0, 1, 1, 2, 3, 2);
  }

  private static List<Tensor> unique(long sorted, double[] x) {
    return OperatorHarness.of("Unique", 11, n -> n.with("sorted", sorted))
        .input(Tensors.of(x, x.length))
        .outputs(4);
  }

  @Test
  void findsEverySliceOnceAsOnnxRuntimeDoes() {
    for (long axis : new long[] {0, 1, -1}) {
      OperatorHarness.of("Unique", 11, n -> n.with("axis", axis))
          .input(Tensors.of(new double[] {1, 0, 0, 1, 0, 0, 2, 3, 3, 1, 0, 0}, 4, 3))
          .checkAgainstOnnxRuntime(4);
    }
    OperatorHarness.of("Unique", 11).drawn(5).checkGradients();
  }

  @Test
  void refusesPlacesThatDoNotExist() {
    OperatorHarness scatter =
        OperatorHarness.of("ScatterElements", 18)
            .drawn(2)
            .input(Tensors.of(new long[] {2}, 1))
            .drawn(1);
    assertThatThrownBy(scatter::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("an index out of range for a dimension of 2");
  }

  @Test
  void theGreatestOfNothingIsMinusInfinity() {
    Tensor y =
        OperatorHarness.of("ReduceMax", 20)
            .input(Tensors.of(new double[0], 2, 0, 3))
            .input(Tensors.of(new long[] {1}, 1))
            .output();
    assertThat(y.shape()).containsExactly(2, 1, 3);
    assertThat(y.toDoubles()).containsOnly(Double.NEGATIVE_INFINITY);
  }

  @Test
  void sumsProductsOverNamedAxesBesideAnyOthers() {
    OperatorHarness einsum =
        OperatorHarness.of("Einsum", 12, n -> n.with("equation", "...ij, ...jk -> ...ik"))
            .drawn(2, 3, 4)
            .drawn(2, 4, 5);
    assertThat(einsum.output().toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(einsum.given(0).matmul(einsum.given(1)).toDoubles());
    einsum.checkGradients();
  }

  @Test
  void takesTheGreatestOrTheLeastAlongAnAxis() {
    OperatorHarness least =
        OperatorHarness.of("TopK", 11, n -> n.with("largest", 0).with("axis", 0))
            .drawn(5, 2)
            .input(Tensors.of(new long[] {3}, 1));
    least.checkAgainstOnnxRuntime(2);
    least.checkGradients();
  }
}
