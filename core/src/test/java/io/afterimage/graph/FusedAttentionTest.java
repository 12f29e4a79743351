package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Attention, MultiHeadAttention and QAttention of com.microsoft, against ONNX Runtime. */
@ExtendWith(ScopePerTest.class)
class FusedAttentionTest {
  private static final double EXACT = 1e-5;

  /** Half of a unit in the last of eleven binary places, a few times over. */
  private static final double SHORT = 2e-3;

  private static final UnaryOperator<OneNode> PLAIN = UnaryOperator.identity();

  private final Draws draws = new Draws(11);

  @AfterEach
  void close() {
    draws.close();
  }

  private Tensor drawn(long... shape) {
    return draws.normal(DType.FLOAT, 0, 1, shape);
  }

  private static Tensor ints(long[] shape, long... values) {
    return Tensors.of(values, shape).to(DType.INT);
  }

  private static OneNode unidirectional(OneNode node) {
    return node.with("unidirectional", 1);
  }

  private static OneNode node(String type, UnaryOperator<OneNode> settings) {
    return settings.apply(OneNode.of(Node.MICROSOFT, type, 1).with("num_heads", 2));
  }

  // ---- Attention: 2 examples of 4 words of 5 features, 2 heads of 3

  private void attention(UnaryOperator<OneNode> settings, @Nullable Tensor... rest) {
    @Nullable Tensor[] inputs = new Tensor[3 + rest.length];
    inputs[0] = drawn(2, 4, 5);
    inputs[1] = drawn(5, 18);
    inputs[2] = drawn(18);
    System.arraycopy(rest, 0, inputs, 3, rest.length);
    node("Attention", settings).checkAgainstOnnxRuntime(2, EXACT, inputs);
  }

  @Test
  void projectsItsInputAndAnswersKeysAndValues() {
    attention(PLAIN);
    attention(node -> node.with("scale", 0.3));
    attention(FusedAttentionTest::unidirectional);
  }

  @Test
  void hidesWhatAnyKindOfMaskTellsItToHide() {
    List<Tensor> masks =
        List.of(
            ints(new long[] {2}, 1, 3),
            ints(new long[] {4}, 4, 3, 1, 0),
            ints(new long[] {4}, 2, 4, 2, 7),
            ints(new long[] {8}, 2, 4, 0, 0, 0, 0, 0, 0),
            ints(new long[] {2, 4}, 1, 0, 1, 1, 0, 0, 0, 0),
            drawn(2, 4, 4).gt(0).to(DType.INT));
    for (Tensor mask : masks) {
      attention(PLAIN, mask);
      attention(FusedAttentionTest::unidirectional, mask);
      attention(node -> node.with("mask_filter_value", -2.0), mask);
    }
  }

  @Test
  void addsABiasToTheScores() {
    attention(PLAIN, null, null, drawn(2, 2, 4, 4));
    attention(PLAIN, ints(new long[] {2}, 2, 4), null, drawn(1, 2, 4, 4));
    attention(FusedAttentionTest::unidirectional, null, null, drawn(2, 1, 4, 4));
  }

  @Test
  void seesThePast() {
    Tensor past = drawn(2, 2, 2, 3, 3);
    attention(PLAIN, null, past);
    attention(FusedAttentionTest::unidirectional, null, past);
    attention(PLAIN, drawn(2, 7).gt(-0.5).to(DType.INT), past);
    attention(FusedAttentionTest::unidirectional, ints(new long[] {4}, 7, 6, 2, 0), past);
    node("Attention", FusedAttentionTest::unidirectional)
        .checkAgainstOnnxRuntime(
            2, EXACT, drawn(2, 1, 5), drawn(5, 18), drawn(18), null, drawn(2, 2, 2, 3, 3));
  }

  @Test
  void takesValuesOfAnotherSize() {
    node("Attention", n -> n.with("qkv_hidden_sizes", new long[] {6, 6, 8}))
        .checkAgainstOnnxRuntime(1, EXACT, drawn(2, 4, 5), drawn(5, 20), drawn(20));
  }

  @Test
  void doesWithoutABiasOfItsProjections() {
    Tensor[] inputs = {drawn(2, 4, 5), drawn(5, 18)};
    Tensor none = node("Attention", PLAIN).run(inputs);
    Tensor zero = node("Attention", PLAIN).run(inputs[0], inputs[1], Tensors.zeros(18));
    assertThat(none.toFloats()).containsExactly(zero.toFloats());
  }

