package io.afterimage.graph;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.function.UnaryOperator;

/** The operators of com.microsoft. */
final class FusedSamples extends SampleMaker {
  private static final String MICROSOFT = Node.MICROSOFT + ":";

  FusedSamples(Draws draws) {
    super(draws);
  }

  @Override
  void make() {
    products();
    biases();
    normalisations();
    attention();
    quantised();
  }

  private void products() {
    UnaryOperator<OneNode> scaled = node -> node.with("alpha", 0.5);
    add(
        MICROSOFT + "FusedMatMul",
        node -> scaled.apply(node.with("transB", 1)),
        drawn(2, 3),
        drawn(4, 3));
    add(
        MICROSOFT + "TransposeMatMul",
        node -> scaled.apply(node.with("transA", 1)),
        drawn(3, 2),
        drawn(3, 4));
    add(
        MICROSOFT + "FusedGemm",
        node -> node.with("activation", "Tanh"),
        drawn(2, 3),
        drawn(3, 4),
        drawn(4));
    add(
        MICROSOFT + "FusedConv",
        node -> node.with("activation", "Sigmoid"),
        drawn(1, 2, 5, 5),
        drawn(3, 2, 3, 3),
        drawn(3),
        drawn(1, 3, 3, 3));
    add(MICROSOFT + "Inverse", drawn(2, 3, 3));
  }

  private void biases() {
    add(MICROSOFT + "Gelu", drawn(2, 3));
    add(MICROSOFT + "QuickGelu", drawn(2, 3));
    add(MICROSOFT + "BiasGelu", drawn(2, 3), drawn(3));
    add(MICROSOFT + "FastGelu", drawn(2, 3), drawn(3));
    add(MICROSOFT + "BiasDropout", drawn(2, 3), drawn(3), drawn(2, 3));
    add(
        MICROSOFT + "BiasSoftmax",
        node -> node.with("axis", 2).with("is_inner_broadcast", 1),
        drawn(2, 3, 4),
        drawn(1, 3, 4));
  }

  private void normalisations() {
    add(":SimplifiedLayerNormalization", node -> node, 2, drawn(2, 4), drawn(4));
    add(
        MICROSOFT + "SkipLayerNormalization",
        node -> node,
        4,
        drawn(2, 3, 4),
        drawn(2, 3, 4),
        drawn(4),
        drawn(4),
        drawn(4));
    add(
        MICROSOFT + "SkipSimplifiedLayerNormalization",
        node -> node,
        4,
        drawn(2, 3, 4),
        drawn(2, 3, 4),
        drawn(4),
        drawn(4));
    add(
        MICROSOFT + "EmbedLayerNormalization",
        node -> node,
        3,
        whole(0, 4, 2, 1).reshape(2, 2),
        whole(0, 1, 1, 0).reshape(2, 2),
        drawn(5, 4),
        drawn(3, 4),
        drawn(2, 4),
        drawn(4),
        drawn(4));
  }

  private void attention() {
    UnaryOperator<OneNode> heads = node -> node.with("num_heads", 2);
    add(
        MICROSOFT + "Attention",
        node -> heads.apply(node).with("unidirectional", 1),
        2,
        drawn(2, 4, 5),
        drawn(5, 18),
        drawn(18),
        whole(4, 3),
        drawn(2, 2, 2, 3, 3),
        drawn(1, 2, 4, 7));
    add(
        MICROSOFT + "MultiHeadAttention",
        heads,
        4,
        drawn(2, 4, 6),
        drawn(2, 5, 6),
        drawn(2, 5, 8),
        drawn(20),
        null,
        drawn(2, 1, 4, 5));
    add(
        MICROSOFT + "QAttention",
        heads,
        2,
        drawn(2, 4, 5),
        drawn(5, 18),
        drawn(18),
        drawn(),
        drawn(18),
        whole(4, 2),
        drawn(),
        drawn(18));
    add(
        MICROSOFT + "GroupQueryAttention",
        node ->
            heads
                .apply(node)
                .with("kv_num_heads", 1)
                .with("softcap", 2.0)
                .with("local_window_size", 2)
                .with("do_rotary", 1),
        3,
        drawn(1, 3, 8),
        drawn(1, 3, 4),
        drawn(1, 3, 4),
        drawn(1, 1, 2, 4),
        drawn(1, 1, 2, 4),
        whole(4),
        whole(5),
        drawn(6, 2),
        drawn(6, 2),
        null,
        drawn(1, 2, 3, 5),
        drawn(2));
    add(
        MICROSOFT + "RotaryEmbedding",
        node -> node,
        drawn(2, 4, 16),
        whole(2),
        drawn(9, 4),
        drawn(9, 4));
    add(MICROSOFT + "Trilu", drawn(2, 3, 4));
  }

  /** Where whole numbers carry gradients, they are real numbers; see {@code Quantised}. */
  private void quantised() {
    add(":MatMulInteger", drawn(2, 3), drawn(3, 4), drawn(2), drawn(4));
    add(":ConvInteger", drawn(1, 2, 4, 4), drawn(3, 2, 2, 2), drawn(), drawn(3));
    add(MICROSOFT + "DequantizeLinear", drawn(2, 3), drawn(), drawn());
    add(
        MICROSOFT + "MatMulIntegerToFloat",
        drawn(2, 3),
        drawn(3, 4),
        drawn(),
        drawn(4),
        drawn(),
        drawn(4),
        drawn(4));
    Tensor codes = Tensors.arange(DType.DOUBLE, 3, 27, 1).to(DType.UBYTE).reshape(3, 1, 8);
    add(
        MICROSOFT + "MatMulNBits",
        node -> node.with("bits", 4).with("N", 3).with("K", 16).with("block_size", 16),
        drawn(2, 16),
        codes,
        drawn(3),
        drawn(3),
        null,
        drawn(3));
  }
}
