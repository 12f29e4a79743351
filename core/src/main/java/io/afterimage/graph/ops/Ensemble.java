package io.afterimage.graph.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Trees as arrays: node i tests a feature and goes on to another node, or is a leaf with votes. */
final class Ensemble {
  private final Mode[] modes;
  private final int[] features;
  private final float[] thresholds;
  private final boolean[] missingIsTrue;
  private final int[] whenTrue;
  private final int[] whenFalse;
  private final List<List<Vote>> votes;
  private final int[] roots;
  private final float[] base;
  private final String aggregate;

  /** What a node does. */
  private enum Mode {
    LEAF,
    BRANCH_LEQ,
    BRANCH_LT,
    BRANCH_GTE,
    BRANCH_GT,
    BRANCH_EQ,
    BRANCH_NEQ;

    static Mode of(Call c, String name) {
      return Arrays.stream(values())
          .filter(m -> m.name().equals(name))
          .findFirst()
          .orElseThrow(() -> c.error("has nodes of mode " + name + ", which is not supported"));
    }
  }

  /** What a leaf adds to one output. */
  private record Vote(int output, float weight) {}

  private Ensemble(Call c, String votes, int outputs) {
    long[] trees = c.attributes().integers("nodes_treeids").orElse(new long[0]);
    int count = trees.length;
    if (count == 0) {
      throw c.error("has no trees");
    }
    Map<Long, Map<Long, Integer>> places = places(c, trees);
    modes =
        c.attributes().texts("nodes_modes").orElse(List.of()).stream()
            .map(name -> Mode.of(c, name))
            .toArray(Mode[]::new);
    features = ints(c, "nodes_featureids", count);
    thresholds = c.attributes().numbers("nodes_values").orElse(new float[0]);
    int[] missing =
        c.attributes().has("nodes_missing_value_tracks_true")
            ? ints(c, "nodes_missing_value_tracks_true", count)
            : new int[count];
    missingIsTrue = new boolean[count];
    whenTrue = new int[count];
    whenFalse = new int[count];
    int[] trueIds = ints(c, "nodes_truenodeids", count);
    int[] falseIds = ints(c, "nodes_falsenodeids", count);
    if (modes.length != count || thresholds.length != count) {
      throw c.error("has node attributes of different lengths");
    }
    boolean[] isChild = new boolean[count];
    for (int i = 0; i < count; i++) {
      missingIsTrue[i] = missing[i] != 0;
      if (modes[i] != Mode.LEAF) {
        whenTrue[i] = child(c, places, trees[i], trueIds[i], isChild);
        whenFalse[i] = child(c, places, trees[i], falseIds[i], isChild);
      }
    }
    roots = IntStream.range(0, count).filter(i -> !isChild[i]).toArray();
    requireTrees(c, count);
    this.votes = votes(c, votes, outputs, places, count);
    base = c.attributes().numbers("base_values").orElse(new float[0]);
    aggregate = c.attributes().text("aggregate_function", "SUM");
  }

  static Ensemble of(Call c, String votes, int outputs) {
    return new Ensemble(c, votes, outputs);
  }

  private static Map<Long, Map<Long, Integer>> places(Call c, long[] trees) {
    int[] ids = ints(c, "nodes_nodeids", trees.length);
    Map<Long, Map<Long, Integer>> places = new HashMap<>();
    for (int i = 0; i < trees.length; i++) {
      if (places.computeIfAbsent(trees[i], t -> new HashMap<>()).put((long) ids[i], i) != null) {
        throw c.error("has node %d of tree %d twice".formatted(ids[i], trees[i]));
      }
    }
    return places;
  }

