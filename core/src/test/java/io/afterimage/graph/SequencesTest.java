package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sequences and optional values: by hand, and gradients against differences. */
@ExtendWith(ScopePerTest.class)
class SequencesTest {
  private static GraphBuilder graph() {
    GraphBuilder g = new GraphBuilder("sequences");
    g.input("x", ElementType.FLOAT, "N", 4);
    for (long place = -4; place < 4; place++) {
      g.initializer("at" + place, new long[] {place});
    }
    g.output(g.node("Identity", "x").to("same"), ElementType.FLOAT, "N", 4);
    return g;
  }

  /** The named value for x = 1 2 3 4. */
  private static Value run(GraphBuilder g, String value) {
    try (Interpreter interpreter = Interpreter.of(g.build())) {
      Tensor x = Tensors.of(new float[] {1, 2, 3, 4}, 1, 4);
      return requireNonNull(interpreter.run(Map.of("x", Value.of(x)), List.of(value)).get(value));
    }
  }

  private static List<List<Double>> lists(Value value) {
    return ((Value.Sequence) value)
        .values().stream()
            .map(v -> Arrays.stream(((Value.Numbers) v).tensor().toDoubles()).boxed().toList())
            .toList();
  }

  private static void refused(GraphBuilder g, String value, String message) {
    assertThatThrownBy(() -> run(g, value))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void sequencesAgreeWithOnnxRuntimeAndDifferences() {
    GraphBuilder g = graph();
    g.node("SplitToSequence", "x").with("axis", 1).to("columns");
    g.node("SequenceAt", "columns", "at-2").to("third");
    g.node("Sigmoid", "third").to("squashed");
    g.node("SequenceInsert", "columns", "squashed", "at1").to("longer");
    g.node("SequenceErase", "longer", "at-1").to("shorter");
    g.node("ConcatFromSequence", "shorter").with("axis", 1).to("joined");
    g.output(g.node("Sin", "joined").to("y"), ElementType.FLOAT, "N", 4);
    Agreement.check(g.build());
  }

  @Test
  void placesAreCountedFromEitherEnd() {
    GraphBuilder g = graph();
    g.node("SplitToSequence", "x").with("axis", 1).with("keepdims", 0).to("columns");
    g.node("SequenceAt", "columns", "at0").to("first");
    g.node("SequenceInsert", "columns", "first", "at-1").to("inserted");
    g.node("SequenceErase", "inserted").to("erased");
    assertThat(lists(run(g, "erased")))
        .containsExactly(List.of(1.0), List.of(2.0), List.of(3.0), List.of(1.0));
  }

  @Test
  void aSequenceIsCutIntoPiecesOfGivenSizes() {
    GraphBuilder g = graph();
    g.initializer("sizes", new long[] {1, 0, 3}, 3);
    g.node("SplitToSequence", "x", "sizes").with("axis", 1).to("sized");
    g.node("SplitToSequence", "x", "at3").with("axis", 1).to("threes");
    g.node("SequenceConstruct", "x", "x").to("twice");
    g.node("SequenceLength", "twice").to("length");
    assertThat(lists(run(g, "sized")))
        .containsExactly(List.of(1.0), List.of(), List.of(2.0, 3.0, 4.0));
    assertThat(lists(run(g, "threes"))).containsExactly(List.of(1.0, 2.0, 3.0), List.of(4.0));
    assertThat(((Value.Numbers) run(g, "length")).tensor().item()).isEqualTo(2);
  }

  @Test
  void aBodyIsMappedOverSequencesSideBySide() {
    GraphBuilder body = new GraphBuilder("body");
    body.input("a", ElementType.FLOAT, "N", 1);
    body.input("b", ElementType.FLOAT, "N", 1);
    body.input("whole", ElementType.FLOAT, "N", 4);
    body.node("ReduceSum", "whole").to("total");
    body.node("Mul", "a", "b").to("ab");
    body.output(body.node("Add", "ab", "total").to("r"), ElementType.FLOAT, "N", 1);
    GraphBuilder g = graph();
    g.node("SplitToSequence", "x").with("axis", 1).to("columns");
    g.node("SequenceMap", "columns", "columns", "x").with("body", body).to("mapped");
    assertThat(lists(run(g, "mapped")))
        .containsExactly(List.of(11.0), List.of(14.0), List.of(19.0), List.of(26.0));
  }

  @Test
  void anOptionalValueHoldsOneOrNone() {
    GraphBuilder g = graph();
    g.node("Optional", "x").to("full");
    g.node("Optional").to("empty");
    g.node("OptionalHasElement", "full").to("has");
    g.node("OptionalHasElement", "empty").to("hasNot");
    g.node("OptionalGetElement", "full").to("held");
    assertThat(((Value.Numbers) run(g, "has")).tensor().item()).isEqualTo(1);
    assertThat(((Value.Numbers) run(g, "hasNot")).tensor().item()).isZero();
    assertThat(((Value.Numbers) run(g, "held")).tensor().toDoubles()).containsExactly(1, 2, 3, 4);
    assertThat(((Value.Option) run(g, "empty")).value()).isEmpty();
  }

  @Test
  void whatCannotBeDoneNamesTheNode() {
    GraphBuilder g = graph();
    g.node("SequenceEmpty").to("none");
    g.node("SequenceAt", "none", "at0").to("nothing");
    g.node("ConcatFromSequence", "none").with("axis", 0).to("joined");
    g.node("SequenceLength", "x").to("length");
    g.node("Relu", "none").to("relu");
    g.node("SequenceErase", "none", "x").to("where");
    g.node("Optional").to("empty");
    g.node("OptionalGetElement", "empty").to("held");
    g.node("SplitToSequence", "x", "at0").to("zeros");
    refused(g, "nothing", "SequenceAt \"nothing\" names place 0 of a sequence of 0 values");
    refused(g, "joined", "ConcatFromSequence \"joined\" joins an empty sequence");
    refused(g, "length", "SequenceLength \"length\" needs a sequence as input 0");
    refused(g, "relu", "Relu \"relu\" needs numbers as input 0, but is given a sequence");
    refused(g, "where", "SequenceErase \"where\" needs one number as input 1");
    refused(g, "held", "OptionalGetElement \"held\" takes the element of an empty value");
    refused(g, "zeros", "SplitToSequence \"zeros\" splits 1 into pieces of 0");
  }

  @Test
  void aSequenceThatIsTooLongIsRefused() {
    GraphBuilder g = graph();
    g.initializer("wide", new float[9000], 9000);
    g.node("SplitToSequence", "wide").to("pieces");
    refused(g, "pieces", "SplitToSequence \"pieces\" splits 9000 into pieces of 1");
  }
}
