package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Resize, grids, regions and folding against ONNX Runtime, slow obvious ways, and differences. */
@ExtendWith(ScopePerTest.class)
class VisionTest {
  // ---- resizing

  private static OperatorHarness resized(String mode, String transform, double scale) {
    return OperatorHarness.of(
            "Resize",
            19,
            n ->
                n.with("mode", mode)
                    .with("coordinate_transformation_mode", transform)
                    .with("axes", new long[] {2, 3}))
        .drawn(1, 2, 4, 6)
        .absent()
        .input(Tensors.of(new double[] {scale, scale}, 2));
  }

  @Test
  void resizesAsOnnxRuntimeDoes() {
    for (String mode : List.of("nearest", "linear", "cubic")) {
      for (String transform :
          List.of("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners")) {
        resized(mode, transform, 1.5).checkAgainstOnnxRuntime(1);
        resized(mode, transform, 0.5).checkAgainstOnnxRuntime(1);
      }
    }
  }

  @Test
  void smoothsAsOnnxRuntimeDoesWhereItShrinks() {
    for (String mode : List.of("linear", "cubic")) {
      OperatorHarness.of(
              "Resize",
              19,
              n -> n.with("mode", mode).with("antialias", 1).with("axes", new long[] {2, 3}))
          .drawn(1, 2, 8, 10)
          .absent()
          .input(Tensors.of(new double[] {0.5, 0.25}, 2))
          .checkAgainstOnnxRuntime(1);
    }
  }

  @Test
  void repeatsElementsWhereTheScaleIsWhole() {
    Tensor y =
        OperatorHarness.of("Upsample", 9)
            .input(Tensors.of(new double[] {1, 2}, 1, 1, 1, 2))
            .input(Tensors.of(new double[] {1, 1, 2, 3}, 4))
            .output();
    assertThat(y.toDoubles()).containsExactly(1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2);
  }

