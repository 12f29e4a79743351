package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Recurrent layers against ONNX Runtime, a step by hand, and differences. */
@ExtendWith(ScopePerTest.class)
class RecurrentTest {
  private static final int STEPS = 4;
  private static final int BATCH = 3;
  private static final int INPUT = 5;
  private static final long HIDDEN = 2;

  /** With bias, lengths and initial states. */
  private static OperatorHarness layer(
      String type, int gates, int directions, UnaryOperator<GraphBuilder.NodeBuilder> settings) {
    OperatorHarness harness =
        OperatorHarness.of(type, 21, n -> settings.apply(n.with("hidden_size", HIDDEN)))
            .drawn(STEPS, BATCH, INPUT)
            .drawn(directions, gates * HIDDEN, INPUT)
            .drawn(directions, gates * HIDDEN, HIDDEN)
            .drawn(directions, 2L * gates * HIDDEN)
            .input(Tensors.of(new int[] {4, 2, 3}, BATCH))
            .drawn(directions, BATCH, HIDDEN);
    return type.equals("LSTM") ? harness.drawn(directions, BATCH, HIDDEN) : harness;
  }

  @Test
  void agreesWithOnnxRuntimeInBothDirectionsWithLengthsAndInitialStates() {
    layer("RNN", 1, 2, n -> n.with("direction", "bidirectional")).checkAgainstOnnxRuntime(2);
    layer("GRU", 3, 2, n -> n.with("direction", "bidirectional")).checkAgainstOnnxRuntime(2);
    layer("LSTM", 4, 2, n -> n.with("direction", "bidirectional")).checkAgainstOnnxRuntime(3);
  }

  @Test
  void agreesWithOnnxRuntimeInReverse() {
    layer("RNN", 1, 1, n -> n.with("direction", "reverse")).checkAgainstOnnxRuntime(2);
    layer("GRU", 3, 1, n -> n.with("direction", "reverse")).checkAgainstOnnxRuntime(2);
    layer("LSTM", 4, 1, n -> n.with("direction", "reverse")).checkAgainstOnnxRuntime(3);
  }

  @Test
  void agreesWithOnnxRuntimeWhereTheResetGateActsAfterTheProduct() {
    layer("GRU", 3, 1, n -> n.with("linear_before_reset", 1)).checkAgainstOnnxRuntime(2);
  }

  @Test
  void agreesWithOnnxRuntimeThroughPeepholes() {
    layer("LSTM", 4, 1, n -> n).drawn(1, 3 * HIDDEN).checkAgainstOnnxRuntime(3);
  }

  @Test
  void agreesWithOnnxRuntimeOnEveryActivation() {
    List<String> functions =
        List.of(
            "Relu",
            "Tanh",
            "Sigmoid",
            "Affine",
            "LeakyRelu",
            "ThresholdedRelu",
            "ScaledTanh",
            "HardSigmoid",
            "Elu",
            "Softsign",
            "Softplus");
    for (String function : functions) {
      layer(
              "RNN",
              1,
              1,
              n ->
                  n.with("activations", List.of(function))
                      .with("activation_alpha", new float[] {0.7f})
                      .with("activation_beta", new float[] {0.3f}))
          .checkAgainstOnnxRuntime(2);
    }
  }

  @Test
  void givesEachActivationItsOwnSettings() {
    layer(
            "LSTM",
            4,
            1,
            n ->
                n.with("activations", List.of("HardSigmoid", "Tanh", "LeakyRelu"))
                    .with("activation_alpha", new float[] {0.3f, 0.2f})
                    .with("activation_beta", new float[] {0.4f}))
        .checkAgainstOnnxRuntime(3);
  }

  @Test
  void clipsWhatEntersAnActivation() {
    layer("GRU", 3, 1, n -> n.with("clip", 0.5)).checkAgainstOnnxRuntime(2);
  }

  @Test
  void couplesTheGatesOfInputAndForgetting() {
    layer("LSTM", 4, 1, n -> n.with("input_forget", 1)).checkAgainstOnnxRuntime(3);
  }

  @Test
  void putsTheBatchFirstWhereTheLayoutSaysSo() {
    Tensor x = drawn().given(0);
    OperatorHarness first =
        OperatorHarness.of("GRU", 21, n -> n.with("hidden_size", HIDDEN).with("layout", 1))
            .input(x.transpose(0, 1))
            .input(drawn().given(1))
            .input(drawn().given(2));
    List<Tensor> steps = drawn().outputs(2);
    List<Tensor> batches = first.outputs(2);
    assertThat(batches.get(0).shape()).containsExactly(BATCH, STEPS, 1, HIDDEN);
    assertThat(batches.get(0).permute(1, 2, 0, 3).toDoubles())
        .containsExactly(steps.get(0).toDoubles());
    assertThat(batches.get(1).transpose(0, 1).toDoubles())
        .containsExactly(steps.get(1).toDoubles());
  }

  private static OperatorHarness drawn() {
    return OperatorHarness.of("GRU", 21, n -> n.with("hidden_size", HIDDEN))
        .drawn(STEPS, BATCH, INPUT)
        .drawn(1, 3 * HIDDEN, INPUT)
        .drawn(1, 3 * HIDDEN, HIDDEN);
  }

