package io.afterimage.attack.inversion.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Planes;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(ScopePerTest.class)
class DecoderGraphTest {
  private static final Run RUN = Run.of(3);

  @ParameterizedTest
  @CsvSource({
    "1, 8, 8, 1",
    "1, 28, 28, 2",
    "3, 32, 32, 3",
    "3, 17, 9, 1",
    "1, 112, 92, 4",
    "4, 7, 30, 0",
    "1, 1, 20, 0"
  })
  void picturesOfAnySidesAreMade(int channels, int height, int width, long doublings) {
    OnnxModel model = DecoderGraph.of(5, new Planes(channels, height, width, false), 4, RUN);
    assertThat(model.nodes().stream().filter(n -> n.is("ConvTranspose")).count())
        .isEqualTo(doublings);
    try (Interpreter interpreter = Interpreter.of(model)) {
      Tensor made = interpreter.run(Tensors.ones(Tensors.zeros(1).dtype(), 2, 5), "picture");
      assertThat(made.shape()).containsExactly(2, channels, height, width);
      for (float pixel : made.toFloats()) {
        assertThat(pixel).isBetween(0f, 1f);
      }
    }
  }

  @Test
  void everyConvolutionIsNormalisedAndBounded() {
    OnnxModel model = DecoderGraph.of(5, new Planes(1, 28, 28, false), 4, RUN);
    assertThat(model.nodes())
        .extracting(Node::type)
        .containsExactly(
            "Gemm",
            "Reshape",
            "BatchNormalization",
            "Tanh",
            "ConvTranspose",
            "BatchNormalization",
            "Tanh",
            "ConvTranspose",
            "Slice",
            "Sigmoid");
  }

  @Test
  void moreWeightsThanMemoryHoldsAreRefused() {
    Planes planes = new Planes(1, 28, 28, false);
    assertThatThrownBy(() -> DecoderGraph.of(1 << 20, planes, 64, RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--filters 64");
  }

  @Test
  void unitsAndOrderOfPixelsComeBack() {
    InputRange range = new InputRange(-2, 2);
    float[] observed = {1, 5, 3, 5};
    DecoderUnits units = DecoderUnits.of(observed, 2, new Planes(3, 1, 2, true), range);
    assertThat(units.scaled(observed))
        .containsExactly((float) -Math.sqrt(2), 0, (float) Math.sqrt(2), 0);
    float[] pixels = {-2, -1, 0, 1, 2, 2};
    // Red of both pixels, then green, then blue.
    assertThat(units.planar(pixels)).containsExactly(0, 0.75f, 0.25f, 1, 0.5f, 1);
    assertThat(units.pictures(units.planar(pixels))).containsExactly(pixels, within(1e-6f));
  }
}
