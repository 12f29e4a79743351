package io.afterimage.train;

import io.afterimage.data.Encoder;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TreeEnsembles;
import java.util.List;

/**
 * Writes a forest as an ONNX tree ensemble with two outputs: {@code label}, STRING [N], and {@code
 * probabilities}, FLOAT [N, classes].
 */
public final class ForestGraph {
  private static final String LABEL = "label";

  private ForestGraph() {}

  /** A model whose one input {@code x} takes rows of numbers: FLOAT [N, columns]. */
  public static OnnxModel write(Forest forest, List<String> classNames) {
    GraphBuilder graph = new GraphBuilder("afterimage");
    graph.input(Architecture.INPUT, ElementType.FLOAT, "N", forest.columns());
    return write(graph, Architecture.INPUT, forest, classNames);
  }

  /** A model that takes a table's own columns, one input each. */
  public static OnnxModel write(Forest forest, List<String> classNames, Encoder encoder) {
    GraphBuilder graph = new GraphBuilder("afterimage");
    return write(graph, EncoderGraph.add(graph, encoder), forest, classNames);
  }

  private static OnnxModel write(
      GraphBuilder graph, String rows, Forest forest, List<String> classNames) {
    List<TreeEnsembles.Nodes> trees = forest.trees().stream().map(ForestGraph::nodes).toList();
    TreeEnsembles.addClassifier(graph, rows, trees, classNames, LABEL, Layers.PROBABILITIES);
    graph.output(LABEL, ElementType.STRING, "N");
    graph.output(Layers.PROBABILITIES, ElementType.FLOAT, "N", classNames.size());
    return graph.build();
  }

  private static TreeEnsembles.Nodes nodes(Tree tree) {
    double[][] shares = new double[tree.nodes()][tree.classes()];
    for (int node = 0; node < shares.length; node++) {
      for (int c = 0; c < tree.classes(); c++) {
        shares[node][c] = tree.share(node, c);
      }
    }
    return new TreeEnsembles.Nodes(
        tree.feature(), tree.threshold(), tree.left(), tree.right(), shares);
  }
}
