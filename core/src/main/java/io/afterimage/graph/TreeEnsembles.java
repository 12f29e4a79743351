package io.afterimage.graph;

import io.afterimage.base.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Writes trees as tree ensembles of ai.onnx.ml. A forest's answer is the mean of its trees', a
 * boosted ensemble's their sum.
 */
public final class TreeEnsembles {
  private TreeEnsembles() {}

  /**
   * A tree as arrays, node 0 the root. A row goes left where its value of the node's feature is at
   * most the node's threshold, both as float.
   *
   * @param feature the column that a node looks at; -1 at a leaf
   * @param left the node for smaller values; ignored at a leaf
   * @param right the node for greater values; ignored at a leaf
   * @param answer of a leaf: {@code answer[node][output]}, one number a class or target; ignored at
   *     other nodes
   */
  public record Nodes(
      int[] feature, float[] threshold, int[] left, int[] right, double[][] answer) {
    public Nodes {
      boolean same =
          feature.length == threshold.length
              && feature.length == left.length
              && feature.length == right.length
              && feature.length == answer.length;
      Checks.check(
          same && feature.length > 0, "a tree needs arrays of one length, not %d", feature.length);
    }

    private boolean isLeaf(int node) {
      return feature[node] < 0;
    }

    /** The class that the first of a leaf's numbers is for, of so many in turn. */
    private int first(int tree, int classes) {
      return answer[0].length == classes ? 0 : tree % classes;
    }
  }

  /**
   * Adds a forest of classifiers whose leaves hold probabilities.
   *
   * @param label name of the output for the most probable class, as text
   * @param probabilities name of the output [n, classes]
   */
  public static void addClassifier(
      GraphBuilder graph,
      String input,
      List<Nodes> trees,
      List<String> classes,
      String label,
      String probabilities) {
    GraphBuilder.NodeBuilder node = graph.ml("TreeEnsembleClassifier", input);
    write(node, trees, "class", tree -> 0, 1.0 / trees.size());
    node.with("classlabels_strings", classes).with("post_transform", "NONE");
    node.to(label, probabilities);
  }

  /** Adds a forest of regressors with one target; output [n, 1]. */
  public static void addRegressor(
      GraphBuilder graph, String input, List<Nodes> trees, String value) {
    GraphBuilder.NodeBuilder node = graph.ml("TreeEnsembleRegressor", input);
    write(node, trees, "target", tree -> 0, 1.0 / trees.size());
    node.with("n_targets", 1).with("post_transform", "NONE").to(value);
  }

  /**
   * A model over float columns whose trees add up to the margins of classes. Where leaves hold a
   * number for each class each tree adds to all, where they hold one to those in turn. Outputs
   * {@code label} and {@code probabilities}, the softmax of the margins.
   */
  public static OnnxModel boostedClassifier(
      String name, String input, int columns, List<Nodes> trees, List<String> classes) {
    GraphBuilder graph = new GraphBuilder(name);
    graph.input(input, ElementType.FLOAT, "N", columns);
    GraphBuilder.NodeBuilder node = graph.ml("TreeEnsembleClassifier", input);
    write(node, trees, "class", tree -> trees.get(tree).first(tree, classes.size()), 1);
    node.with("classlabels_strings", classes)
        .with("post_transform", "SOFTMAX")
        .to("label", "probabilities");
    graph.output("label", ElementType.STRING, "N");
    graph.output("probabilities", ElementType.FLOAT, "N", classes.size());
    return graph.build();
  }

  /**
   * A model over float columns whose trees each add to a value; output {@code value}, [n, 1].
   *
   * @param base what they add to
   */
  public static OnnxModel boostedRegressor(
      String name, String input, int columns, List<Nodes> trees, float base) {
    GraphBuilder graph = new GraphBuilder(name);
    graph.input(input, ElementType.FLOAT, "N", columns);
    GraphBuilder.NodeBuilder node = graph.ml("TreeEnsembleRegressor", input);
    write(node, trees, "target", tree -> 0, 1);
    node.with("n_targets", 1)
        .with("base_values", new float[] {base})
        .with("post_transform", "NONE")
        .to("value");
    graph.output("value", ElementType.FLOAT, "N", 1);
    return graph.build();
  }

