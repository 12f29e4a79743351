package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.graph.FinalScores.Link;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class OutputsTest {
  private final GraphBuilder g = new GraphBuilder("scores");

  private OnnxModel model(String... outputs) {
    g.input("x", ElementType.FLOAT, "N", 2);
    for (String output : outputs) {
      g.output(output, ElementType.FLOAT, "N", 2);
    }
    return g.build();
  }

  @Test
  void standBeforeASoftmaxWhateverFollowsIt() {
    g.node("Softmax", "x").with("axis", 1).to("p");
    g.node("Cast", "p").with("to", 1).to("cast");
    g.node("ArgMax", "p").with("axis", 1).to("label");
    g.ml("ZipMap", "cast").with("classlabels_int64s", new long[] {0, 1}).to("map");
    OnnxModel model = model("map", "label");
    assertThat(Outputs.finalScores(model, "map")).contains(new FinalScores("x", Link.SOFTMAX));
    assertThat(Outputs.finalScores(model, "label")).contains(new FinalScores("x", Link.SOFTMAX));
  }

  @Test
  void standBeforeTheSigmoidOfAPair() {
    g.initializer("one", new float[] {1}, 1);
    g.initializer("w", new float[] {1, 2}, 2, 1);
    g.node("MatMul", "x", "w").to("z");
    g.node("Sigmoid", "z").to("p");
    g.node("Sub", "one", "p").to("q");
    g.node("Concat", "q", "p").with("axis", 1).to("pair");
    assertThat(Outputs.finalScores(model("pair"), "pair"))
        .contains(new FinalScores("z", Link.SIGMOID));
  }

  @Test
  void areInsideALinearClassifier() {
    g.ml("LinearClassifier", "x")
        .with("coefficients", new float[] {-1, -2, 1, 2})
        .with("intercepts", new float[] {-1, 1})
        .with("classlabels_ints", new long[] {0, 1})
        .with("post_transform", "LOGISTIC")
        .to("label", "p");
    OnnxModel model = model("p");
    FinalScores scores = Outputs.finalScores(model, "p").orElseThrow();
    assertThat(scores.link()).isEqualTo(Link.OPPOSITE_SIGMOIDS);
    try (Interpreter interpreter = Interpreter.of(model)) {
      var x = Tensors.of(new float[] {0.3f, -1.1f}, 1, 2);
      var raw = interpreter.run(x, scores.value());
      assertThat(scores.logProbabilities(raw).exp().toFloats())
          .usingComparatorWithPrecision(1e-6f)
          .containsExactly(interpreter.run(x, "p").toFloats());
    }
  }

  @Test
  void areAbsentWhereAModelEndsOtherwise() {
    g.node("Relu", "x").to("y");
    assertThat(Outputs.finalScores(model("y"), "y")).isEmpty();
  }
}
