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

/** GroupQueryAttention of com.microsoft against ONNX Runtime: 4 heads share 2 of 16 features. */
@ExtendWith(ScopePerTest.class)
class GroupedAttentionTest {
  private static final double EXACT = 1e-5;

  /** A few units in the last of eleven binary places. */
  private static final double SHORT = 2e-3;

  private static final UnaryOperator<OneNode> PLAIN = UnaryOperator.identity();

  private final Draws draws = new Draws(12);

  @AfterEach
  void close() {
    draws.close();
  }

  private Tensor drawn(long... shape) {
    return draws.normal(DType.FLOAT, 0, 1, shape);
  }

  private static Tensor ints(long... values) {
    return Tensors.of(values, values.length).to(DType.INT);
  }

  private static Tensor number(long value) {
    return Tensors.scalar(value).to(DType.INT);
  }

  private static OneNode node(UnaryOperator<OneNode> settings) {
    return settings.apply(
        OneNode.of(Node.MICROSOFT, "GroupQueryAttention", 1)
            .with("num_heads", 4)
            .with("kv_num_heads", 2));
  }

  /** Two examples of four words from their beginning. */
  private @Nullable Tensor[] prompt(@Nullable Tensor... rest) {
    @Nullable Tensor[] inputs = new Tensor[7 + rest.length];
    inputs[0] = drawn(2, 4, 64);
    inputs[1] = drawn(2, 4, 32);
    inputs[2] = drawn(2, 4, 32);
    inputs[5] = ints(3, 3);
    inputs[6] = number(4);
    System.arraycopy(rest, 0, inputs, 7, rest.length);
    return inputs;
  }

  private static void agrees(UnaryOperator<OneNode> settings, @Nullable Tensor... inputs) {
    node(settings).checkAgainstOnnxRuntime(3, EXACT, inputs);
  }

  @Test
  void seesTheWordsBefore() {
    agrees(PLAIN, prompt());
    agrees(n -> n.with("scale", 0.4), prompt());
    agrees(n -> n.with("softcap", 0.7), prompt());
    agrees(n -> n.with("local_window_size", 2), prompt());
  }

  @Test
  void losesAShareToASinkAndAddsABias() {
    agrees(n -> n.with("smooth_softmax", 1), prompt());
    agrees(PLAIN, prompt(null, null, null, null, drawn(4)));
    agrees(PLAIN, prompt(null, null, null, drawn(1, 1, 4, 4), null));
    agrees(n -> n.with("softcap", 0.7), prompt(null, null, null, drawn(2, 4, 4, 4), drawn(4)));
    agrees(n -> n.with("local_window_size", 2), prompt(null, null, null, null, drawn(4)));
  }

  @Test
  void turnsQueriesAndKeys() {
    UnaryOperator<OneNode> rotary = n -> n.with("do_rotary", 1);
    Tensor[] angles = {drawn(9, 8), drawn(9, 8)};
    agrees(rotary, prompt(angles));
    agrees(n -> rotary.apply(n).with("rotary_interleaved", 1), prompt(angles));
    Tensor last = drawn(1, 3, 64);
    Tensor key = drawn(1, 3, 32);
    Tensor past = drawn(1, 2, 5, 16);
    agrees(rotary, last, key, key, past, past, ints(7), number(8), angles[0], angles[1]);
  }

  @Test
  void readsAllOfThemFromOneInput() {
    Tensor[] angles = {drawn(9, 8), drawn(9, 8)};
    agrees(PLAIN, drawn(2, 4, 128), null, null, null, null, ints(3, 3), number(4));
    agrees(
        n -> n.with("do_rotary", 1),
        drawn(2, 4, 128),
        null,
        null,
        null,
        null,
        ints(3, 3),
        number(4),
        angles[0],
        angles[1]);
  }

  @Test
  void continuesBehindAPast() {
    Tensor query = drawn(2, 1, 64);
    Tensor key = drawn(2, 1, 32);
    Tensor value = drawn(2, 1, 32);
    Tensor[] past = {drawn(2, 2, 5, 16), drawn(2, 2, 5, 16)};
    agrees(PLAIN, query, key, value, past[0], past[1], ints(5, 5), number(6));
    agrees(PLAIN, query, key, value, past[0], past[1], ints(2, 4), number(5));
    agrees(PLAIN, query, key, value, past[0], past[1], ints(1, 5), number(6));
    Tensor[] wide = {drawn(1, 2, 9, 16), drawn(1, 2, 9, 16)};
    agrees(
        n -> n.with("local_window_size", 3),
        drawn(1, 3, 64),
        drawn(1, 3, 32),
        drawn(1, 3, 32),
        wide[0],
        wide[1],
        ints(7),
        number(8));
  }

  @Test
  void forgetsAPastWhenItBeginsAnew() {
    @Nullable Tensor[] inputs = prompt();
    inputs[3] = drawn(2, 2, 9, 16);
    inputs[4] = drawn(2, 2, 9, 16);
    agrees(PLAIN, inputs);
  }

  @Test
  void attendsInShortTypes() {
    @Nullable Tensor[] inputs = prompt();
    for (int i = 0; i < 3; i++) {
      inputs[i] = drawn(inputs[i].shape()).to(DType.HALF);
    }
    node(PLAIN).checkAgainstOnnxRuntime(3, SHORT, inputs);
  }

  /** ONNX Runtime does not say what the words beyond an example's end answer. */
  @Test
  void wordsBeyondTheEndOfAnExampleChangeNothing() {
    @Nullable Tensor[] inputs = prompt();
    inputs[5] = ints(1, 3);
    Tensor shorter = node(PLAIN).run(inputs).narrow(0, 0, 1).narrow(1, 0, 2);
    @Nullable Tensor[] alone = new Tensor[7];
    for (int i = 0; i < 3; i++) {
      alone[i] = inputs[i].narrow(0, 0, 1).narrow(1, 0, 2);
    }
    alone[5] = ints(1);
    alone[6] = number(2);
    assertThat(shorter.toFloats())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(node(PLAIN).run(alone).toFloats());
  }

  @Test
  void packedHeadsAreTheirParts() {
    @Nullable Tensor[] inputs = prompt();
    Tensor all = Indexing.cat(List.of(inputs[0], inputs[1], inputs[2]), 2);
    Tensor packed = node(PLAIN).run(all, null, null, null, null, inputs[5], inputs[6]);
    assertThat(packed.toFloats()).containsExactly(node(PLAIN).run(inputs).toFloats());
  }

  private void refuses(String words, UnaryOperator<OneNode> settings, @Nullable Tensor... inputs) {
    assertThatThrownBy(() -> node(settings).run(inputs))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(words);
  }

  @Test
  void refusesWhatItDoesNotSupport() {
    refuses("a quantised cache", n -> n.with("k_quant_type", "PER_TENSOR"), prompt());
    refuses("a cache of one window", n -> n.with("sliding_window_cache", 1), prompt());
    refuses("causal = 0", n -> n.with("causal", 0), prompt());
    refuses("qk_output", n -> n.with("qk_output", 1), prompt());
    @Nullable Tensor[] short0 = prompt();
    short0[5] = ints(3);
    refuses("has 1 lengths for 2 examples", PLAIN, short0);
    @Nullable Tensor[] beyond = prompt();
    beyond[5] = ints(3, 7);
    beyond[6] = number(8);
    refuses("has 4 new words of at most 8, behind a past of 0", PLAIN, beyond);
  }
}
