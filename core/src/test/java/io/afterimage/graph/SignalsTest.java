package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Fourier transforms, windows and the mel scale. */
@ExtendWith(ScopePerTest.class)
class SignalsTest {
  private static OperatorHarness transformed(long inverse, long onesided, long... shape) {
    return OperatorHarness.of("DFT", 20, n -> n.with("inverse", inverse).with("onesided", onesided))
        .drawn(shape)
        .absent()
        .input(Tensors.scalar(1L));
  }

  @Test
  void sumsWavesAsTheDefinitionSays() {
    OperatorHarness dft = transformed(0, 0, 1, 5, 2);
    double[] x = dft.given(0).toDoubles();
    double[] expected = new double[10];
    for (int k = 0; k < 5; k++) {
      for (int n = 0; n < 5; n++) {
        double angle = -2 * Math.PI * k * n / 5;
        expected[2 * k] += x[2 * n] * Math.cos(angle) - x[2 * n + 1] * Math.sin(angle);
        expected[2 * k + 1] += x[2 * n] * Math.sin(angle) + x[2 * n + 1] * Math.cos(angle);
      }
    }
    assertThat(dft.output().toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(expected);
  }

  @Test
  void theInverseGivesTheSignalBackFromAllOfItsSpectrumAndFromHalf() {
    for (long half : new long[] {0, 1}) {
      OperatorHarness there = transformed(0, half, 2, 6, 1);
      Tensor back =
          OperatorHarness.of("DFT", 20, n -> n.with("inverse", 1).with("onesided", half))
              .input(there.output())
              .absent()
              .input(Tensors.scalar(1L))
              .output();
      assertThat(back.select(2, 0).toDoubles())
          .usingComparatorWithPrecision(1e-6)
          .containsExactly(there.given(0).toDoubles());
    }
  }

  @Test
  void transformsHaveTheGradientsOfDifferencesTwice() {
    transformed(0, 0, 1, 5, 2).checkGradients();
    transformed(0, 1, 1, 6, 1).checkGradients();
    transformed(1, 0, 1, 5, 2).checkGradients();
    transformed(1, 1, 1, 4, 2).checkGradients();
  }

  private static OperatorHarness framed() {
    return OperatorHarness.of("STFT", 17).drawn(2, 11, 1).input(Tensors.scalar(2L)).drawn(4);
  }

  @Test
  void cutsSignalsIntoWindowedFrames() {
    OperatorHarness stft = framed();
    Tensor frame = stft.given(0).narrow(0, 1, 1).narrow(1, 4, 4).mul(stft.given(2).reshape(-1, 1));
    Tensor spectrum =
        OperatorHarness.of("DFT", 17, n -> n.with("onesided", 1)).input(frame).output();
    Tensor frames = stft.output();
    assertThat(frames.shape()).containsExactly(2, 4, 3, 2);
    assertThat(frames.select(0, 1).select(0, 2).toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(spectrum.toDoubles());
    stft.checkGradients();
  }

  @Test
  void refusesFramesLongerThanTheSignal() {
    OperatorHarness stft =
        OperatorHarness.of("STFT", 17).drawn(1, 3, 1).input(Tensors.scalar(1L)).drawn(4);
    assertThatThrownBy(stft::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("into frames of 4 every 1");
  }

  private static Tensor window(String type, long size, long periodic) {
    return OperatorHarness.of(type, 17, n -> n.with("periodic", periodic))
        .input(Tensors.scalar(size))
        .output();
  }

  @Test
  void windowsAreSymmetricOrPeriodic() {
    assertThat(window("HannWindow", 5, 0).toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(0, 0.5, 1, 0.5, 0);
    assertThat(window("HannWindow", 4, 1).toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(0, 0.5, 1, 0.5);
    assertThat(window("HammingWindow", 3, 0).toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(4 / 46.0, 1, 4 / 46.0);
    assertThat(window("BlackmanWindow", 3, 0).toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(0, 1, 0);
  }

  @Test
  void melBinsAreTrianglesWithinTheSpectrum() {
    OperatorHarness mel = mel(4000);
    Tensor weights = mel.output();
    assertThat(weights.shape()).containsExactly(65, 8);
    assertThat(weights.max(false, 0).toDoubles()).containsOnly(1);
    assertThat(weights.min(false).item()).isZero();
    assertThatThrownBy(() -> mel(9000).output())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("beyond the spectrum of rate 8000");
  }

  private static OperatorHarness mel(double highest) {
    return OperatorHarness.of("MelWeightMatrix", 17)
        .input(Tensors.scalar(8L))
        .input(Tensors.scalar(128L))
        .input(Tensors.scalar(8000L))
        .input(Tensors.scalar(0.0))
        .input(Tensors.scalar(highest));
  }
}
