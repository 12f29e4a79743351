package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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

  private static OnnxModel model(String name) {
    String root = System.getProperty("afterimage.root", "..");
    return OnnxModel.read(
        Path.of(root, "core/src/test/resources/fixtures/optimised", name + ".onnx"));
  }

  private static Verify.Result verify(String name) {
    OnnxModel model = model(name);
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

  // ---- parameters

  private static Set<String> positions(OnnxModel model) {
    return model.parameters().stream()
        .filter(Parameter::trainable)
        .map(p -> p.role() + " of " + p.operator().replace(Node.MICROSOFT + ".", ""))
        .collect(Collectors.toSet());
  }

  @Test
  void whatFusedOperatorsReadIsTrainedAndPackedWeightsAreNot() {
    assertThat(positions(model("cnn-fused")))
        .containsExactlyInAnyOrder(
            "weight of FusedConv", "bias of FusedConv", "weight of Gemm", "bias of Gemm");
    assertThat(positions(model("encoder-skip")))
        .contains("bias of SkipLayerNormalization", "bias of BiasGelu", "weight of MatMul");
    assertThat(positions(model("encoder-4-bits"))).doesNotContain("weight of MatMulNBits");
    assertThat(positions(model("encoder-dynamic")))
        .contains("bias of DynamicQuantizeMatMul")
        .doesNotContain("weight of DynamicQuantizeMatMul");
  }

  @Test
  void gradientsOfParametersAreDifferences() {
    for (String name :
        new String[] {"cnn-fused", "mlp-quick-gelu", "encoder-fused", "encoder-skip"}) {
      OnnxModel model = model(name);
      assertDifferences(model, inputs(model, Run.of(5)));
    }
  }

  @Test
  void gradientsOfTheParametersOfOtherFusedOperatorsAreDifferences() {
    OnnxModel model = transformer();
    assertThat(positions(model))
        .contains(
            "embedding of EmbedLayerNormalization",
            "scale of EmbedLayerNormalization",
            "weight of Attention",
            "bias of Attention",
            "bias of MultiHeadAttention",
            "weight of FusedMatMul",
            "bias of FastGelu",
            "scale of SkipSimplifiedLayerNormalization",
            "scale of SimplifiedLayerNormalization",
            "weight of FusedGemm",
            "bias of FusedGemm");
    Tensor words = Tensors.of(new long[] {1, 4, 0, 3, 3, 2}, 2, 3);
    assertDifferences(model, Map.of("ids", Value.of(words)));
  }

  private static void assertDifferences(OnnxModel model, Map<String, Value> inputs) {
    GradientProbe.Result found =
        GradientProbe.of(model, inputs, Set.of(), Run.of(5).random(model.name()));
    assertThat(found.first().kind())
        .as("%s: %s", model.name(), found.first().words())
        .isEqualTo(GradientProbe.Kind.AGREES);
  }

  /** Words of 5 in sentences of 3, as one row of 2 numbers each. */
  private static OnnxModel transformer() {
    GraphBuilder g = new GraphBuilder("transformer");
    g.input("ids", ElementType.INT32, "N", 3);
    String words =
        g.fused(
                "EmbedLayerNormalization",
                "ids",
                "",
                drawn(g, "words", 5, 4),
                drawn(g, "places", 3, 4),
                "",
                drawn(g, "scale0", 4),
                drawn(g, "shift0", 4))
            .to("embedded", "counts");
    String seen =
        g.fused("Attention", words, drawn(g, "projections", 4, 12), drawn(g, "shifts", 12))
            .with("num_heads", 2)
            .to("seen");
    String again =
        g.fused("MultiHeadAttention", seen, seen, seen, drawn(g, "biases", 12))
            .with("num_heads", 2)
            .to("again");
    String product =
        g.fused("FusedMatMul", again, drawn(g, "turned", 4, 4)).with("transB", 1).to("product");
    String active = g.fused("FastGelu", product, drawn(g, "bias", 4)).to("active");
    String skipped =
        g.fused("SkipSimplifiedLayerNormalization", active, words, drawn(g, "scale1", 4))
            .to("skipped");
    String normal =
        g.node("SimplifiedLayerNormalization", skipped, drawn(g, "scale2", 4)).to("normal");
    String flat = g.node("Flatten", normal).to("flat");
    g.fused("FusedGemm", flat, drawn(g, "last", 12, 2), drawn(g, "end", 2))
        .with("activation", "Tanh")
        .to("y");
    g.output("y", ElementType.FLOAT, "N", 2);
    return g.build();
  }

  private static String drawn(GraphBuilder g, String name, long... shape) {
    int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return g.initializer(name, Gaussians.floats(count, Run.of(7).random(name)), shape);
  }
}
