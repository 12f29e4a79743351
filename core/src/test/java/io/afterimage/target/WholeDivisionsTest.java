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
}
