package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Small random models against ONNX Runtime, and gradients against central differences. */
@ExtendWith(ScopePerTest.class)
class InterpreterTest {
  private static final int ROWS = 5;

  private final RandomGenerator random = Run.of(7).random("weights");

  private float[] weights(int count) {
    return Gaussians.floats(count, 0.5, random);
  }

  @Test
  void executesDenseNetworks() {
    GraphBuilder g = new GraphBuilder("mlp");
    g.input("x", ElementType.FLOAT, "N", 6);
    g.initializer("w1", weights(8 * 6), 8, 6);
    g.initializer("b1", weights(8), 8);
    g.initializer("w2", weights(8 * 4), 8, 4);
    g.initializer("b2", weights(4), 4);
    g.node("Gemm", "x", "w1", "b1").with("transB", 1).with("alpha", 0.7).to("h1");
    g.node("Tanh", "h1").to("a1");
    g.node("MatMul", "a1", "w2").to("h2");
    g.node("Add", "h2", "b2").to("logits");
    g.output(g.node("Softmax", "logits").with("axis", 1).to("p"), ElementType.FLOAT, "N", 4);
    Agreement.check(g.build());
  }

  @Test
  void executesConvolutionalNetworks() {
    GraphBuilder g = new GraphBuilder("lenet");
    g.input("x", ElementType.FLOAT, "N", 2, 9, 9);
    g.initializer("w1", weights(4 * 2 * 9), 4, 2, 3, 3);
    g.initializer("b1", weights(4), 4);
    g.initializer("w2", weights(6 * 2 * 4), 6, 2, 2, 2);
    g.initializer("w3", weights(6 * 4), 6, 4);
    g.node("Conv", "x", "w1", "b1")
        .with("kernel_shape", new long[] {3, 3})
        .with("pads", new long[] {1, 0, 2, 1})
        .to("c1");
    g.node("Relu", "c1").to("r1");
    g.node("MaxPool", "r1")
        .with("kernel_shape", new long[] {2, 2})
        .with("strides", new long[] {2, 2})
        .with("ceil_mode", 1)
        .to("p1");
    g.node("Conv", "p1", "w2").with("auto_pad", "SAME_LOWER").with("group", 2).to("c2");
    g.node("Elu", "c2").to("r2");
    g.node("AveragePool", "r2")
        .with("kernel_shape", new long[] {3, 2})
        .with("strides", new long[] {2, 1})
        .with("pads", new long[] {1, 0, 1, 1})
        .with("count_include_pad", 1)
        .to("p2");
    g.node("GlobalAveragePool", "p2").to("pooled");
    g.node("Flatten", "pooled").to("flat");
    g.output(g.node("MatMul", "flat", "w3").to("y"), ElementType.FLOAT, "N", 4);
    Agreement.check(g.build());
  }

  @Test
  void executesTransposedConvolutions() {
    GraphBuilder g = new GraphBuilder("generator");
    g.input("x", ElementType.FLOAT, "N", 4, 3, 3);
    g.initializer("w", weights(4 * 2 * 9), 4, 2, 3, 3);
    g.initializer("b", weights(2), 2);
    g.node("ConvTranspose", "x", "w", "b")
        .with("strides", new long[] {2, 2})
        .with("pads", new long[] {1, 0, 1, 1})
        .with("output_padding", new long[] {1, 0})
        .to("up");
    g.output(g.node("Sigmoid", "up").to("y"), ElementType.FLOAT, "N", 2, "H", "W");
    Agreement.check(g.build());
  }

  /** Both ends cut alike, as generators have it, and one end by more than the other. */
  @Test
  void executesTransposedConvolutionsThatAreCut() {
    GraphBuilder g = new GraphBuilder("cut");
    g.input("x", ElementType.FLOAT, "N", 4, 3, 3);
    g.initializer("w", weights(4 * 2 * 16), 4, 2, 4, 4);
    g.initializer("v", weights(2 * 3 * 16), 2, 3, 4, 4);
    g.initializer("b", weights(2), 2);
    g.initializer("c", weights(3), 3);
    g.node("ConvTranspose", "x", "w", "b")
        .with("strides", new long[] {2, 2})
        .with("pads", new long[] {1, 1, 1, 1})
        .to("even");
    g.node("ConvTranspose", "even", "v", "c")
        .with("strides", new long[] {2, 2})
        .with("pads", new long[] {1, 2, 2, 1})
        .to("odd");
    g.output(g.node("Sigmoid", "odd").to("y"), ElementType.FLOAT, "N", 3, "H", "W");
    Agreement.check(g.build());
  }

  @Test
  void executesNormalisation() {
    GraphBuilder g = new GraphBuilder("norms");
    g.input("x", ElementType.FLOAT, "N", 4, 5);
    g.initializer("scale", weights(4), 4);
    g.initializer("shift", weights(4), 4);
    g.initializer("mean", weights(4), 4);
    g.initializer("variance", new float[] {0.5f, 1, 2, 3}, 4);
    g.initializer("scale5", weights(5), 5);
    g.node("BatchNormalization", "x", "scale", "shift", "mean", "variance").to("batch");
    g.node("InstanceNormalization", "batch", "scale", "shift").to("instance");
    g.node("LayerNormalization", "instance", "scale5").with("axis", -1).to("layer");
    g.output(g.node("LpNormalization", "layer").to("y"), ElementType.FLOAT, "N", 4, 5);
    Agreement.check(g.build());
  }