  /** A model of one forest over float columns; outputs {@code label} and {@code probabilities}. */
  public static OnnxModel classifier(
      String name, int columns, List<Nodes> trees, List<String> classes) {
    GraphBuilder graph = new GraphBuilder(name);
    graph.input("X", ElementType.FLOAT, "N", columns);
    addClassifier(graph, "X", trees, classes, "label", "probabilities");
    graph.output("label", ElementType.STRING, "N");
    graph.output("probabilities", ElementType.FLOAT, "N", classes.size());
    return graph.build();
  }

  /** A model of one forest over float columns; output {@code value}. */
  public static OnnxModel regressor(String name, int columns, List<Nodes> trees) {
    GraphBuilder graph = new GraphBuilder(name);
    graph.input("X", ElementType.FLOAT, "N", columns);
    addRegressor(graph, "X", trees, "value");
    graph.output("value", ElementType.FLOAT, "N", 1);
    return graph.build();
  }

  /**
   * Writes nodes and votes.
   *
   * @param first the class or target that the first number of a tree's answers is for
   * @param scale what answers are multiplied by
   */
  private static void write(
      GraphBuilder.NodeBuilder node,
      List<Nodes> trees,
      String votes,
      IntUnaryOperator first,
      double scale) {
    List<Place> places = new ArrayList<>();
    List<Place> leaves = new ArrayList<>();
    for (int tree = 0; tree < trees.size(); tree++) {
      for (int i = 0; i < trees.get(tree).feature.length; i++) {
        Place place = new Place(trees.get(tree), tree, i, 0);
        places.add(place);
        // Votes of zero too: with two classes a single voted one would be read as a margin.
        for (int output = 0; place.isLeaf() && output < place.answers(); output++) {
          leaves.add(new Place(trees.get(tree), tree, i, output));
        }
      }
    }
    node.with("nodes_treeids", longs(places, p -> p.tree))
        .with("nodes_nodeids", longs(places, p -> p.node))
        .with("nodes_featureids", longs(places, p -> Math.max(0, p.nodes.feature[p.node])))
        .with("nodes_values", floats(places, p -> p.isLeaf() ? 0 : p.nodes.threshold[p.node]))
        .with("nodes_modes", places.stream().map(p -> p.isLeaf() ? "LEAF" : "BRANCH_LEQ").toList())
        .with("nodes_truenodeids", longs(places, p -> p.isLeaf() ? 0 : p.nodes.left[p.node]))
        .with("nodes_falsenodeids", longs(places, p -> p.isLeaf() ? 0 : p.nodes.right[p.node]))
        .with(votes + "_treeids", longs(leaves, p -> p.tree))
        .with(votes + "_nodeids", longs(leaves, p -> p.node))
        .with(votes + "_ids", longs(leaves, p -> first.applyAsInt(p.tree) + p.output))
        .with(votes + "_weights", floats(leaves, p -> p.nodes.answer[p.node][p.output] * scale));
  }

  /** A node of a tree, and for a leaf one of its outputs. */
  private record Place(Nodes nodes, int tree, int node, int output) {
    boolean isLeaf() {
      return nodes.isLeaf(node);
    }

    int answers() {
      return nodes.answer[node].length;
    }
  }

  private static long[] longs(List<Place> places, ToLongFunction<Place> value) {
    return places.stream().mapToLong(value).toArray();
  }

  private static float[] floats(List<Place> places, ToDoubleFunction<Place> value) {
    float[] values = new float[places.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) value.applyAsDouble(places.get(i));
    }
    return values;
  }
}
