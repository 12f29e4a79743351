package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A stack computes, and differentiates, what each of its models does alone. */
@ExtendWith(NoLeakedTensors.class)
class StackedInterpreterTest {
  private static final int MODELS = 3;
  private static final int ROWS = 4;

  private final RandomGenerator random = Run.of(5).random("stack");

  @Test
  void denseLayersWithAndWithoutBias() {
    GraphBuilder g = new GraphBuilder("dense");
    g.input("x", ElementType.FLOAT, "N", 6);
    String first =
        g.node("Gemm", "x", weights(g, "w1", 5, 6), weights(g, "b1", 5)).with("transB", 1).to("a");
    String second = g.node("MatMul", g.node("Relu", first).to("r"), weights(g, "w2", 5, 4)).to("m");
    String biased = g.node("Add", second, weights(g, "b2", 4)).to("s");
    String plain = g.node("Gemm", biased, weights(g, "w3", 4, 3)).to("y");
    g.output(plain, ElementType.FLOAT, "N", 3);
    sameAsAlone(g.build(), "y", floats(6));
  }

  @Test
  void convolutionsInGroups() {
    GraphBuilder g = new GraphBuilder("conv");
    g.input("x", ElementType.FLOAT, "N", 4, 7, 7);
    String conv =
        g.node("Conv", "x", weights(g, "w", 6, 2, 3, 3), weights(g, "b", 6))
            .with("group", 2)
            .with("strides", new long[] {2, 2})
            .with("pads", new long[] {1, 1, 1, 1})
            .to("c");
    String pooled = g.node("MaxPool", conv).with("kernel_shape", new long[] {2, 2}).to("p");
    g.output(g.node("Flatten", pooled).to("y"), ElementType.FLOAT, "N", 54);
    sameAsAlone(g.build(), "y", floats(4, 7, 7));
  }

  @Test
  void embeddingsAndLayerNormalisation() {
    GraphBuilder g = new GraphBuilder("embedding");
    g.input("x", ElementType.INT64, "N", 5);
    String looked = g.node("Gather", weights(g, "table", 9, 4), "x").to("e");
    String normal =
        g.node("LayerNormalization", looked, weights(g, "scale", 4), weights(g, "shift", 4))
            .with("axis", -1)
            .to("n");
    g.output(g.node("Flatten", normal).to("y"), ElementType.FLOAT, "N", 20);
    long[] words = random.longs((long) MODELS * ROWS * 5, -9, 9).toArray();
    sameAsAlone(g.build(), "y", () -> Tensors.of(words, MODELS * ROWS, 5));
  }

  @Test
  void operatorsWithoutAStackedFormRunForOneModelAfterTheOther() {
    GraphBuilder g = new GraphBuilder("others").opset(17);
    g.input("x", ElementType.FLOAT, "N", 3, 6);
    String turned = g.node("Transpose", weights(g, "w", 2, 6)).to("t");
    String product = g.node("MatMul", "x", turned).to("m");
    String sloped = g.node("PRelu", product, weights(g, "slope", 3, 1)).to("p");
    g.output(g.node("Flatten", sloped).to("y"), ElementType.FLOAT, "N", 6);
    sameAsAlone(g.build(), "y", floats(3, 6));
  }

  @Test
  void coefficientsOfLinearModels() {
    GraphBuilder g = new GraphBuilder("linear");
    g.input("x", ElementType.FLOAT, "N", 4);
    g.ml("LinearRegressor", "x")
        .with("coefficients", new float[] {1, 2, 3, 4})
        .with("intercepts", new float[] {5})
        .to("y");
    g.output("y", ElementType.FLOAT, "N", 1);
    sameAsAlone(g.build(), "y", floats(4));
  }

  @Test
  void fusedOperators() {
    GraphBuilder g = new GraphBuilder("fused");
    g.input("x", ElementType.FLOAT, "N", 2, 4, 4);
    String conv =
        g.fused("FusedConv", "x", weights(g, "w", 3, 2, 3, 3), weights(g, "b", 3))
            .with("activation", "Relu")
            .to("c");
    String product = g.fused("FusedMatMul", conv, weights(g, "m", 2, 5)).to("p");
    String active = g.fused("BiasGelu", product, weights(g, "shift", 5)).to("a");
    String normal =
        g.fused("SkipLayerNormalization", active, product, weights(g, "s", 5), weights(g, "t", 5))
            .to("n");
    String flat = g.node("Flatten", normal).to("f");
    g.fused("FusedGemm", flat, weights(g, "v", 30, 2), weights(g, "e", 2))
        .with("activation", "Tanh")
        .to("y");
    g.output("y", ElementType.FLOAT, "N", 2);
    sameAsAlone(g.build(), "y", floats(2, 4, 4));
  }

  // ---- helpers

  private String weights(GraphBuilder g, String name, long... shape) {
    int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return g.initializer(name, drawn(count), shape);
  }

  private float[] drawn(int count) {
    return Gaussians.floats(count, random);
  }

  private Supplier<Tensor> floats(long... row) {
    long[] shape = new long[row.length + 1];
    shape[0] = MODELS * ROWS;
    System.arraycopy(row, 0, shape, 1, row.length);
    float[] values = drawn((int) Arrays.stream(shape).reduce(1, Math::multiplyExact));
    return () -> Tensors.of(values, shape);
  }

  private void sameAsAlone(OnnxModel graph, String wanted, Supplier<Tensor> input) {
    List<OnnxModel> models =
        IntStream.range(0, MODELS)
            .mapToObj(
                i -> {
                  Map<String, float[]> fresh = new HashMap<>();
                  graph.parameters().stream()
                      .filter(Parameter::trainable)
                      .forEach(p -> fresh.put(p.name(), drawn((int) p.count())));
                  return graph.withParameters(fresh);
                })
            .toList();
    TensorScope.run(() -> compare(models, wanted, input.get()));
  }

  private static void compare(List<OnnxModel> models, String wanted, Tensor x) {
    try (StackedInterpreter stack = new StackedInterpreter(models, wanted)) {
      List<Tensor> stacked = List.copyOf(stack.parameters().values());
      stacked.forEach(Tensor::requireGrad);
      Tensor y = stack.run(Map.of("x", Value.of(x)));
      List<Tensor> slopes = Autograd.gradients(y.square().sum(), stacked, false);
      List<Tensor> answers = new ArrayList<>();
      for (int model = 0; model < MODELS; model++) {
        try (Interpreter alone = Interpreter.of(models.get(model))) {
          List<Tensor> own =
              stack.parameters().keySet().stream().map(n -> alone.parameters().get(n)).toList();
          own.forEach(Tensor::requireGrad);
          Tensor answer = alone.run(x.narrow(0, (long) model * ROWS, ROWS), wanted);
          answers.add(answer.detach());
          List<Tensor> slope = Autograd.gradients(answer.square().sum(), own, false);
          for (int p = 0; p < own.size(); p++) {
            same(slopes.get(p).select(0, model), slope.get(p));
          }
        }
      }
      same(y.detach(), Indexing.cat(answers, 0));
    }
  }

  private static void same(Tensor found, Tensor expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    double scale = Math.max(1, expected.abs().max(false).item());
    assertThat(found.sub(expected).abs().max(false).item()).isCloseTo(0, within(1e-5 * scale));
  }
}
