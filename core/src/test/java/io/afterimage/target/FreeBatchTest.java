package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Fixed batches are made free where every operator keeps rows apart, and only there. */
class FreeBatchTest {
  private final GraphBuilder g = new GraphBuilder("fixed");

  @Test
  void rowsMergedWithAnotherAxisComeApartAgain() {
    g.input("x", ElementType.FLOAT, 1, 4, 6);
    String timeFirst = g.node("Transpose", "x").with("perm", new long[] {1, 0, 2}).to("time");
    String heads = reshaped(timeFirst, "heads", 4, 2, 3);
    String byHead = g.node("Transpose", heads).with("perm", new long[] {1, 0, 2}).to("byHead");
    String other = g.node("Transpose", byHead).with("perm", new long[] {0, 2, 1}).to("other");
    String products = g.node("MatMul", byHead, other).to("products");
    String mixed = g.node("MatMul", products, byHead).to("mixed");
    String back = g.node("Transpose", mixed).with("perm", new long[] {1, 0, 2}).to("back");
    reshaped(reshaped(back, "rows", 4, 6), "again", 4, 1, 6);
    g.node("ReduceMean", "again").with("axes", new long[] {0}).with("keepdims", 0).to("y");
    assertBatch(Batch.Kind.REWRITTEN, 1, 6, "");
  }

  @Test
  void aTokenJoinedToEveryRowIsRepeated() {
    g.input("x", ElementType.FLOAT, 1, 2, 3);
    g.initializer("token", new float[] {1, 2, 3}, 1, 1, 3);
    g.node("Concat", "token", "x").with("axis", 1).to("all");
    reshaped("all", "y", 1, 9);
    assertBatch(Batch.Kind.REWRITTEN, 1, 9, "");
  }

  @Test
  void aBatchOfSeveralKeepsItsRowsTogetherInEveryReshape() {
    g.input("x", ElementType.FLOAT, 3, 4);
    reshaped(reshaped("x", "flat", 12), "y", 3, 4);
    assertBatch(Batch.Kind.REWRITTEN, 3, 4, "");
  }

  @Test
  void rowsThatAreSummedStayAsTheyAre() {
    g.input("x", ElementType.FLOAT, 3, 4);
    g.node("ReduceSum", "x", g.initializer("axes", new long[] {0}, 1)).to("sum");
    g.node("Mul", "sum", g.initializer("nothing", new float[] {0}, 1)).to("zero");
    g.node("Add", "x", "zero").to("y");
    assertBatch(Batch.Kind.FIXED, 3, 4, "ReduceSum \"sum\" works across rows");
  }

  @Test
  void numbersOfOnePlaceInTheBatchKeepIt() {
    g.input("x", ElementType.FLOAT, 2, 2);
    g.node("Add", "x", g.initializer("bias", new float[] {0, 1e-7f, 0, 0}, 2, 2)).to("y");
    assertBatch(Batch.Kind.FIXED, 2, 2, "Add \"y\" has numbers of its own for each place");
  }

  @Test
  void numbersRepeatedForEveryPlaceBroadcast() {
    g.input("x", ElementType.FLOAT, 2, 2);
    g.node("Add", "x", g.initializer("bias", new float[] {5, 1, 5, 1}, 2, 2)).to("y");
    assertBatch(Batch.Kind.REWRITTEN, 2, 2, "");
  }

  @Test
  void anOperatorWithoutARuleKeepsTheBatch() {
    g.input("x", ElementType.FLOAT, 2, 2, 2);
    reshaped(g.node("Det", "x").to("volume"), "y", 2, 1);
    assertBatch(Batch.Kind.FIXED, 2, 1, "Det \"volume\" may mix rows");
  }

  @Test
  void aTransposeOfOneRowThatIsWrittenAsAReshapeMovesRows() {
    g.input("x", ElementType.FLOAT, 1, 4, 6);
    g.node("Mul", reshaped("x", "time", 4, 1, 6), drawn("weights", 4, 1, 1)).to("weighed");
    g.node("ReduceSum", "weighed", g.initializer("axes", new long[] {0}, 1))
        .with("keepdims", 0)
        .to("y");
    assertBatch(Batch.Kind.REWRITTEN, 1, 6, "");
  }

  @Test
  void oneRowSqueezedToTheBiasOfAProductIsAddedToItsOwnRow() {
    g.input("x", ElementType.FLOAT, 1, 3);
    g.node("MatMul", "x", drawn("w", 3, 4)).to("product");
    g.node("Squeeze", "product", g.initializer("axes", new long[] {0}, 1)).to("bias");
    g.node("Gemm", "x", drawn("v", 3, 4), "bias").to("y");
    assertBatch(Batch.Kind.REWRITTEN, 1, 4, "");
  }

  @Test
  void sequencesOfOneLengthAreTurnedRowByRow() {
    g.input("x", ElementType.FLOAT, 2, 4);
    turned("y", 3, 3);
    assertBatch(Batch.Kind.REWRITTEN, 2, 4, "");
  }

