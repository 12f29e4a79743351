package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Branches and loops: by hand, against ONNX Runtime, and gradients against differences. */
@ExtendWith(ScopePerTest.class)
class ControlFlowTest {
  private static final ElementType FLOAT = ElementType.FLOAT;

  private final RandomGenerator random = Run.of(5).random("weights");

  private float[] weights(int count) {
    return Gaussians.floats(count, 0.5, random);
  }

  private static double[] numbers(Map<String, Value> values, String name) {
    return ((Value.Numbers) requireNonNull(values.get(name))).tensor().toDoubles();
  }

  @Test
  void aCancelledRunEndsALoopBeforeItsNextIteration() {
    Run run = Run.of(1);
    try (Interpreter interpreter = Interpreter.of(recurrence(3)).heeding(run)) {
      Tensor x = Tensors.zeros(2, 3);
      assertThat(interpreter.run(x, "all").shape()).containsExactly(3, 2, 3);
      run.cancelled().set(true);
      assertThatThrownBy(() -> interpreter.run(x, "all")).isInstanceOf(CancelledException.class);
    }
  }

  // ---- models

  /** h = tanh(h w + b) so many times, with w in the body and b around it; keeps every h. */
  private OnnxModel recurrence(long steps) {
    GraphBuilder body = new GraphBuilder("body");
    body.input("i", ElementType.INT64);
    body.input("goes", ElementType.BOOL);
    body.input("h", FLOAT, "N", 3);
    body.initializer("w", weights(9), 3, 3);
    body.node("MatMul", "h", "w").to("hw");
    body.node("Add", "hw", "b").to("sum");
    body.output(body.node("Identity", "goes").to("still"), ElementType.BOOL);
    body.output(body.node("Tanh", "sum").to("next"), FLOAT, "N", 3);
    body.output(body.node("Identity", "next").to("seen"), FLOAT, "N", 3);
    GraphBuilder g = new GraphBuilder("recurrence");
    g.input("x", FLOAT, "N", 3);
    g.initializer("b", weights(3), 3);
    g.initializer("steps", new long[] {steps});
    g.node("Loop", "steps", "", "x").with("body", body).to("last", "all");
    g.output("last", FLOAT, "N", 3);
    g.output("all", FLOAT, "T", "N", 3);
    return g.build();
  }

  /** x < limit ? x * a : x * a * a, elements summed first; each branch holds its own a. */
  private OnnxModel branches() {
    GraphBuilder then = new GraphBuilder("then");
    then.initializer("a", new float[] {2}, 1);
    then.output(then.node("Mul", "x", "a").to("y"), FLOAT, "N", 3);
    GraphBuilder otherwise = new GraphBuilder("else");
    otherwise.initializer("a", new float[] {3}, 1);
    otherwise.node("Mul", "x", "a").to("once");
    otherwise.output(otherwise.node("Mul", "once", "a").to("y"), FLOAT, "N", 3);
    GraphBuilder g = new GraphBuilder("branches");
    g.input("x", FLOAT, "N", 3);
    g.initializer("limit", new float[] {0}, 1);
    g.node("ReduceSum", "x").with("keepdims", 0).to("total");
    g.node("Less", "total", "limit").to("below");
    g.node("If", "below").with("then_branch", then).with("else_branch", otherwise).to("chosen");
    g.output("chosen", FLOAT, "N", 3);
    return g.build();
  }

  private OnnxModel scan() {
    GraphBuilder body = new GraphBuilder("body");
    body.input("sum", FLOAT, 2);
    body.input("a", FLOAT, 2);
    body.input("b", FLOAT, 2);
    body.node("Mul", "a", "b").to("ab");
    body.output(body.node("Add", "sum", "ab").to("next"), FLOAT, 2);
    body.output(body.node("Sin", "next").to("wave"), FLOAT, 2);
    GraphBuilder g = new GraphBuilder("scan");
    g.input("x", FLOAT, "N", 2);
    g.initializer("start", weights(2), 2);
    g.node("Transpose", "x").to("t");
    g.node("Scan", "start", "x", "t")
        .with("body", body)
        .with("num_scan_inputs", 2)
        .with("scan_input_axes", new long[] {0, 1})
        .with("scan_input_directions", new long[] {0, 1})
        .with("scan_output_axes", new long[] {1})
        .with("scan_output_directions", new long[] {1})
        .to("total", "waves");
    g.output("total", FLOAT, 2);
    g.output("waves", FLOAT, 2, "N");
    return g.build();
  }

  /** A loop whose condition the body computes: {@code goes} is its node. */
  private static OnnxModel doubling(String goes) {
    GraphBuilder body = new GraphBuilder("body");
    body.input("i", ElementType.INT64);
    body.input("before", ElementType.BOOL);
    body.input("v", FLOAT, 1);
    body.node("Add", "v", "v").to("w");
    body.output(body.node(goes, "w", "limit").to("goes"), ElementType.BOOL);
    body.output("w", FLOAT, 1);
    GraphBuilder g = new GraphBuilder("doubling");
    g.input("x", FLOAT, 1);
    g.initializer("limit", new float[] {100}, 1);
    g.node("Loop", "", "", "x").with("body", body).to("y");
    g.output("y", FLOAT, 1);
    return g.build();
  }

  // ---- values and gradients

  @Test
  void loopsAgreeWithOnnxRuntimeAndDifferences() {
    Agreement.check(recurrence(4));
  }

  @Test
  void branchesAgreeWithOnnxRuntimeAndDifferences() {
    Agreement.check(branches());
  }

  @Test
  void scansAgreeWithOnnxRuntimeAndDifferences() {
    Agreement.check(scan());
  }