  private static int[] ints(Call c, String attribute, int count) {
    long[] values = c.attributes().integers(attribute).orElse(new long[0]);
    if (values.length != count) {
      throw c.error("has %d %s for %d nodes".formatted(values.length, attribute, count));
    }
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  // A node with two parents could close a circle.
  private static int child(
      Call c, Map<Long, Map<Long, Integer>> places, long tree, long id, boolean[] isChild) {
    Integer place = places.getOrDefault(tree, Map.of()).get(id);
    if (place == null || isChild[place]) {
      throw c.error("has a broken tree %d at node %d".formatted(tree, id));
    }
    isChild[place] = true;
    return place;
  }

  // Every node has one parent or is a root: nodes that no root reaches lie on a circle.
  private void requireTrees(Call c, int count) {
    int reached = 0;
    int[] stack = new int[count + 1];
    for (int root : roots) {
      int depth = 0;
      stack[depth++] = root;
      while (depth > 0) {
        int node = stack[--depth];
        reached++;
        if (modes[node] != Mode.LEAF) {
          stack[depth++] = whenTrue[node];
          stack[depth++] = whenFalse[node];
        }
      }
    }
    if (reached != count) {
      throw c.error("has a tree that runs in a circle");
    }
  }

  private static List<List<Vote>> votes(
      Call c, String kind, int outputs, Map<Long, Map<Long, Integer>> places, int count) {
    float[] weights = c.attributes().numbers(kind + "_weights").orElse(new float[0]);
    int[] nodes = ints(c, kind + "_nodeids", weights.length);
    int[] trees = ints(c, kind + "_treeids", weights.length);
    int[] ids = ints(c, kind + "_ids", weights.length);
    List<List<Vote>> votes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      votes.add(new ArrayList<>(1));
    }
    for (int i = 0; i < weights.length; i++) {
      Integer place = places.getOrDefault((long) trees[i], Map.of()).get((long) nodes[i]);
      if (place == null || ids[i] < 0 || ids[i] >= outputs) {
        throw c.error("has a vote for a node or output that does not exist");
      }
      votes.get(place).add(new Vote(ids[i], weights[i]));
    }
    return votes;
  }

  /** How many columns of the input it reads. */
  int columns() {
    int columns = 0;
    for (int i = 0; i < features.length; i++) {
      if (modes[i] != Mode.LEAF) {
        columns = Math.max(columns, features[i] + 1);
      }
    }
    return columns;
  }

  /** Whether every leaf votes for the same output. */
  boolean votesForOne() {
    return votes.stream().flatMap(List::stream).mapToInt(Vote::output).distinct().count() == 1;
  }

  int onlyOutput() {
    return votes.stream().flatMap(List::stream).findFirst().orElseThrow().output;
  }

  /** Whether no vote is negative. */
  boolean isPositive() {
    return votes.stream().flatMap(List::stream).allMatch(v -> v.weight >= 0);
  }

  /** What the leaves that the rows reach add up to, one row after another. */
  float[] scores(double[] x, int rows, int columns, int outputs) {
    float[] scores = new float[rows * outputs];
    for (int row = 0; row < rows; row++) {
      double[] sums = new double[outputs];
      Arrays.fill(sums, start());
      for (int root : roots) {
        for (Vote vote : votes.get(leaf(root, x, row * columns))) {
          sums[vote.output] = combine(sums[vote.output], vote.weight);
        }
      }
      for (int i = 0; i < outputs; i++) {
        scores[row * outputs + i] = (float) finish(sums[i], i);
      }
    }
    return scores;
  }

  private int leaf(int root, double[] x, int offset) {
    int node = root;
    while (modes[node] != Mode.LEAF) {
      node = goesTrue(node, (float) x[offset + features[node]]) ? whenTrue[node] : whenFalse[node];
    }
    return node;
  }

  private boolean goesTrue(int node, float value) {
    if (Float.isNaN(value)) {
      return missingIsTrue[node];
    }
    float threshold = thresholds[node];
    return switch (modes[node]) {
      case BRANCH_LEQ -> value <= threshold;
      case BRANCH_LT -> value < threshold;
      case BRANCH_GTE -> value >= threshold;
      case BRANCH_GT -> value > threshold;
      case BRANCH_EQ -> value == threshold;
      case BRANCH_NEQ -> value != threshold;
      case LEAF -> throw new IllegalStateException("a leaf tests nothing");
    };
  }

  private double start() {
    return switch (aggregate) {
      case "MIN" -> Double.POSITIVE_INFINITY;
      case "MAX" -> Double.NEGATIVE_INFINITY;
      default -> 0;
    };
  }

  private double combine(double sum, float weight) {
    return switch (aggregate) {
      case "MIN" -> Math.min(sum, weight);
      case "MAX" -> Math.max(sum, weight);
      default -> sum + weight;
    };
  }

  private double finish(double sum, int output) {
    double mean = aggregate.equals("AVERAGE") ? sum / roots.length : sum;
    return mean + (output < base.length ? base[output] : 0);
  }
}
