package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensors;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Models that ONNX Runtime's own optimisers and quantisers wrote (bench/fixtures/optimised.py),
 * against ONNX Runtime.
 */
@ExtendWith(ScopePerTest.class)
class OptimisedTest {
  private static final double EXACT = 1e-5;
  private static final double GRADIENT = 1e-5;

  /** The last softmax is quantised in steps of 1/256; tables may differ by one step. */
  private static final double ONE_STEP = 1.5 / 256;

  private static Verify.Result verify(String name) {
    String root = System.getProperty("afterimage.root", "..");
    OnnxModel model =
        OnnxModel.read(Path.of(root, "core/src/test/resources/fixtures/optimised", name + ".onnx"));
    Run run = Run.of(5);
    return Verify.run(model, inputs(model, run), new Ort(model), run);
  }

  private static Map<String, Value> inputs(OnnxModel model, Run run) {
    if (model.inputs().size() == 1) {
      return Verify.drawnInputs(model, 6, run);
    }
    long[] words = {1, 5, 0, 11, 3, 7, 2, 2, 9, 4};
    long[] mask = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
    return Map.of(
        "ids", Value.of(Tensors.of(words, 2, 5)), "mask", Value.of(Tensors.of(mask, 2, 5)));
  }

  private static void agrees(String name, double tolerance) {
    Verify.Result result = verify(name);
    assertThat(result.maxRelative()).as(name + ": " + result.reason()).isLessThan(tolerance);
  }

  @Test
  void fusedNetworksScoreAndDifferentiateAsTheirPartsDo() {
    for (String name : new String[] {"cnn-fused", "mlp-quick-gelu"}) {
      Verify.Result result = verify(name);
      assertThat(result.maxRelative()).as(name + result.reason()).isLessThan(EXACT);
      assertThat(result.gradientMaxRelative()).as(name + result.reason()).isLessThan(GRADIENT);
    }
  }

  @Test
  void fusedTransformersScoreAsOnnxRuntime() {
    agrees("encoder-fused", EXACT);
    agrees("encoder-skip", EXACT);
  }

  @Test
  void packedWeightsScoreAsOnnxRuntime() {
    agrees("encoder-4-bits", EXACT);
  }

  @Test
  void quantisedNetworksScoreWithinOneStep() {
    agrees("cnn-qdq", ONE_STEP);
    agrees("cnn-qlinear", ONE_STEP);
    assertThat(verify("cnn-qlinear").reason()).contains("has the gradient of clamp(x / scale");
  }

  @Test
  void dynamicallyQuantisedTransformersScoreAsOnnxRuntime() {
    agrees("encoder-dynamic", EXACT);
  }
}