  @Test
  void executesElementwiseFunctionsReductionsAndShapes() {
    GraphBuilder g = new GraphBuilder("parts");
    g.input("x", ElementType.FLOAT, "N", 4, 6);
    g.initializer("shape", new long[] {0, 2, -1}, 3);
    g.initializer("axes", new long[] {2}, 1);
    g.initializer("starts", new long[] {5}, 1);
    g.initializer("ends", new long[] {-100}, 1);
    g.initializer("steps", new long[] {-2}, 1);
    g.initializer("picks", new long[] {1, -1, 0}, 3);
    g.node("Erf", "x").to("erf");
    g.node("Softplus", "erf").to("soft");
    g.node("Clip", "soft").to("clipped");
    g.node("Slice", "clipped", "starts", "ends", "axes", "steps").to("sliced");
    g.node("Gather", "sliced", "picks").with("axis", 1).to("picked");
    g.node("Concat", "picked", "sliced").with("axis", 1).to("joined");
    g.node("Transpose", "joined").with("perm", new long[] {0, 2, 1}).to("turned");
    g.node("ReduceLogSumExp", "turned").with("axes", new long[] {1}).to("reduced");
    g.node("Reshape", "x", "shape").to("reshaped");
    g.node("ReduceMean", "reshaped").with("axes", new long[] {1, 2}).with("keepdims", 0).to("mean");
    g.node("Unsqueeze", "mean", "axes1").to("column");
    g.initializer("axes1", new long[] {1, 2}, 2);
    g.output(g.node("Mul", "reduced", "column").to("y"), ElementType.FLOAT, "N", 1, 7);
    Agreement.check(g.build());
  }

  @Test
  void executesLinearModelsOfScikitLearn() {
    for (String transform : List.of("SOFTMAX", "LOGISTIC", "NONE")) {
      GraphBuilder g = new GraphBuilder(transform);
      g.input("x", ElementType.FLOAT, "N", 3);
      g.ml("Scaler", "x")
          .with("offset", new float[] {1, 2, 3})
          .with("scale", new float[] {0.5f, 1, 2})
          .to("scaled");
      g.ml("LinearClassifier", "scaled")
          .with("coefficients", weights(9))
          .with("intercepts", weights(3))
          .with("classlabels_ints", new long[] {4, 5, 6})
          .with("multi_class", 1)
          .with("post_transform", transform)
          .to("label", "scores");
      g.ml("Normalizer", "scores").with("norm", "L1").to("p");
      g.output("label", ElementType.INT64, "N");
      g.output("p", ElementType.FLOAT, "N", 3);
      Agreement.check(g.build());
    }
  }

  @Test
  void executesLinearRegressorsAndFindsTheirCoefficients() {
    GraphBuilder g = new GraphBuilder("regressor");
    g.input("x", ElementType.FLOAT, "N", 3);
    g.ml("LinearRegressor", "x")
        .with("coefficients", weights(3))
        .with("intercepts", weights(1))
        .to("y");
    g.output("y", ElementType.FLOAT, "N", 1);
    OnnxModel model = g.build();
    Agreement.check(model);
    assertThat(model.parameters())
        .extracting(Parameter::name)
        .containsExactly("y/coefficients", "y/intercepts");
    OnnxModel other = model.withParameters(Map.of("y/intercepts", new float[] {100}));
    Map<String, Value> zeros = Map.of("x", Value.of(Tensors.zeros(1, 3)));
    assertThat(requireNonNull(new Ort(other).score(zeros).get("y"))).containsExactly(100);
  }

  @Test
  void executesEncodersOfTexts() {
    GraphBuilder g = new GraphBuilder("encoder");
    g.input("sex", ElementType.STRING, "N", 1);
    g.input("age", ElementType.FLOAT, "N", 1);
    g.ml("OneHotEncoder", "sex").with("cats_strings", List.of("f", "m")).to("hot");
    g.initializer("flat", new long[] {-1, 2}, 2);
    g.node("Reshape", "hot", "flat").to("columns");
    g.output(g.node("Concat", "columns", "age").with("axis", 1).to("y"), ElementType.FLOAT, "N", 3);
    OnnxModel model = g.build();
    Map<String, Value> inputs =
        Map.of(
            "sex",
            new Value.Strings(List.of("m", "x", "f"), new long[] {3, 1}),
            "age",
            Value.of(Tensors.of(new float[] {1, 2, 3}, 3, 1)));
    Verify.Result result = Verify.run(model, inputs, new Ort(model), Run.of(1));
    assertThat(result.maxAbsolute()).isZero();
    assertThat(requireNonNull(new Ort(model).score(inputs).get("y")))
        .containsExactly(0, 1, 1, 0, 0, 2, 1, 0, 3);
  }

