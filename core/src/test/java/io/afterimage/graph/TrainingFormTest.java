package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.TrainingForm.BatchNorm;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class TrainingFormTest {

  /** Two dense layers with a ReLU between them. */
  private static OnnxModel dense() {
    GraphBuilder g = new GraphBuilder("dense");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.initializer("first", new float[] {1, 0, 0, 1}, 2, 2);
    g.initializer("second", new float[] {1, 1}, 2, 1);
    String hidden = g.node("Relu", g.node("MatMul", "x", "first").to("a")).to("h");
    g.output(g.node("MatMul", hidden, "second").to("y"), ElementType.FLOAT, "N", 1);
    return g.build();
  }

  /** A convolution of one pixel that doubles. */
  private static OnnxModel convolution() {
    GraphBuilder g = new GraphBuilder("convolution");
    g.input("x", ElementType.FLOAT, "N", 1, 2, 2);
    g.initializer("w", new float[] {2}, 1, 1, 1, 1);
    g.output(g.node("Conv", "x", "w").to("y"), ElementType.FLOAT, "N", 1, 2, 2);
    return g.build();
  }

  private static Tensor tensor(Map<String, Value> values, String name) {
    return ((Value.Numbers) Objects.requireNonNull(values.get(name))).tensor();
  }

  @Test
  void droppedInputsAreZeroOrGreaterAndAtInferenceNothingIsDropped() {
    OnnxModel model = TrainingForm.of(dense(), BatchNorm.NONE, 0.25);
    assertThat(model.nodes()).extracting(Node::type).containsOnlyOnce("Dropout");
    try (Interpreter interpreter = Interpreter.of(model);
        Draws draws = new Draws(1)) {
      Tensor x = Tensors.ones(DType.FLOAT, 4000, 2);
      Map<String, Value> inputs = Map.of("x", Value.of(x));
      assertThat(tensor(interpreter.run(inputs, List.of("y")), "y").toFloats()).containsOnly(2);
      float[] dropped =
          tensor(interpreter.runInTraining(inputs, List.of("h/dropped"), draws), "h/dropped")
              .toFloats();
      int zeros = 0;
      for (float value : dropped) {
        zeros += value == 0 ? 1 : 0;
        assertThat(value).isIn(0f, 1 / 0.75f);
      }
      // 8,000 coins of 1/4: four deviations are 155 (false alarm 6e-5).
      assertThat(zeros).isBetween(2000 - 155, 2000 + 155);
    }
  }

  @Test
  void normalisationStartsByTheBatchAndMovesItsAverages() {
    OnnxModel model = TrainingForm.of(convolution(), BatchNorm.AFTER_CONV, 0);
    assertThat(model.parameters())
        .filteredOn(Parameter::trainable)
        .extracting(Parameter::name)
        .containsExactlyInAnyOrder("w", "y/scale", "y/shift");
    try (Interpreter interpreter = Interpreter.of(model);
        Draws draws = new Draws(1)) {
      Tensor x = Tensors.of(new float[] {1, 3, 1, 3}, 1, 1, 2, 2);
      Map<String, Value> inputs = Map.of("x", Value.of(x));
      Tensor y = tensor(interpreter.runInTraining(inputs, List.of("y"), draws), "y");
      assertThat(y.toFloats()).containsExactly(new float[] {-1, 1, -1, 1}, within(1e-4f));
      // Doubled: mean 4, variance 4 of n - 1 = 16/3; a tenth of them enters.
      assertThat(averages(interpreter, "y/average_mean")).isCloseTo(0.4, within(1e-6));
      assertThat(averages(interpreter, "y/average_variance"))
          .isCloseTo(0.9 + 0.1 * 16 / 3, within(1e-6));
    }
  }

  @Test
  void aFusedConvolutionKeepsItsSumAndItsActivationBehindTheNormalisation() {
    assertKept("", new float[0]);
    assertKept("Tanh", new float[0]);
    assertKept("LeakyRelu", new float[] {0.3f});
    assertKept("Clip", new float[] {-1, 0.5f});
    assertKept("HardSigmoid", new float[] {0.4f, 0.3f});
  }

  private static void assertKept(String activation, float[] settings) {
    OnnxModel model = fused(activation, settings);
    OnnxModel form = TrainingForm.of(model, BatchNorm.AFTER_CONV, 0);
    assertThat(form.nodes()).extracting(Node::type).contains("BatchNormalization", "Add");
    Tensor x = Tensors.of(new float[] {-2, -0.5f, 0.25f, 1}, 1, 1, 2, 2);
    try (Interpreter before = Interpreter.of(model);
        Interpreter after = Interpreter.of(form)) {
      // Untrained, normalisation divides by the root of 1 + 1e-5 alone.
      assertThat(after.run(x, "y").toFloats())
          .as(activation)
          .containsExactly(before.run(x, "y").toFloats(), within(1e-4f));
    }
  }

  /** A convolution of one pixel that doubles, and adds its input. */
  private static OnnxModel fused(String activation, float[] settings) {
    GraphBuilder g = new GraphBuilder("fused");
    g.input("x", ElementType.FLOAT, "N", 1, 2, 2);
    g.initializer("w", new float[] {2}, 1, 1, 1, 1);
    g.fused("FusedConv", "x", "w", "", "x")
        .with("activation", activation)
        .with("activation_params", settings)
        .to("y");
    g.output("y", ElementType.FLOAT, "N", 1, 2, 2);
    return g.build();
  }

  @Test
  void anActivationWithoutItsSettingsIsRefused() {
    OnnxModel model = fused("Clip", new float[] {1});
    assertThatThrownBy(() -> TrainingForm.of(model, BatchNorm.AFTER_CONV, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessage("FusedConv \"y\" has 1 activation_params, which are too few");
  }

  private static double averages(Interpreter interpreter, String name) {
    return Objects.requireNonNull(interpreter.averages().get(name)).item();
  }

  @Test
  void averagesThatTwoLayersShareAreParted() {
    GraphBuilder g = new GraphBuilder("shared");
    g.input("x", ElementType.FLOAT, "N", 1, 2, 2);
    g.initializer("one", new float[] {1}, 1);
    g.initializer("zero", new float[] {0}, 1);
    String copy = g.node("Identity", "zero").to("copy");
    String first = g.node("BatchNormalization", "x", "one", "zero", copy, "one").to("first");
    g.output(
        g.node("BatchNormalization", first, "one", "zero", copy, "one").to("y"),
        ElementType.FLOAT,
        "N",
        1,
        2,
        2);
    OnnxModel model = TrainingForm.of(g.build(), BatchNorm.NONE, 0);
    try (Interpreter interpreter = Interpreter.of(model)) {
      assertThat(interpreter.averages()).hasSize(4);
    }
  }

  @Test
  void patternsChooseWhatIsTrained() {
    assertThat(trained(dense().training(List.of(), List.of("first")))).containsExactly("second");
    assertThat(trained(dense().training(List.of("s*"), List.of("*")))).containsExactly("second");
    assertThat(trained(dense().training(List.of(), List.of("sec?nd")).withParameters(Map.of())))
        .containsExactly("first");
    assertThatThrownBy(() -> dense().training(List.of("third"), List.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("--train third", "first", "second");
  }

  private static List<String> trained(OnnxModel model) {
    return model.parameters().stream().filter(Parameter::trainable).map(Parameter::name).toList();
  }

  @Test
  void aProbabilityOfOneIsRefused() {
    assertThatThrownBy(() -> TrainingForm.of(dense(), BatchNorm.NONE, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--dropout");
  }
}