  @Test
  void aLoopEndsWhenItsConditionFails() {
    try (Interpreter interpreter = Interpreter.of(doubling("Less"))) {
      assertThat(interpreter.run(Tensors.of(new float[] {3}, 1), "y").item()).isEqualTo(192);
    }
  }

  @Test
  void aLoopWithoutStepsGivesItsStartAndCollectsNothing() {
    OnnxModel model = recurrence(0);
    try (Interpreter interpreter = Interpreter.of(model)) {
      Tensor x = Tensors.of(new float[] {1, 2, 3}, 1, 3);
      Map<String, Value> outputs =
          interpreter.run(Map.of("x", Value.of(x)), List.of("last", "all"));
      assertThat(numbers(outputs, "last")).containsExactly(1, 2, 3);
      assertThat(requireNonNull(outputs.get("all")).shape()).startsWith(0).endsWith(3);
    }
  }

  @Test
  void eachBranchUsesItsOwnTensors() {
    try (Interpreter interpreter = Interpreter.of(branches())) {
      Tensor up = Tensors.of(new float[] {1, 2, 3}, 1, 3);
      assertThat(interpreter.run(up, "chosen").toDoubles()).containsExactly(9, 18, 27);
      assertThat(interpreter.run(up.neg(), "chosen").toDoubles()).containsExactly(-2, -4, -6);
    }
  }

  // ---- parameters inside

  @Test
  void parametersInABodyAreFoundAndWrittenBack() {
    OnnxModel model = recurrence(3);
    assertThat(model.parameters().stream().filter(Parameter::trainable).map(Parameter::name))
        .containsExactlyInAnyOrder("last/body/w", "b");
    OnnxModel changed = model.withParameters(Map.of("last/body/w", new float[9]));
    try (Interpreter interpreter = Interpreter.of(changed)) {
      float[] bias = requireNonNull(interpreter.parameters().get("b")).tanh().toFloats();
      Tensor last = interpreter.run(Tensors.ones(DType.FLOAT, 1, 3), "last");
      assertThat(last.toFloats()).containsExactly(bias);
    }
    Agreement.check(model.withParameters(Map.of("last/body/w", weights(9))));
  }

  @Test
  void parametersInABodyHaveTheGradientThatDifferencesShow() {
    try (Interpreter interpreter = Interpreter.inDouble(recurrence(3))) {
      String name = "last/body/w";
      Tensor w = requireNonNull(interpreter.parameters().get(name)).copy();
      Tensor direction = Tensors.of(new double[] {1, -1, 2, 0, 1, 3, -2, 1, 0.5}, 3, 3);
      Tensor x = Tensors.of(new double[] {1, -0.5, 0.3}, 1, 3);
      Tensor at = w.copy().requireGrad();
      Tensor loss = interpreter.run(x, Map.of(name, at), "last").sum();
      double slope =
          Autograd.gradients(loss, List.of(at), false).get(0).mul(direction).sum().item();
      double step = 1e-5;
      double up = interpreter.run(x, Map.of(name, w.add(direction, step)), "last").sum().item();
      double down = interpreter.run(x, Map.of(name, w.add(direction, -step)), "last").sum().item();
      assertThat(slope).isCloseTo((up - down) / (2 * step), offset(1e-8));
    }
  }

  @Test
  void gradientsFlowThroughABodyOnlyIfItsOperatorsHaveThem() {
    assertThat(Gradients.missing(recurrence(3), "all")).isEmpty();
    GraphBuilder body = new GraphBuilder("body");
    body.input("i", ElementType.INT64);
    body.input("goes", ElementType.BOOL);
    body.output("goes", ElementType.BOOL);
    body.output(body.node("Sign", "x").to("s"), FLOAT, "N");
    GraphBuilder g = new GraphBuilder("signs");
    g.input("x", FLOAT, "N");
    g.initializer("steps", new long[] {2});
    g.output(g.node("Loop", "steps", "").with("body", body).to("y"), FLOAT, "T", "N");
    assertThat(Gradients.missing(g.build(), "y").orElse("")).contains("Sign \"y/body/s\"");
  }

  // ---- memory and bounds

  @Test
  void aLoopFreesItsSteps() {
    try (Interpreter interpreter = Interpreter.of(recurrence(50))) {
      Tensor x = Tensors.of(new float[] {1, 2, 3}, 1, 3);
      interpreter.run(x, "last").close();
      long before = TensorScope.live();
      Tensor last = interpreter.run(x, "last");
      assertThat(TensorScope.live() - before).isEqualTo(1);
      last.close();
    }
  }

  @Test
  void anEndlessLoopIsAnErrorThatNamesIt() {
    try (Interpreter interpreter = Interpreter.of(doubling("GreaterOrEqual"))) {
      Tensor x = Tensors.of(new float[] {200}, 1);
      assertThatThrownBy(() -> interpreter.run(x, "y"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("Loop \"y\" does not end")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void aGraphThatDoesNotFitItsNodeIsAnErrorThatNamesIt() {
    GraphBuilder then = new GraphBuilder("then");
    then.input("extra", FLOAT, 1);
    then.output(then.node("Identity", "extra").to("y"), FLOAT, 1);
    GraphBuilder g = new GraphBuilder("unfit");
    g.input("x", FLOAT, 1);
    g.node("Cast", "x").with("to", 9).to("below");
    g.node("If", "below").with("then_branch", then).to("chosen");
    g.output("chosen", FLOAT, 1);
    try (Interpreter interpreter = Interpreter.of(g.build())) {
      assertThatThrownBy(() -> interpreter.run(Tensors.ones(DType.FLOAT, 1), "chosen"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("If \"chosen\" gives 0 values to a graph of 1 inputs");
      assertThatThrownBy(() -> interpreter.run(Tensors.zeros(1), "chosen"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("If \"chosen\" has no graph else_branch");
    }
  }
}