  @Test
  void scoresDoNotDependOnWhoElseIsWanted() {
    OnnxModel model = softmax();
    try (Interpreter interpreter = Interpreter.of(model)) {
      Tensor x = Tensors.of(new float[] {1, 2}, 1, 2);
      Map<String, Value> all =
          interpreter.run(Map.of("x", Value.of(x)), List.of("x", "w", "logits", "p"));
      assertThat(all).containsOnlyKeys("x", "w", "logits", "p");
      float[] alone = interpreter.run(x, "p").toFloats();
      assertThat(((Value.Numbers) requireNonNull(all.get("p"))).tensor().toFloats())
          .containsExactly(alone);
      assertThat(x.isClosed()).isFalse();
      assertThatThrownBy(() -> interpreter.run(x, "q")).hasMessageContaining("no value q");
    }
  }

  private OnnxModel softmax() {
    GraphBuilder g = new GraphBuilder("softmax");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.initializer("w", weights(6), 2, 3);
    g.node("MatMul", "x", "w").to("logits");
    g.node("Identity", "logits").to("same");
    g.output(g.node("Softmax", "same").with("axis", 1).to("p"), ElementType.FLOAT, "N", 3);
    return g.build();
  }

  @Test
  void differentiatesWithRespectToExchangedParameters() {
    try (Interpreter interpreter = Interpreter.of(softmax())) {
      Tensor x = Tensors.of(new float[] {1, 2}, 1, 2);
      Tensor w = Tensors.zeros(2, 3).requireGrad();
      Tensor loss = interpreter.run(x, Map.of("w", w), "p").log().select(1, 0).sum();
      Tensor gradient = Autograd.gradients(loss, List.of(w), false).get(0);
      float third = 1 / 3f;
      assertThat(gradient.toFloats())
          .usingComparatorWithPrecision(1e-6f)
          .containsExactly(2 * third, -third, -third, 4 * third, -2 * third, -2 * third);
    }
  }

  @Test
  void freesWhatItComputesOnTheWay() {
    try (Interpreter interpreter = Interpreter.of(softmax())) {
      Tensor x = Tensors.of(new float[] {1, 2}, 1, 2);
      long before = TensorScope.live();
      Tensor p = interpreter.run(x, "p");
      assertThat(TensorScope.live() - before).isEqualTo(1);
      p.close();
    }
  }

  @Test
  void runsOnSeveralThreadsAtOnce() throws Exception {
    try (Interpreter interpreter = Interpreter.of(softmax())) {
      float[] alone = score(interpreter);
      ExecutorService workers = Executors.newFixedThreadPool(3);
      List<Future<float[]>> answers =
          IntStream.range(0, 30).mapToObj(i -> workers.submit(() -> score(interpreter))).toList();
      for (Future<float[]> answer : answers) {
        assertThat(answer.get()).containsExactly(alone);
      }
      workers.shutdown();
    }
  }

  @SuppressWarnings("try")
  private static float[] score(Interpreter interpreter) {
    try (TensorScope own = new TensorScope()) {
      return interpreter.run(Tensors.of(new float[] {3, -1}, 1, 2), "p").toFloats();
    }
  }

  @Test
  void namesTheNodeThatCannotWork() {
    try (Interpreter interpreter = Interpreter.of(softmax())) {
      assertThatThrownBy(() -> interpreter.run(Tensors.zeros(1, 5), "p"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("MatMul \"logits\" cannot multiply shapes [1, 5] and [2, 3]")
          .hasMessageNotContaining("\n");
      assertThatThrownBy(() -> interpreter.run(Map.of(), List.of("p")))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("needs input x");
    }
  }

  @Test
  void namesOperatorsThatItDoesNotKnow() {
    String type = "CausalConvWithState";
    GraphBuilder g = new GraphBuilder("newer");
    g.input("x", ElementType.FLOAT, "N", 2, 2);
    g.output(g.node(type, "x").to("y"), ElementType.FLOAT, "N");
    OnnxModel model = g.build();
    assertThat(Interpreter.supports(model))
        .containsExactly(
            new OperatorSupport(
                "", type, 1, true, false, false, "the interpreter does not know it; scores only"));
    Run run = Run.of(11);
    Verify.Result result =
        Verify.run(
            model,
            Verify.drawnInputs(model, ROWS, run),
            inputs -> Map.of("y", new double[ROWS]),
            run);
    assertThat(result.maxRelative()).isNull();
    assertThat(result.reason()).contains(type + " \"y\"");
  }

  @Test
  void refusesToMakeValuesThatAreTooLarge() {
    GraphBuilder g = new GraphBuilder("expand");
    g.input("x", ElementType.FLOAT, "N", 1);
    g.input("shape", ElementType.INT64, 2);
    g.output(g.node("Expand", "x", "shape").to("wide"), ElementType.FLOAT, "N", "M");
    try (Interpreter interpreter = Interpreter.of(g.build())) {
      Map<String, Value> inputs =
          Map.of(
              "x", Value.of(Tensors.zeros(1, 1)),
              "shape", Value.of(Tensors.of(new long[] {1L << 31, 1L << 31}, 2)));
      assertThatThrownBy(() -> interpreter.run(inputs, List.of("wide")))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("too large");
    }
  }
}