  @Test
  void refusesToResizeToNothingThatFits() {
    OperatorHarness huge = resized("linear", "half_pixel", 1e9);
    assertThatThrownBy(huge::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("too large");
    OperatorHarness negative = resized("linear", "half_pixel", -1);
    assertThatThrownBy(negative::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has scale -1.0");
  }

  @Test
  void resizingHasTheGradientsOfDifferencesTwice() {
    for (String mode : List.of("nearest", "linear", "cubic")) {
      OperatorHarness.of("Resize", 13, n -> n.with("mode", mode))
          .drawn(1, 1, 3, 4)
          .absent()
          .absent()
          .input(Tensors.of(new long[] {1, 1, 5, 2}, 4))
          .checkGradients();
    }
  }

  // ---- grids

  private static OperatorHarness sampled(String mode, String padding, int aligned) {
    return OperatorHarness.of(
            "GridSample",
            20,
            n -> n.with("mode", mode).with("padding_mode", padding).with("align_corners", aligned))
        .drawn(2, 3, 4, 5)
        .drawn(2, 6, 2, 2);
  }

  @Test
  void samplesGridsAsOnnxRuntimeDoesWithEveryModePaddingAndAlignment() {
    for (String mode : List.of("nearest", "linear", "cubic")) {
      for (String padding : List.of("zeros", "border", "reflection")) {
        sampled(mode, padding, 0).checkAgainstOnnxRuntime(1);
        sampled(mode, padding, 1).checkAgainstOnnxRuntime(1);
      }
    }
  }

  @Test
  void samplesVolumesAsOnnxRuntimeDoes() {
    OperatorHarness.of("GridSample", 20, n -> n.with("padding_mode", "border"))
        .drawn(1, 2, 3, 4, 5)
        .drawn(1, 2, 3, 2, 3)
        .checkAgainstOnnxRuntime(1);
  }

  @Test
  void samplingHasTheGradientsOfDifferencesTwice() {
    for (String mode : List.of("linear", "cubic")) {
      for (String padding : List.of("zeros", "border", "reflection")) {
        sampled(mode, padding, 0).checkGradients();
        sampled(mode, padding, 1).checkGradients();
      }
    }
  }

  @Test
  void aGridOfTheIdentityGivesThePictureBack() {
    for (int aligned : new int[] {0, 1}) {
      Tensor grid =
          OperatorHarness.of("AffineGrid", 20, n -> n.with("align_corners", aligned))
              .input(Tensors.of(new double[] {1, 0, 0, 0, 1, 0}, 1, 2, 3))
              .input(Tensors.of(new long[] {1, 1, 3, 4}, 4))
              .output();
      OperatorHarness sample =
          OperatorHarness.of("GridSample", 20, n -> n.with("align_corners", aligned))
              .drawn(1, 1, 3, 4)
              .input(grid);
      assertThat(sample.output().toDoubles())
          .usingComparatorWithPrecision(1e-12)
          .containsExactly(sample.given(0).toDoubles());
    }
  }

  @Test
  void convolvesPlainlyWhereNoTapMoves() {
    OperatorHarness deformed =
        OperatorHarness.of(
                "DeformConv", 19, n -> n.with("pads", new long[] {1, 0, 1, 0}).with("group", 2))
            .drawn(2, 4, 5, 5)
            .drawn(6, 2, 3, 2)
            .input(Tensors.zeros(DType.DOUBLE, 2, 12, 5, 4));
    Tensor plain =
        OperatorHarness.of(
                "Conv", 19, n -> n.with("pads", new long[] {1, 0, 1, 0}).with("group", 2))
            .input(deformed.given(0))
            .input(deformed.given(1))
            .output();
    assertThat(deformed.output().toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(plain.toDoubles());
  }

  @Test
  void convolvingWithMovingTapsHasTheGradientsOfDifferencesTwice() {
    OperatorHarness.of("DeformConv", 19, n -> n.with("offset_group", 2))
        .drawn(1, 2, 4, 4)
        .drawn(3, 2, 2, 2)
        .drawn(1, 16, 3, 3)
        .drawn(3)
        .drawn(1, 8, 3, 3)
        .checkGradients();
  }

  // ---- regions

  private static OperatorHarness aligned(String mode, long ratio) {
    return OperatorHarness.of(
            "RoiAlign",
            16,
            n ->
                n.with("mode", mode)
                    .with("output_height", 2)
                    .with("output_width", 3)
                    .with("sampling_ratio", ratio)
                    .with("spatial_scale", 0.5))
        .drawn(2, 3, 6, 7)
        .input(Tensors.of(new double[] {1, 1.5, 9.3, 10, -2, 3, 5.5, 20}, 2, 4))
        .input(Tensors.of(new long[] {1, 0}, 2));
  }

  @Test
  void alignsRegionsAsOnnxRuntimeDoes() {
    for (String mode : List.of("avg", "max")) {
      aligned(mode, 2).checkAgainstOnnxRuntime(1);
      aligned(mode, 0).checkAgainstOnnxRuntime(1);
    }
  }

  @Test
  void aligningHasTheGradientsOfDifferencesTwice() {
    aligned("avg", 2).checkGradients();
    aligned("max", 2).checkGradients();
  }

  @Test
  void poolsRegionsAsOnnxRuntimeDoes() {
    OperatorHarness pooled =
        OperatorHarness.of(
                "MaxRoiPool",
                16,
                n -> n.with("pooled_shape", new long[] {2, 2}).with("spatial_scale", 0.5))
            .drawn(2, 3, 6, 7)
            .input(Tensors.of(new double[] {0, 1, 1, 9, 9, 1, 4, 0, 13, 5}, 2, 5));
    pooled.checkAgainstOnnxRuntime(1);
  }

  @Test
  void keepsTheBestOfBoxesThatOverlap() {
    Tensor kept =
        OperatorHarness.of("NonMaxSuppression", 11)
            .input(Tensors.of(new double[] {0, 0, 2, 2, 0, 0, 2, 1.8, 5, 5, 6, 6}, 1, 3, 4))
            .input(Tensors.of(new double[] {0.5, 0.9, 0.1}, 1, 1, 3))
            .input(Tensors.of(new long[] {3}, 1))
            .input(Tensors.of(new double[] {0.5}, 1))
            .output();
    assertThat(kept.toLongs()).containsExactly(0, 0, 1, 0, 0, 2);
  }

  // ---- windows put back

  @Test
  void sumsWhatOverlapsWhereWindowsAreFolded() {
    OperatorHarness folded =
        OperatorHarness.of("Col2Im", 18)
            .input(Tensors.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 4, 2))
            .input(Tensors.of(new long[] {2, 3}, 2))
            .input(Tensors.of(new long[] {2, 2}, 2));
    assertThat(folded.output().toDoubles()).containsExactly(1, 2 + 3, 4, 5, 6 + 7, 8);
    folded.checkGradients();
  }

  @Test
  void putsMaximaBackWhereTheyStood() {
    OperatorHarness pooled =
        OperatorHarness.of(
                "MaxPool",
                12,
                n -> n.with("kernel_shape", new long[] {2, 2}).with("strides", new long[] {2, 2}))
            .drawn(2, 2, 4, 4);
    List<Tensor> found = pooled.outputs(2);
    OperatorHarness unpooled =
        OperatorHarness.of(
                "MaxUnpool",
                11,
                n -> n.with("kernel_shape", new long[] {2, 2}).with("strides", new long[] {2, 2}))
            .input(found.get(0))
            .input(found.get(1));
    Tensor back = unpooled.output();
    Tensor picture = pooled.given(0);
    assertThat(back.sum().item()).isCloseTo(found.get(0).sum().item(), within(1e-12));
    assertThat(back.sub(picture).mul(back).abs().max(false).item()).isZero();
    unpooled.checkGradients();
  }

  @Test
  void findsMaximaWhereOnnxRuntimeFindsThem() {
    OperatorHarness.of(
            "MaxPool",
            12,
            n ->
                n.with("kernel_shape", new long[] {3, 2})
                    .with("strides", new long[] {2, 1})
                    .with("pads", new long[] {1, 0, 1, 1})
                    .with("dilations", new long[] {1, 2})
                    .with("ceil_mode", 1))
        .drawn(2, 2, 6, 5)
        .checkAgainstOnnxRuntime(2);
    for (long order : new long[] {0, 1}) {
      OperatorHarness.of(
              "MaxPool",
              12,
              n -> n.with("kernel_shape", new long[] {2, 3}).with("storage_order", order))
          .drawn(2, 2, 4, 5)
          .checkAgainstOnnxRuntime(2);
    }
  }

  @Test
  void cutsAndPadsAboutTheCentre() {
    OperatorHarness centred =
        OperatorHarness.of("CenterCropPad", 18)
            .input(Tensors.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2))
            .input(Tensors.of(new long[] {2, 3}, 2));
    assertThat(centred.output().toDoubles()).containsExactly(1, 2, 0, 3, 4, 0);
    centred.checkGradients();
  }

  @Test
  void theNormOfAWindowOfZerosHasNoSlope() {
    Tensor x = Tensors.of(new double[] {3, 4, 0, 0, 0, 0, 0, 0}, 1, 1, 2, 4);
    OneNode pool =
        OneNode.of("LpPool")
            .with("kernel_shape", new long[] {2, 2})
            .with("strides", new long[] {2, 2});
    assertThat(pool.run(x).toDoubles()).containsExactly(5, 0);
    assertThat(OneNode.gradient(x, t -> pool.run(t)))
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(0.6, 0.8, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void poolingHasTheGradientsOfDifferencesTwice() {
    for (String type : List.of("MaxPool", "AveragePool", "LpPool")) {
      OperatorHarness.of(
              type,
              22,
              n ->
                  n.with("kernel_shape", new long[] {2, 3})
                      .with("pads", new long[] {1, 1, 0, 1})
                      .with("dilations", new long[] {2, 1})
                      .with("ceil_mode", 1))
          .drawn(1, 2, 5, 6)
          .checkGradients();
    }
    for (String type : List.of("GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool")) {
      OperatorHarness.of(type, 22).drawn(2, 3, 4).checkGradients();
    }
  }
}
