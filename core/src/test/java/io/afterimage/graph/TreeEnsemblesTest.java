package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.TreeEnsembles.Nodes;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class TreeEnsemblesTest {
  /** Asks whether column 0 is at most 0.5; if not, whether column 1 is at most -1. */
  private static Nodes tree(double[]... leaves) {
    double[] none = {};
    return new Nodes(
        new int[] {0, -1, 1, -1, -1},
        new float[] {0.5f, 0, -1, 0, 0},
        new int[] {1, -1, 3, -1, -1},
        new int[] {2, -1, 4, -1, -1},
        new double[][] {none, leaves[0], none, leaves[1], leaves[2]});
  }

  private static final float[] ROWS = {
    0.5f, 9, Math.nextUp(0.5f), -1, 7, -0.5f, -3, -3, Float.NaN, 0
  };

  @Test
  void aForestAnswersTheMeanOfItsTrees() {
    for (int classes = 2; classes <= 3; classes++) {
      double[] sure = new double[classes];
      sure[0] = 1;
      double[] other = new double[classes];
      other[classes - 1] = 1;
      double[] mixed = new double[classes];
      Arrays.fill(mixed, 1.0 / classes);
      OnnxModel model =
          TreeEnsembles.classifier(
              "forest",
              2,
              List.of(tree(sure, mixed, other), tree(mixed, sure, sure)),
              List.of("a", "b", "c").subList(0, classes));
      agrees(model, "probabilities", classes);
    }
  }

  @Test
  void aForestOfRegressorsAnswersTheMeanOfItsTrees() {
    List<Nodes> trees =
        List.of(
            tree(new double[] {1}, new double[] {2}, new double[] {3}),
            tree(new double[] {-5}, new double[] {7}, new double[] {0.5}));
    OnnxModel model = TreeEnsembles.regressor("forest", 2, trees);
    agrees(model, "value", 1);
    assertThat(score(model, "value")).startsWith(-2, 4.5, 1.75);
  }

  @Test
  void aTreeThatIsSureOfOneClassOfTwoIsNotReadAsAMargin() {
    Nodes leaf =
        new Nodes(new int[] {-1}, new float[1], new int[1], new int[1], new double[][] {{0, 1}});
    OnnxModel model = TreeEnsembles.classifier("stump", 2, List.of(leaf), List.of("a", "b"));
    agrees(model, "probabilities", 2);
    assertThat(score(model, "probabilities")).startsWith(0, 1, 0, 1);
  }

  private static Map<String, Value> rows() {
    return Map.of("X", Value.of(Tensors.of(ROWS, ROWS.length / 2, 2)));
  }

  private static double[] score(OnnxModel model, String output) {
    return requireNonNull(new Ort(model).score(rows()).get(output));
  }

  private static void agrees(OnnxModel model, String output, int columns) {
    Verify.Result result = Verify.run(model, rows(), new Ort(model), Run.of(3));
    assertThat(result.maxAbsolute()).isLessThan(1e-6);
    assertThat(result.gradientMaxRelative()).isNull();
    assertThat(result.reason()).contains("a tree is constant between its thresholds");
    assertThat(score(model, output)).hasSize(columns * ROWS.length / 2);
  }

  @Test
  void aTreeThatRunsInACircleIsRefused() {
    Nodes circle =
        new Nodes(
            new int[] {-1, 0, 0},
            new float[3],
            new int[] {0, 2, 1},
            new int[] {0, 2, 1},
            new double[][] {{1, 0}, {}, {}});
    assertThatThrownBy(
            () -> TreeEnsembles.classifier("circle", 2, List.of(circle), List.of("a", "b")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("ai.onnx.ml.TreeEnsembleClassifier")
        .hasMessageContaining("go round in a circle");
  }

  @Test
  void aBranchToAMissingNodeIsRefused() {
    Nodes missing =
        new Nodes(
            new int[] {0, -1, -1},
            new float[3],
            new int[] {1, 0, 0},
            new int[] {7, 0, 0},
            new double[][] {{}, {1}, {2}});
    assertThatThrownBy(() -> TreeEnsembles.regressor("missing", 1, List.of(missing)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("ai.onnx.ml.TreeEnsembleRegressor")
        .hasMessageContaining("node 0 of tree 0 goes on to node 7, which is missing");
  }

  @Test
  void branchesOfATreeEnsembleThatLeadNowhereOrBackAreRefused() {
    refused(new long[] {1, 5}, "node 1 goes on to node 5, which is missing");
    refused(new long[] {1, 0}, "go round in a circle");
  }

  /** Two tests, of which each goes on to a leaf or to the node of the same place here. */
  private static void refused(long[] next, String message) {
    GraphBuilder g = new GraphBuilder("indexed");
    g.input("x", ElementType.FLOAT, "N", 1);
    GraphBuilder.NodeBuilder node =
        g.ml("TreeEnsemble", "x")
            .with("nodes_featureids", new long[2])
            .with("nodes_truenodeids", next)
            .with("nodes_trueleafs", new long[2])
            .with("nodes_falsenodeids", new long[2])
            .with("nodes_falseleafs", new long[] {1, 1})
            .with("leaf_targetids", new long[1])
            .with("tree_roots", new long[1]);
    g.output(node.to("y"), ElementType.FLOAT, "N", 1);
    assertThatThrownBy(g::build)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("node ai.onnx.ml.TreeEnsemble \"y\" holds a broken tree")
        .hasMessageContaining(message);
  }
}