  @Test
  void attendsInShortTypes() {
    Tensor[] inputs = {drawn(2, 4, 5), drawn(5, 18), drawn(18), drawn(2, 3, 6)};
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = inputs[i].to(DType.HALF);
    }
    node("Attention", PLAIN).checkAgainstOnnxRuntime(2, SHORT, inputs[0], inputs[1], inputs[2]);
    node("MultiHeadAttention", PLAIN)
        .checkAgainstOnnxRuntime(1, SHORT, inputs[3], inputs[3], inputs[3], inputs[2]);
  }

  // ---- MultiHeadAttention: 2 examples of 4 words that look at 5, 2 heads of 3

  private void multiHead(UnaryOperator<OneNode> settings, @Nullable Tensor... rest) {
    @Nullable Tensor[] inputs = new Tensor[3 + rest.length];
    inputs[0] = drawn(2, 4, 6);
    inputs[1] = drawn(2, 5, 6);
    inputs[2] = drawn(2, 5, 6);
    System.arraycopy(rest, 0, inputs, 3, rest.length);
    node("MultiHeadAttention", settings).checkAgainstOnnxRuntime(4, EXACT, inputs);
  }

  @Test
  void looksAtAnotherSequence() {
    multiHead(PLAIN);
    multiHead(node -> node.with("scale", 0.3), drawn(18));
    multiHead(PLAIN, drawn(18), ints(new long[] {2}, 2, 5));
    multiHead(PLAIN, null, ints(new long[] {8}, 5, 1, 0, 0, 0, 0, 0, 0));
    multiHead(PLAIN, null, drawn(2, 5).gt(0).to(DType.INT), drawn(1, 2, 4, 5));
    multiHead(PLAIN, null, drawn(2, 4, 5).gt(0).to(DType.INT), drawn(2, 1, 4, 5));
  }

  @Test
  void looksAtAPastAndAnotherSequence() {
    multiHead(PLAIN, null, null, null, drawn(2, 2, 3, 3), drawn(2, 2, 3, 3));
    Tensor mask = drawn(2, 8).gt(-0.5).to(DType.INT);
    multiHead(PLAIN, drawn(18), mask, drawn(1, 1, 4, 8), drawn(2, 2, 3, 3), drawn(2, 2, 3, 3));
  }

  @Test
  void looksAtItselfInOneDirection() {
    Tensor x = drawn(2, 4, 6);
    OneNode attention = node("MultiHeadAttention", FusedAttentionTest::unidirectional);
    attention.checkAgainstOnnxRuntime(4, EXACT, x, drawn(2, 4, 6), drawn(2, 4, 8), drawn(20));
    Tensor[] past = {drawn(2, 2, 3, 3), drawn(2, 2, 3, 3)};
    attention.checkAgainstOnnxRuntime(4, EXACT, x, x, x, null, null, null, past[0], past[1]);
  }

  @Test
  void takesKeysAndValuesInHeads() {
    Tensor[] inputs = {drawn(2, 4, 6), drawn(2, 2, 5, 3), drawn(2, 2, 5, 3)};
    OneNode attention = node("MultiHeadAttention", PLAIN);
    attention.checkAgainstOnnxRuntime(4, EXACT, inputs);
    attention.checkAgainstOnnxRuntime(4, EXACT, inputs[0], inputs[1], inputs[2], drawn(18));
  }

  /** ONNX Runtime's own kernels for the CPU do not take these two. */
  @Test
  void takesPackedKeysAndValuesAsTheirParts() {
    Tensor q = drawn(2, 4, 2, 3);
    Tensor k = drawn(2, 4, 2, 3);
    Tensor v = drawn(2, 4, 2, 3);
    Tensor bias = drawn(18);
    OneNode attention = node("MultiHeadAttention", PLAIN);
    float[] apart = attention.run(q.flatten(2), k.flatten(2), v.flatten(2), bias).toFloats();
    Tensor all = Indexing.stack(List.of(q, k, v), 3);
    Tensor some = Indexing.stack(List.of(k, v), 3);
    assertThat(attention.run(all, null, null, bias).toFloats()).containsExactly(apart);
    assertThat(attention.run(q.flatten(2), some, null, bias).toFloats()).containsExactly(apart);
  }

  // ---- QAttention

  @Test
  void projectsQuantisedNumbers() {
    Tensor codes = drawn(2, 4, 5).mul(40).add(120).to(DType.UBYTE);
    Tensor input = Tensors.scalar(0.02f);
    Tensor zero = Tensors.full(DType.UBYTE, 121);
    Tensor bias = drawn(18);
    Tensor signed = drawn(5, 18).mul(30).to(DType.BYTE);
    Tensor unsigned = drawn(5, 18).mul(30).add(128).to(DType.UBYTE);
    Tensor one = Tensors.scalar(0.03f);
    Tensor each = drawn(18).abs().mul(0.03);
    Tensor length = ints(new long[] {2}, 3, 4);
    Tensor shift = Tensors.full(DType.UBYTE, 128);
    Tensor past = drawn(2, 2, 2, 3, 3);
    OneNode plain = node("QAttention", PLAIN);
    plain.checkAgainstOnnxRuntime(2, EXACT, codes, unsigned, bias, input, one, length, zero, shift);
    plain.checkAgainstOnnxRuntime(2, EXACT, codes, signed, bias, input, each, null, zero);
    Tensor shifts = Tensors.zeros(DType.BYTE, 18);
    node("QAttention", FusedAttentionTest::unidirectional)
        .checkAgainstOnnxRuntime(
            2, EXACT, codes, signed, bias, input, each, null, zero, shifts, past);
  }

  // ---- what is refused

  private void refuses(String words, OneNode node, @Nullable Tensor... inputs) {
    assertThatThrownBy(() -> node.run(inputs))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(words);
  }

  @Test
  void refusesWhatItDoesNotSupport() {
    Tensor x = drawn(2, 4, 5);
    Tensor w = drawn(5, 18);
    refuses("do_rotary", node("Attention", n -> n.with("do_rotary", 1)), x, w);
    UnaryOperator<OneNode> shared = n -> n.with("past_present_share_buffer", 1);
    refuses("past_present_share_buffer", node("Attention", shared), x, w);
    Tensor mask = Tensors.ones(DType.INT, 2, 1, 4, 4);
    refuses(
        "a mask of shape [2, 1, 4, 4] for 2 examples of 4 queries and 4 keys",
        node("Attention", PLAIN),
        x,
        w,
        drawn(18),
        mask);
    refuses("a projection of 17", node("Attention", PLAIN), x, drawn(5, 17));
    refuses(
        "sequences of different lengths",
        node("MultiHeadAttention", FusedAttentionTest::unidirectional),
        drawn(2, 4, 6),
        drawn(2, 5, 6),
        drawn(2, 5, 6));
    refuses(
        "has 17 biases, not 18",
        node("MultiHeadAttention", PLAIN),
        drawn(2, 4, 6),
        drawn(2, 5, 6),
        drawn(2, 5, 6),
        drawn(17));
  }

  // ---- what goes with it

  private static OneNode rotary(UnaryOperator<OneNode> settings) {
    return settings.apply(OneNode.of(Node.MICROSOFT, "RotaryEmbedding", 1));
  }

  @Test
  void turnsByThePositionsBeforeTheAngles() {
    Tensor x = drawn(2, 4, 16);
    Tensor start = Tensors.of(new long[] {2}, 1);
    Tensor each = Tensors.of(new long[] {0, 3, 5, 8, 1, 1, 7, 2}, 2, 4);
    Tensor cos = drawn(9, 4);
    Tensor sin = drawn(9, 4);
    UnaryOperator<OneNode> interleaved = n -> n.with("interleaved", 1);
    rotary(PLAIN).checkAgainstOnnxRuntime(1, EXACT, x, start, cos, sin);
    rotary(interleaved).checkAgainstOnnxRuntime(1, EXACT, x, each, cos, sin);
    rotary(PLAIN).checkAgainstOnnxRuntime(1, EXACT, drawn(2, 3, 4, 8), each, cos, sin);
    rotary(n -> n.with("num_heads", 2).with("rotary_embedding_dim", 4))
        .checkAgainstOnnxRuntime(1, EXACT, x, each, drawn(9, 2), drawn(9, 2));
    DType half = DType.HALF;
    rotary(PLAIN).checkAgainstOnnxRuntime(1, SHORT, x.to(half), each, cos.to(half), sin.to(half));
    refuses("an index out of range for a dimension of 9", rotary(PLAIN), x, start.add(5), cos, sin);
  }

  @Test
  void keepsATriangle() {
    OneNode.of(Node.MICROSOFT, "Trilu", 1)
        .checkAgainstOnnxRuntime(1, EXACT, drawn(2, 3, 4), Tensors.scalar(1L));
  }
}
