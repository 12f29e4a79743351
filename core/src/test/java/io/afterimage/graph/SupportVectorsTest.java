package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines of drawn coefficients against ONNX Runtime, and their gradients against differences. */
@ExtendWith(ScopePerTest.class)
class SupportVectorsTest {
  private static final int COLUMNS = 3;
  private static final int EACH = 4;

  private final RandomGenerator random = Run.of(2).random("machine");

  private float[] drawn(int count) {
    return Gaussians.floats(count, random);
  }

  private static void agrees(OnnxModel model) {
    Agreement.check(model, 1e-4, 1e-4);
  }

  private OnnxModel classifier(String kernel, int classes, boolean probabilities, String end) {
    GraphBuilder g = new GraphBuilder("svc");
    int vectors = EACH * classes;
    int pairs = classes * (classes - 1) / 2;
    long[] labels = new long[classes];
    long[] counts = new long[classes];
    for (int i = 0; i < classes; i++) {
      labels[i] = 10L + i;
      counts[i] = EACH;
    }
    g.input("x", ElementType.FLOAT, "N", COLUMNS);
    GraphBuilder.NodeBuilder node =
        g.ml("SVMClassifier", "x")
            .with("classlabels_ints", labels)
            .with("vectors_per_class", counts)
            .with("kernel_type", kernel)
            .with("kernel_params", new float[] {0.4f, 0.3f, 3})
            .with("support_vectors", drawn(vectors * COLUMNS))
            .with("coefficients", drawn((classes - 1) * vectors))
            .with("rho", drawn(pairs))
            .with("post_transform", end);
    if (probabilities) {
      node.with("prob_a", drawn(pairs)).with("prob_b", drawn(pairs));
    }
    node.to("label", "scores");
    g.output("label", ElementType.INT64, "N");
    g.output("scores", ElementType.FLOAT, "N", classes == 2 || probabilities ? classes : pairs);
    return g.build();
  }

  @ParameterizedTest
  @CsvSource({
    "LINEAR, 2, false",
    "POLY, 2, false",
    "RBF, 2, false",
    "SIGMOID, 2, false",
    "RBF, 3, false",
    "POLY, 4, false",
    "RBF, 2, true",
    "RBF, 3, true",
    "LINEAR, 5, true"
  })
  void classifiersAgreeWithOnnxRuntime(String kernel, int classes, boolean probabilities) {
    agrees(classifier(kernel, classes, probabilities, "NONE"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOGISTIC", "SOFTMAX"})
  void scoresEndInTheirTransform(String end) {
    agrees(classifier("RBF", 2, false, end));
    agrees(classifier("RBF", 3, false, end));
  }

  @Test
  void linearClassifiersHaveNoVectors() {
    GraphBuilder g = new GraphBuilder("linear");
    g.input("x", ElementType.FLOAT, "N", COLUMNS);
    g.ml("SVMClassifier", "x")
        .with("classlabels_ints", new long[] {3, 1, 2})
        .with("kernel_type", "LINEAR")
        .with("kernel_params", new float[3])
        .with("coefficients", drawn(3 * COLUMNS))
        .with("rho", drawn(3))
        .to("label", "scores");
    g.output("label", ElementType.INT64, "N");
    g.output("scores", ElementType.FLOAT, "N", 3);
    agrees(g.build());
  }

  private OnnxModel regressor(String kernel, int vectors) {
    GraphBuilder g = new GraphBuilder("svr");
    g.input("x", ElementType.FLOAT, "N", COLUMNS);
    GraphBuilder.NodeBuilder node =
        g.ml("SVMRegressor", "x")
            .with("n_supports", vectors)
            .with("kernel_type", kernel)
            .with("kernel_params", new float[] {0.4f, 0.3f, 2})
            .with("coefficients", drawn(Math.max(vectors, COLUMNS)))
            .with("rho", drawn(1));
    if (vectors > 0) {
      node.with("support_vectors", drawn(vectors * COLUMNS));
    }
    g.output(node.to("y"), ElementType.FLOAT, "N", 1);
    return g.build();
  }

  @ParameterizedTest
  @CsvSource({"LINEAR, 0", "LINEAR, 5", "POLY, 5", "RBF, 5", "SIGMOID, 5"})
  void regressorsAgreeWithOnnxRuntime(String kernel, int vectors) {
    agrees(regressor(kernel, vectors));
  }

  @Test
  void attributesOfOtherLengthsAreRefused() {
    OnnxModel model = regressor("RBF", 5);
    try (Interpreter interpreter = Interpreter.of(model)) {
      assertThatThrownBy(() -> interpreter.run(Tensors.of(new float[4], 2, 2), "y"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("has 15 support_vectors, not 5 times 2");
    }
  }
}
