package io.afterimage.graph;

import static io.afterimage.graph.ElementType.FLOAT;
import static io.afterimage.graph.ElementType.STRING;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.graph.Verify.Outcome;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class VerifyTest {
  private static final Run RUN = Run.of(1);
  private static final double NAN = Double.NaN;
  private static final double STEP = 0.5;

  /** x through one operator, held against these answers to 1, 2 and -1. */
  private static Verify.Result compared(OnnxModel model, double... answers) {
    Value x = Value.of(Tensors.of(new float[] {1, 2, -1}, 3, 1));
    return Verify.run(model, Map.of("x", x), given -> Map.of("y", answers), RUN);
  }

  private static OnnxModel unary(String type) {
    GraphBuilder g = new GraphBuilder("unary");
    g.input("x", FLOAT, "N", 1);
    g.output(g.node(type, "x").to("y"), FLOAT, "N", 1);
    return g.build();
  }

  @Test
  void whatIsNoNumberOnBothSidesIsNoDifference() {
    Verify.Result result = compared(unary("Log"), 0, Math.log(2), NAN);
    assertThat(result.outcome()).isEqualTo(Outcome.AGREE);
    assertThat(result.undefined()).isEqualTo(1);
    assertThat(result.onOneSide()).isZero();
    assertThat(result.maxRelative()).isLessThan(1e-6);
    assertThat(result.gradientMaxRelative()).isNull();
    assertThat(result.reason()).contains("not finite at these inputs");
    assertThat(result.differs()).isFalse();
  }

  @Test
  void whatIsNoNumberOnOneSideAloneIsADifference() {
    Verify.Result result = compared(unary("Neg"), -1, NAN, Double.POSITIVE_INFINITY);
    assertThat(result.outcome()).isEqualTo(Outcome.DIFFER);
    assertThat(result.onOneSide()).isEqualTo(2);
    assertThat(result.undefined()).isZero();
    assertThat(result.maxAbsolute()).isZero();
    assertThat(result.differs()).isTrue();
  }

  @Test
  void otherNumbersAreADifference() {
    assertThat(compared(unary("Neg"), -1, -2, 1).outcome()).isEqualTo(Outcome.AGREE);
    Verify.Result result = compared(unary("Neg"), -1, -2.001, 1);
    assertThat(result.outcome()).isEqualTo(Outcome.DIFFER);
    assertThat(result.remark()).isEmpty();
  }

  /** x in steps, then perhaps through one operator more. */
  private static OnnxModel quantised(boolean inside) {
    GraphBuilder g = new GraphBuilder("quantised");
    g.input("x", FLOAT, "N", 1);
    g.initializer("step", new float[] {(float) STEP});
    g.node("QuantizeLinear", "x", "step").to("q");
    String steps = g.node("DequantizeLinear", "q", "step").to(inside ? "steps" : "y");
    if (inside) {
      g.node("Neg", steps).to("y");
    }
    g.output("y", FLOAT, "N", 1);
    return g.build();
  }

  @Test
  void aDifferenceOfOneStepOfAQuantisedOutputIsTold() {
    Verify.Result result = compared(quantised(false), 1 + STEP, 2, 0);
    assertThat(result.outcome()).isEqualTo(Outcome.WITHIN_A_STEP);
    assertThat(result.differs()).isFalse();
    assertThat(result.remark()).contains("output y is rounded to steps of 5.0e-01", "1.0 steps");
  }

  @Test
  void moreStepsAreADifference() {
    Verify.Result result = compared(quantised(false), 1 + 2 * STEP, 2, 0);
    assertThat(result.outcome()).isEqualTo(Outcome.DIFFER);
    assertThat(result.remark()).contains("2.0 steps");
  }

  @Test
  void stepsWithinTheGraphExcuseNothingButAreTold() {
    Verify.Result result = compared(quantised(true), -1 - STEP, -2, 0);
    assertThat(result.outcome()).isEqualTo(Outcome.DIFFER);
    assertThat(result.remark()).startsWith("QuantizeLinear \"q\" rounds inner values to steps");
  }

  // ---- texts

  /** A one-hot encoder behind another operator. */
  private static OnnxModel encoder(long zeros) {
    GraphBuilder g = new GraphBuilder("encoder");
    g.input("job", STRING, "N", 1);
    g.node("Identity", "job").to("same");
    g.ml("OneHotEncoder", "same")
        .with("cats_strings", List.of("cook", "nurse", "pilot"))
        .with("zeros", zeros)
        .to("hot");
    g.output("hot", FLOAT, "N", 1, 3);
    return g.build();
  }

  @Test
  void textsAreDrawnAmongThoseThatTheGraphTellsApartAndOneMore() {
    assertThat(Categories.of(encoder(1), "job"))
        .isEqualTo(new Categories(List.of("cook", "nurse", "pilot"), true));
    assertThat(texts(encoder(1)))
        .contains("cook", "nurse", "pilot")
        .hasSize(4); // of 100 draws: one is missing in 4 * 0.75^100 < 1e-11 of runs
    Verify.Result result =
        Verify.run(encoder(1), Verify.drawnInputs(encoder(1), 20, RUN), new Ort(encoder(1)), RUN);
    assertThat(result.outcome()).isEqualTo(Outcome.AGREE);
    assertThat(result.rows()).isEqualTo(20);
  }

  @Test
  void noOtherTextIsDrawnWhereTheGraphTakesNone() {
    assertThat(texts(encoder(0))).containsExactlyInAnyOrder("cook", "nurse", "pilot");
  }

  private static List<String> texts(OnnxModel model) {
    Value drawn = Verify.drawnInputs(model, 100, RUN).get("job");
    return ((Value.Strings) requireNonNull(drawn)).values().stream().distinct().toList();
  }

  @Test
  void categoriesAreReadFromTablesAndComparisonsToo() {
    GraphBuilder g = new GraphBuilder("looked up");
    g.input("a", STRING, "N", 1);
    g.input("b", STRING, "N", 1);
    g.ml("LabelEncoder", "a")
        .with("keys_strings", List.of("x", "y"))
        .with("values_floats", new float[] {1, 2})
        .to("number");
    g.initializer("wanted", List.of("z"), 1);
    g.node("Equal", "b", "wanted").to("found");
    g.node("Cast", "found").with("to", FLOAT.code()).to("flag");
    g.output(g.node("Add", "number", "flag").to("y"), FLOAT, "N", 1);
    assertThat(Categories.of(g.build(), "a").known()).containsExactly("x", "y");
    assertThat(Categories.of(g.build(), "b").known()).containsExactly("z");
  }
}
