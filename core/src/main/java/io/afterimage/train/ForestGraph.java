package io.afterimage.train;

import io.afterimage.data.Encoder;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a forest as an ONNX tree ensemble with two outputs: {@code label}, STRING [N], and {@code
 * probabilities}, FLOAT [N, classes].
 */
public final class ForestGraph {
  private static final String LABEL = "label";

  /** The attributes of TreeEnsembleClassifier that have one entry a node. */
  private final long[] trees;

  private final long[] nodes;
  private final long[] features;
  private final float[] thresholds;
  private final List<String> modes = new ArrayList<>();
  private final long[] smaller;
  private final long[] greater;

  /** Those that have one entry a leaf and class. */
  private final long[] leafTrees;

  private final long[] leafNodes;
  private final long[] leafClasses;
  private final float[] leafWeights;

  private int written;
  private int writtenLeaves;

  private ForestGraph(Forest forest) {
    int count = forest.trees().stream().mapToInt(Tree::nodes).reduce(0, Math::addExact);
    // Every split has two children, so that a tree of n nodes has (n + 1) / 2 leaves.
    int entries = Math.multiplyExact((count + forest.trees().size()) / 2, forest.classes());
    trees = new long[count];
    nodes = new long[count];
    features = new long[count];
    thresholds = new float[count];
    smaller = new long[count];
    greater = new long[count];
    leafTrees = new long[entries];
    leafNodes = new long[entries];
    leafClasses = new long[entries];
    leafWeights = new float[entries];
    for (int i = 0; i < forest.trees().size(); i++) {
      Tree tree = forest.trees().get(i);
      for (int node = 0; node < tree.nodes(); node++) {
        addNode(tree, i, node);
        if (tree.feature()[node] < 0) {
          addLeaf(tree, i, node, forest.trees().size());
        }
      }
    }
  }

  /** A model whose one input {@code x} takes rows of numbers: FLOAT [N, columns]. */
  public static OnnxModel write(Forest forest, List<String> classNames) {
    GraphBuilder graph = new GraphBuilder("afterimage");
    graph.input(Architecture.INPUT, ElementType.FLOAT, "N", forest.columns());
    return new ForestGraph(forest).write(graph, Architecture.INPUT, classNames);
  }

  /** A model that takes a table's own columns, one input each. */
  public static OnnxModel write(Forest forest, List<String> classNames, Encoder encoder) {
    GraphBuilder graph = new GraphBuilder("afterimage");
    String rows = EncoderGraph.add(graph, encoder);
    return new ForestGraph(forest).write(graph, rows, classNames);
  }

  private void addNode(Tree tree, int number, int node) {
    boolean leaf = tree.feature()[node] < 0;
    modes.add(leaf ? "LEAF" : "BRANCH_LEQ");
    trees[written] = number;
    nodes[written] = node;
    features[written] = leaf ? 0 : tree.feature()[node];
    thresholds[written] = tree.threshold()[node];
    smaller[written] = leaf ? 0 : tree.left()[node];
    greater[written] = leaf ? 0 : tree.right()[node];
    written++;
  }

  private void addLeaf(Tree tree, int number, int node, int votes) {
    for (int c = 0; c < tree.classes(); c++) {
      leafTrees[writtenLeaves] = number;
      leafNodes[writtenLeaves] = node;
      leafClasses[writtenLeaves] = c;
      leafWeights[writtenLeaves] = (float) (tree.share(node, c) / votes);
      writtenLeaves++;
    }
  }

  private OnnxModel write(GraphBuilder graph, String rows, List<String> classNames) {
    graph
        .ml("TreeEnsembleClassifier", rows)
        .with("classlabels_strings", classNames)
        .with("post_transform", "NONE")
        .with("nodes_treeids", trees)
        .with("nodes_nodeids", nodes)
        .with("nodes_featureids", features)
        .with("nodes_values", thresholds)
        .with("nodes_modes", modes)
        .with("nodes_truenodeids", smaller)
        .with("nodes_falsenodeids", greater)
        .with("class_treeids", leafTrees)
        .with("class_nodeids", leafNodes)
        .with("class_ids", leafClasses)
        .with("class_weights", leafWeights)
        .to(LABEL, Layers.PROBABILITIES);
    graph.output(LABEL, ElementType.STRING, "N");
    graph.output(Layers.PROBABILITIES, ElementType.FLOAT, "N", classNames.size());
    return graph.build();
  }
}
