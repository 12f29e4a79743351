package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subgraphs that do not fit into the graph around them are refused in one line. */
@ExtendWith(ScopePerTest.class)
class HostileGraphsTest {
  /** x > 0 ? then : else, which read what they like; the answer is {@code chosen}. */
  private static GraphBuilder choice(GraphBuilder then) {
    GraphBuilder g = new GraphBuilder("choice");
    g.input("x", ElementType.FLOAT, 1);
    g.initializer("zero", new float[] {0}, 1);
    g.node("Greater", "x", "zero").to("above");
    GraphBuilder otherwise = new GraphBuilder("else");
    otherwise.output(otherwise.node("Neg", "x").to("negative"), ElementType.FLOAT, 1);
    g.node("If", "above").with("then_branch", then).with("else_branch", otherwise).to("chosen");
    g.output("chosen", ElementType.FLOAT, 1);
    return g;
  }

  private static GraphBuilder branch(String type, String output, String... inputs) {
    GraphBuilder then = new GraphBuilder("then");
    then.output(then.node(type, inputs).to(output), ElementType.FLOAT, 1);
    return then;
  }

  private static void refused(GraphBuilder g, String message) {
    assertThatThrownBy(g::build)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private static void answers(GraphBuilder g, float x, double expected) {
    try (Interpreter interpreter = Interpreter.of(g.build())) {
      assertThat(interpreter.run(Tensors.of(new float[] {x}, 1), "chosen").item())
          .isEqualTo(expected);
    }
  }

  @Test
  void aCycleThroughASubgraphIsRefused() {
    GraphBuilder g = choice(branch("Relu", "inner", "after"));
    g.node("Exp", "chosen").to("after");
    refused(g, "a cycle through node If \"chosen\"");
  }

  @Test
  void whatNothingComputesIsRefusedInASubgraph() {
    refused(choice(branch("Relu", "inner", "nobody")), "If \"chosen\" needs nobody");
  }

  @Test
  void aValueOfTheGraphAroundIsNotComputedAgain() {
    refused(choice(branch("Relu", "above", "x")), "two values are called above");
  }

  @Test
  void aValueOfASiblingIsNotSeen() {
    refused(choice(branch("Relu", "inner", "negative")), "If \"chosen\" needs negative");
  }

  @Test
  void aNameLikeThatOfAnInnerValueIsRefused() {
    GraphBuilder g = choice(branch("Relu", "inner", "x"));
    g.node("Exp", "x").to("chosen/then_branch/inner");
    refused(g, "two values are called chosen/then_branch/inner");
  }

  @Test
  void namesOfInnerValuesThatGrowTooLongAreRefused() {
    GraphBuilder inner = branch("Relu", "r".repeat(900), "x");
    for (int depth = 0; depth < 3; depth++) {
      GraphBuilder outer = new GraphBuilder("outer");
      outer
          .node("If", "above")
          .with("then_branch", inner)
          .with("else_branch", branch("Neg", "n" + depth, "x"))
          .to(("o" + depth).repeat(250));
      outer.output(("o" + depth).repeat(250), ElementType.FLOAT, 1);
      inner = outer;
    }
    refused(choice(inner), "have more than 1000 characters");
  }

  @Test
  void aStoredTensorOfASubgraphHidesAValueAroundIt() {
    GraphBuilder then = new GraphBuilder("then");
    then.initializer("zero", new float[] {40}, 1);
    then.output(then.node("Add", "x", "zero").to("sum"), ElementType.FLOAT, 1);
    GraphBuilder g = choice(then);
    answers(g, 2, 42);
    answers(g, -2, 2);
  }

  @Test
  void aDefaultIsReplacedWhereAnInputIsGiven() {
    GraphBuilder g = choice(branch("Add", "sum", "x", "twice"));
    g.input("two", ElementType.FLOAT, 1);
    g.initializer("two", new float[] {2}, 1);
    g.node("Add", "two", "two").to("twice");
    answers(g, 1, 5);
    try (Interpreter interpreter = Interpreter.of(g.build())) {
      Map<String, Value> inputs =
          Map.of(
              "x", Value.of(Tensors.of(new float[] {1}, 1)),
              "two", Value.of(Tensors.of(new float[] {10}, 1)));
      Value chosen = requireNonNull(interpreter.run(inputs, List.of("chosen")).get("chosen"));
      assertThat(((Value.Numbers) chosen).tensor().item()).isEqualTo(21);
    }
  }

  @Test
  void anOperatorThatIsNotKnownIsNamedInASubgraph() {
    try (Interpreter interpreter =
        Interpreter.of(choice(branch("NoSuchOperator", "inner", "x")).build())) {
      assertThatThrownBy(() -> interpreter.run(Tensors.zeros(1), "chosen"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("NoSuchOperator \"chosen/then_branch/inner\"");
    }
  }

  // ---- numbers at which a processor or libtorch would end the process

  private static Tensor longs(long... values) {
    return Tensors.of(values, values.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Div", "Mod"})
  void wholeNumbersAreNotDividedByZero(String type) {
    assertThatThrownBy(() -> OneNode.of(type).run(longs(7, 8), longs(2, 0)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(type + " \"node\" divides whole numbers by zero");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Div", "Mod"})
  void wholeNumbersAreNotDividedByAConstantThatHoldsZero(String type) {
    GraphBuilder g = new GraphBuilder("divided");
    g.input("x", ElementType.INT64, 2);
    g.initializer("by", new long[] {3, 0}, 2);
    g.output(g.node(type, "x", "by").to("y"), ElementType.INT64, 2);
    refused(g, "divided: node " + type + " \"y\" divides whole numbers by the constant by");
  }

  @Test
  void theLeastWholeNumberDividedByMinusOneWrapsAround() {
    Tensor least = longs(Long.MIN_VALUE, 7, 6);
    Tensor divisor = longs(-1, -1, -4);
    assertThat(OneNode.of("Div").run(least, divisor).toLongs())
        .containsExactly(Long.MIN_VALUE, -7, -1);
    assertThat(OneNode.of("Mod").run(least, divisor).toLongs()).containsExactly(0, 0, -2);
    assertThat(OneNode.of("Mod").with("fmod", 1).run(least, divisor).toLongs())
        .containsExactly(0, 0, 2);
    Tensor small = Tensors.of(new long[] {Integer.MIN_VALUE, 5}, 2).to(DType.INT);
    assertThat(OneNode.of("Div").run(small, longs(-1, -1).to(DType.INT)).toLongs())
        .containsExactly(Integer.MIN_VALUE, -5);
  }

  @Test
  void anEmptyTensorWhoseOtherExtentsOverflowIsRefused() {
    GraphBuilder g = new GraphBuilder("empty");
    g.initializer("w", new float[0], 0, 1L << 31, 1L << 31, 1L << 31);
    g.output(g.node("Neg", "w").to("y"), ElementType.FLOAT, 0);
    refused(g, "tensor w is larger than");
  }

  @Test
  void aNormalisationOverMoreChannelsThanThereCanBeIsRefused() {
    assertThatThrownBy(
            () -> OneNode.of("LRN").with("size", Integer.MAX_VALUE).run(Tensors.zeros(1, 2, 1, 1)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("LRN \"node\" sums over 2147483647 channels; allowed are 1 to 65536");
  }
}