  @Test
  void sequencesOfALengthForEachPlaceKeepTheBatch() {
    g.input("x", ElementType.FLOAT, 2, 4);
    turned("turned", 3, 2);
    g.node("Mul", "turned", scalar("little", 1e-7f)).to("less");
    g.node("Add", "x", "less").to("y");
    assertBatch(Batch.Kind.FIXED, 2, 4, "ReverseSequence \"turned\" has numbers of its own");
  }

  private void turned(String to, long... lengths) {
    g.node("ReverseSequence", "x", g.initializer("lengths", lengths, 2))
        .with("batch_axis", 0)
        .with("time_axis", 1)
        .to(to);
  }

  // ---- operators that the optimiser of ONNX Runtime fused

  @Test
  void productsThatTurnTheirBatchesKeepRowsApart() {
    g.input("x", ElementType.FLOAT, 2, 3, 4);
    String rowsInside =
        g.fused("FusedMatMul", "x", drawn("a", 3, 4, 5)).with("transBatchA", 1).to("inside");
    String rowsFirst =
        g.fused("FusedMatMul", rowsInside, drawn("b", 1, 5, 6)).with("transBatchA", 1).to("first");
    float[] alike = new float[6 * 2 * 2];
    for (int i = 0; i < alike.length; i++) {
      alike[i] = i / 4 + i % 2; // the same along the middle axis
    }
    String stored =
        g.fused("FusedMatMul", rowsFirst, g.initializer("c", alike, 6, 2, 2))
            .with("transBatchB", 1)
            .to("stored");
    reshaped(stored, "y", 2, 6);
    assertBatch(Batch.Kind.REWRITTEN, 2, 6, "");
  }

  @Test
  void quantisedProductsAndConcatenationsKeepRowsApart() {
    g.input("x", ElementType.FLOAT, 2, 3);
    scalar("step", 0.02f);
    String zero = wholeBytes(scalar("nought", 0), "zero");
    String token = wholeBytes(g.initializer("t", new float[] {7, 9, 7, 9}, 2, 2), "token");
    String weights = wholeBytes(g.initializer("w", new float[] {1, 2, 3, 4, 5}, 5, 1), "bytes");
    String q = g.node("QuantizeLinear", "x", "step", zero).to("q");
    String all =
        g.fused("QLinearConcat", "step", zero, q, "step", zero, token, "step", zero)
            .with("axis", 1)
            .to("all");
    g.fused(
            "MatMulIntegerToFloat",
            all,
            weights,
            "step",
            "step",
            zero,
            zero,
            g.initializer("bias", new float[] {0.5f}, 1))
        .to("y");
    assertBatch(Batch.Kind.REWRITTEN, 2, 1, "");
  }

  @Test
  void aQuantisedTokenOfItsOwnForEachPlaceKeepsTheBatch() {
    g.input("x", ElementType.FLOAT, 2, 3);
    scalar("step", 0.02f);
    String zero = wholeBytes(scalar("nought", 0), "zero");
    String token = wholeBytes(g.initializer("t", new float[] {7, 9, 7, 8}, 2, 2), "token");
    String q = g.node("QuantizeLinear", "x", "step", zero).to("q");
    g.fused("QLinearConcat", "step", zero, q, "step", zero, token, "step", zero)
        .with("axis", 1)
        .to("all");
    String none = wholeBytes(g.initializer("w", new float[] {1, 2, 3, 0, 0}, 5, 1), "none");
    g.fused("MatMulIntegerToFloat", "all", none, "step", "step").to("y");
    assertBatch(Batch.Kind.FIXED, 2, 1, "QLinearConcat \"all\" has numbers of its own");
  }

  @Test
  void fusedAttentionKeepsRowsApart() {
    g.input("x", ElementType.FLOAT, 2, 3, 4);
    String seen =
        g.fused(
                "Attention",
                "x",
                drawn("projections", 4, 12),
                drawn("shifts", 12),
                "",
                g.initializer("past", new float[2 * 2 * 2 * 5 * 2], 2, 2, 2, 5, 2))
            .with("num_heads", 2)
            .to("seen", "present");
    String again =
        g.fused("MultiHeadAttention", seen, "x", "x", drawn("biases", 12))
            .with("num_heads", 2)
            .to("again");
    String active = g.fused("BiasGelu", again, drawn("bias", 4)).to("active");
    String skipped =
        g.fused("SkipLayerNormalization", active, "x", drawn("scale1", 4), drawn("shift1", 4))
            .to("skipped");
    String normal =
        g.node("SimplifiedLayerNormalization", skipped, drawn("scale2", 4))
            .with("axis", -1)
            .to("normal");
    reshaped(normal, "y", 2, 12);
    assertBatch(Batch.Kind.REWRITTEN, 2, 12, "");
  }

