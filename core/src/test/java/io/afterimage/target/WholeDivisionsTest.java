package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.graph.Verify;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensors;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Divisions that ended the process would end these tests. */
@ExtendWith(ScopePerTest.class)
class WholeDivisionsTest {
  @ParameterizedTest
  @CsvSource({
    "Div, INT64, false",
    "Div, INT64, true",
    "Div, INT32, false",
    "Div, INT32, true",
    "Mod, INT64, false",
    "Mod, INT64, true",
    "Mod, INT32, false",
    "Mod, INT32, true"
  })
  void theLeastWholeNumberIsDividedByMinusOneAsTheInterpreterDoes(
      String operator, ElementType type, boolean stored) {
    long least = type == ElementType.INT64 ? Long.MIN_VALUE : Integer.MIN_VALUE;
    GraphBuilder g = new GraphBuilder("divided");
    g.input("x", type, 4);
    String by = stored ? "stored" : "given";
    if (stored) {
      g.initializer("long", new long[] {-1, -1, 3, -4}, 4);
      g.node("Cast", "long").with("to", type.code()).to("stored");
    } else {
      g.input("given", type, 4);
    }
    g.output(g.node(operator, "x", by).to("y"), type, 4);
    OnnxModel model = g.build();
    DType dtype = type.dtype().orElseThrow();
    Value x = Value.of(Tensors.of(new long[] {least, 7, -7, least}, 4).to(dtype));
    Value divisors = Value.of(Tensors.of(new long[] {-1, -1, 3, -4}, 4).to(dtype));
    Map<String, Value> inputs = stored ? Map.of("x", x) : Map.of("x", x, "given", divisors);
    try (OnnxReference reference = new OnnxReference(model, 1)) {
      Verify.Result result = Verify.run(model, inputs, reference, Run.of(1));
      assertThat(result.outcome()).isEqualTo(Verify.Outcome.AGREE);
      assertThat(result.maxAbsolute()).isZero();
    }
  }

  /** The type of what a branch answers is not read, and a function takes numbers of any type. */
  @ParameterizedTest
  @CsvSource({"Div, INT64", "Div, INT32", "Mod, INT64", "Mod, INT32", "Div, FLOAT"})
  void soItIsBehindOperatorsWithinBranchesAndOfUnknownType(String operator, ElementType type) {
    long least = type == ElementType.INT32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
    GraphBuilder g = new GraphBuilder("divided");
    g.input("x", type, 4);
    g.input("given", type, 4);
    g.input("so", ElementType.BOOL);
    g.node("Transpose", "x").to("same");
    g.node("Transpose", "given").to("divisor");
    branches(g, branch("a", type, operator, "same", "divisor"), "b", type, "x").to("unknown");
    branches(g, branch("c", type, "Identity", "x"), "d", type, "x").to("least");
    branches(g, branch("e", type, "Identity", "given"), "f", type, "given").to("by");
    g.node(operator, "least", "by").to("of unknown type");
    g.node("Where", "so", "unknown", "x").to("one");
    g.output("one", type, 4);
    g.output("of unknown type", type, 4);
    OnnxModel model = g.build();
    DType dtype = type.dtype().orElseThrow();
    Map<String, Value> inputs =
        Map.of(
            "x", Value.of(Tensors.of(new long[] {least, 7, -7, least}, 4).to(dtype)),
            "given", Value.of(Tensors.of(new long[] {-1, -1, 3, -4}, 4).to(dtype)),
            "so", Value.of(Tensors.of(new boolean[] {true})));
    try (OnnxReference reference = new OnnxReference(model, 1)) {
      Verify.Result result = Verify.run(model, inputs, reference, Run.of(1));
      assertThat(result.outcome()).isEqualTo(Verify.Outcome.AGREE);
      assertThat(result.maxAbsolute()).isZero();
    }
  }

  private static GraphBuilder branch(
      String name, ElementType type, String operator, String... inputs) {
    GraphBuilder branch = new GraphBuilder(name);
    branch.output(branch.node(operator, inputs).to(name), type, 4);
    return branch;
  }

  /** A value that is one branch's, or as given. */
  private static GraphBuilder.NodeBuilder branches(
      GraphBuilder g, GraphBuilder first, String name, ElementType type, String otherwise) {
    return g.node("If", "so")
        .with("then_branch", first)
        .with("else_branch", branch(name, type, "Identity", otherwise));
  }
}