  @Test
  void takesOneStepAsTheEquationsSay() {
    double[] gates = {0.1, 0.2, 0.3, 0.4};
    List<Tensor> outputs =
        OperatorHarness.of("LSTM", 21, n -> n.with("hidden_size", 1))
            .input(Tensors.of(new double[] {1}, 1, 1, 1))
            .input(Tensors.of(gates, 1, 4, 1))
            .input(Tensors.of(new double[4], 1, 4, 1))
            .outputs(3);
    double cell = sigmoid(0.1) * Math.tanh(0.4);
    Offset<Double> rounding = Offset.offset(1e-7);
    assertThat(outputs.get(2).item()).isCloseTo(cell, rounding);
    assertThat(outputs.get(0).item()).isCloseTo(sigmoid(0.2) * Math.tanh(cell), rounding);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void hasTheGradientsOfDifferencesTwice() {
    layer("RNN", 1, 2, n -> n.with("direction", "bidirectional")).checkGradients(2);
    layer("GRU", 3, 1, n -> n).checkGradients(2);
    layer("GRU", 3, 1, n -> n.with("linear_before_reset", 1)).checkGradients(2);
    layer("LSTM", 4, 1, n -> n).drawn(1, 3 * HIDDEN).checkGradients(3);
  }

  @Test
  void turnsSequencesAroundUpToTheirLength() {
    Tensor turned =
        OperatorHarness.of("ReverseSequence", 21)
            .input(Tensors.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2))
            .input(Tensors.of(new long[] {2, 3}, 2))
            .output();
    assertThat(turned.toDoubles()).containsExactly(3, 6, 1, 4, 5, 2);
  }

  @Test
  void namesAnActivationThatDoesNotExist() {
    OperatorHarness layer = layer("RNN", 1, 1, n -> n.with("activations", List.of("Sine")));
    assertThatThrownBy(layer::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("RNN \"y0\" names an activation that is not of the standard: Sine");
  }

  @Test
  void refusesLengthsBeyondTheSteps() {
    OperatorHarness reversal =
        OperatorHarness.of("ReverseSequence", 21)
            .drawn(3, 2)
            .input(Tensors.of(new long[] {2, 4}, 2));
    assertThatThrownBy(reversal::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("has a length that is negative or beyond its 3 steps");
  }

  // ---- quantised as it goes

  /** With bias, a bidirectional layer of 3 examples; scales a direction, or one a column too. */
  private static Tensor[] quantised(DType type, boolean columns) {
    try (Draws draws = new Draws(21)) {
      long[] scales = columns ? new long[] {2, 4 * HIDDEN} : new long[] {2};
      double zero = type == DType.BYTE ? 0 : 128;
      return new Tensor[] {
        draws.normal(DType.FLOAT, 0, 1, STEPS, BATCH, INPUT),
        draws.normal(DType.FLOAT, zero, 30, 2, INPUT, 4 * HIDDEN).to(type),
        draws.normal(DType.FLOAT, zero, 30, 2, HIDDEN, 4 * HIDDEN).to(type),
        draws.normal(DType.FLOAT, 0, 1, 2, 8 * HIDDEN),
        Tensors.full(DType.INT, STEPS, BATCH),
        draws.normal(DType.FLOAT, 0, 1, 2, BATCH, HIDDEN),
        draws.normal(DType.FLOAT, 0, 1, 2, BATCH, HIDDEN),
        draws.normal(DType.FLOAT, 0, 1, 2, 3 * HIDDEN),
        draws.normal(DType.FLOAT, 0, 0.01, scales).abs(),
        Tensors.full(type, zero, scales),
        draws.normal(DType.FLOAT, 0, 0.01, scales).abs(),
        Tensors.full(type, zero, scales)
      };
    }
  }

  private static OneNode dynamic() {
    return OneNode.of(Node.MICROSOFT, "DynamicQuantizeLSTM", 1)
        .with("hidden_size", HIDDEN)
        .with("direction", "bidirectional");
  }

  @Test
  void quantisesWhatItMultipliesAsOnnxRuntimeDoes() {
    dynamic().checkAgainstOnnxRuntime(3, 1e-5, quantised(DType.UBYTE, false));
    dynamic().checkAgainstOnnxRuntime(3, 1e-5, quantised(DType.BYTE, true));
    Tensor[] lengths = quantised(DType.BYTE, false);
    lengths[4] = Tensors.of(new int[] {4, 2, 3}, BATCH);
    dynamic().checkAgainstOnnxRuntime(3, 1e-5, lengths);
  }

  @Test
  void hasNearlyTheGradientsOfItsWeightsInRealNumbers() {
    Tensor[] given = quantised(DType.BYTE, true);
    Tensor[] real = Arrays.copyOf(given, 8);
    for (int i : new int[] {1, 2}) {
      Tensor scale = given[i == 1 ? 8 : 10].unsqueeze(1);
      real[i] = given[i].to(DType.FLOAT).mul(scale).transpose(1, 2).contiguous();
    }
    OneNode plain =
        OneNode.of("LSTM").with("hidden_size", HIDDEN).with("direction", "bidirectional");
    double[] quantised = gradient(dynamic(), given);
    double[] exact = gradient(plain, real);
    double size = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
    assertThat(quantised).usingComparatorWithPrecision(0.02 * size).containsExactly(exact);
  }

  private static double[] gradient(OneNode node, Tensor[] inputs) {
    return OneNode.gradient(
        inputs[0],
        x -> {
          Tensor[] moved = inputs.clone();
          moved[0] = x;
          return node.run(moved).square();
        });
  }
}