  @Test
  void fusedEmbeddingsKeepRowsApart() {
    g.input("x", ElementType.FLOAT, 2, 3);
    g.node("Cast", g.node("Clip", "x", scalar("least", 0), scalar("most", 4)).to("clipped"))
        .with("to", ElementType.INT32.code())
        .to("ids");
    g.node("Cast", g.initializer("kinds", new long[6], 2, 3))
        .with("to", ElementType.INT32.code())
        .to("kind");
    String words =
        g.fused(
                "EmbedLayerNormalization",
                "ids",
                "kind",
                drawn("words", 5, 4),
                drawn("places", 3, 4),
                drawn("kindTable", 2, 4),
                drawn("scale", 4),
                drawn("shift", 4))
            .to("embedded", "counts");
    reshaped(words, "y", 2, 12);
    assertBatch(Batch.Kind.REWRITTEN, 2, 12, "");
  }

  @Test
  void fusedConvolutionsAndProductsKeepRowsApart() {
    g.input("x", ElementType.FLOAT, 2, 1, 4, 4);
    String conv =
        g.fused(
                "FusedConv",
                "x",
                drawn("w", 2, 1, 3, 3),
                drawn("b", 2),
                g.initializer("added", new float[2 * 2 * 2 * 2], 2, 2, 2, 2))
            .with("activation", "Relu")
            .to("conv");
    String flat = reshaped(conv, "flat", 2, 8);
    String product =
        g.fused("FusedMatMul", drawn("v", 8, 3), flat)
            .with("transA", 1)
            .with("transB", 1)
            .to("product");
    String back = g.node("Transpose", product).with("perm", new long[] {1, 0}).to("back");
    g.fused("FusedGemm", back, drawn("u", 3, 4), drawn("e", 4)).with("activation", "Tanh").to("y");
    assertBatch(Batch.Kind.REWRITTEN, 2, 4, "");
  }

  @Test
  void aPastOfItsOwnForEachPlaceKeepsTheBatch() {
    float[] past = new float[2 * 2 * 2 * 5 * 2];
    past[0] = 1e-7f;
    g.input("x", ElementType.FLOAT, 2, 3, 4);
    g.fused(
            "Attention",
            "x",
            drawn("projections", 4, 12),
            drawn("shifts", 12),
            "",
            g.initializer("past", past, 2, 2, 2, 5, 2))
        .with("num_heads", 2)
        .to("seen", "present");
    reshaped("seen", "y", 2, 12);
    assertBatch(Batch.Kind.FIXED, 2, 12, "Attention \"seen\" has numbers of its own");
  }

  @Test
  void whatHasItsScalesFromCalibrationKeepsRowsApart() {
    g.input("x", ElementType.FLOAT, 2, 3);
    scalar("step", 0.02f);
    String zero = wholeBytes(scalar("nought", 0), "zero");
    String weights = wholeBytes(g.initializer("w", new float[] {1, 2, 3, 4, 5, 6}, 3, 2), "bytes");
    String q = g.node("QuantizeLinear", "x", "step", zero).to("q");
    String sum = g.fused("QLinearAdd", q, "step", zero, q, "step", zero, "step", zero).to("sum");
    g.node("QLinearMatMul", sum, "step", zero, weights, "step", zero, "step", zero).to("product");
    g.node("DequantizeLinear", "product", "step", zero).to("y");
    assertBatch(Batch.Kind.REWRITTEN, 2, 2, "");
  }

  private String wholeBytes(String value, String to) {
    return g.node("Cast", value).with("to", ElementType.UINT8.code()).to(to);
  }

  @Test
  void aScaleTakenOverTheBatchKeepsIt() {
    g.input("x", ElementType.FLOAT, 1, 3);
    g.node("DynamicQuantizeLinear", "x").to("q", "scale", "zero");
    g.node("DequantizeLinear", "q", "scale", "zero").to("y");
    assertBatch(Batch.Kind.FIXED, 1, 3, "DynamicQuantizeLinear \"q\" may mix rows");
  }

  private String scalar(String name, float value) {
    return g.initializer(name, new float[] {value});
  }

  private String drawn(String name, long... shape) {
    int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return g.initializer(name, Gaussians.floats(count, Run.of(7).random(name)), shape);
  }

  private String reshaped(String value, String to, long... shape) {
    g.initializer(to + ".shape", shape, shape.length);
    return g.node("Reshape", value, to + ".shape").to(to);
  }

  private void assertBatch(Batch.Kind kind, int extent, int columns, String notice) {
    g.output("y", ElementType.FLOAT, extent, columns);
    try (OnnxTarget target = OnnxTarget.open(g.build(), OnnxOptions.DEFAULTS)) {
      assertThat(target.batch().kind()).as("%s", target.notices()).isEqualTo(kind);
      assertThat(String.join("; ", target.notices())).contains(notice);
      boolean free = kind == Batch.Kind.FREE || kind == Batch.Kind.REWRITTEN;
      assertThat(target.architecture().isPresent()).isEqualTo(free);
    }
  }
}
