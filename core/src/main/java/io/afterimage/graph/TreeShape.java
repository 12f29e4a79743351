package io.afterimage.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How large the trees of a model are, and whether each answers by itself (a forest) or adds to what
 * those before it answered (boosting): what is known of how it was grown.
 *
 * @param boosted whether the trees were grown one after the other
 * @param trees how many
 * @param rounds how often trees were added: with a tree for each class a share of them
 * @param depth the most splits on the way to a leaf
 * @param mostLeaves of any tree
 * @param meanLeaves of all trees
 */
public record TreeShape(
    boolean boosted, int trees, int rounds, int depth, int mostLeaves, double meanLeaves) {
  private static final double ROUNDING = 1e-4;

  /** Later trees of a forest spread their answers as the first ones do, those of boosting less. */
  private static final double ALIKE = 0.8;

  /**
   * Reads it where a model has exactly one ensemble of trees, written as TreeEnsembleClassifier or
   * TreeEnsembleRegressor with numbers as float.
   *
   * @param classifies whether the model names classes
   */
  public static Optional<TreeShape> of(OnnxModel model, boolean classifies) {
    List<Node> ensembles =
        model.allNodes().stream()
            .filter(n -> n.domain().equals(Node.ML) && n.type().startsWith("TreeEnsemble"))
            .toList();
    return ensembles.size() == 1 && !ensembles.get(0).type().equals("TreeEnsemble")
        ? Optional.of(ensembles.get(0))
            .flatMap(node -> Ensemble.of(node))
            .map(e -> e.shape(classifies))
        : Optional.empty();
  }

  /**
   * An ensemble with its trees numbered from 0.
   *
   * @param tree of each node
   * @param next where each node's branches lead; nowhere from a leaf
   * @param votedTree of each vote
   */
  private record Ensemble(
      Node node,
      int trees,
      int[] tree,
      int[][] next,
      int[] votedTree,
      long[] votedFor,
      float[] votes) {

    static Optional<Ensemble> of(Node node) {
      Attributes given = node.attributes();
      String kind = node.type().equals("TreeEnsembleClassifier") ? "class" : "target";
      List<String> modes = given.texts("nodes_modes").orElse(List.of());
      float[] votes = given.numbers(kind + "_weights").orElse(new float[0]);
      long[] votedFor = given.integers(kind + "_ids").orElse(new long[0]);
      if (modes.isEmpty() || votes.length == 0 || votedFor.length != votes.length) {
        return Optional.empty();
      }
      Map<Long, Integer> numbers = new HashMap<>();
      int[] tree = numbered(given.integers("nodes_treeids").orElseThrow(), numbers);
      int[] votedTree = numbered(given.integers(kind + "_treeids").orElseThrow(), numbers);
      return Optional.of(
          new Ensemble(
              node, numbers.size(), tree, next(given, modes, tree), votedTree, votedFor, votes));
    }

    private static int[] numbered(long[] ids, Map<Long, Integer> numbers) {
      return Arrays.stream(ids)
          .mapToInt(
              id -> {
                Integer known = numbers.putIfAbsent(id, numbers.size());
                return known == null ? numbers.size() - 1 : known;
              })
          .toArray();
    }

    private static int[][] next(Attributes given, List<String> modes, int[] tree) {
      record Place(int tree, long node) {
        /** A record's own would be that of thousands of other places of a large forest. */
        @Override
        public int hashCode() {
          return Long.hashCode(tree * 0x9e3779b97f4a7c15L ^ node);
        }
      }
      Map<Place, Integer> places = new HashMap<>();
      long[] ids = given.integers("nodes_nodeids").orElseThrow();
      long[] yes = given.integers("nodes_truenodeids").orElseThrow();
      long[] no = given.integers("nodes_falsenodeids").orElseThrow();
      for (int i = 0; i < tree.length; i++) {
        places.put(new Place(tree[i], ids[i]), i);
      }
      int[][] next = new int[tree.length][];
      Arrays.setAll(
          next,
          i ->
              modes.get(i).equals("LEAF")
                  ? new int[0]
                  : new int[] {
                    places.getOrDefault(new Place(tree[i], yes[i]), i),
                    places.getOrDefault(new Place(tree[i], no[i]), i)
                  });
      return next;
    }

    TreeShape shape(boolean classifies) {
      int[] leaves = leaves();
      return new TreeShape(
          classifies ? marginal() : growsSmaller(),
          trees,
          Math.max(1, trees / each()),
          depth(),
          Arrays.stream(leaves).max().orElseThrow(),
          Arrays.stream(leaves).average().orElseThrow());
    }

    private int[] leaves() {
      int[] leaves = new int[trees];
      for (int i = 0; i < tree.length; i++) {
        leaves[tree[i]] += next[i].length == 0 ? 1 : 0;
      }
      return leaves;
    }

    /** Every node after those that lead to it: branches may share what follows them. */
    private int depth() {
      int[] before = new int[tree.length];
      Arrays.stream(next).flatMapToInt(Arrays::stream).forEach(to -> before[to]++);
      Deque<Integer> open = new ArrayDeque<>();
      for (int i = 0; i < before.length; i++) {
        if (before[i] == 0) {
          open.add(i);
        }
      }
      int[] depth = new int[tree.length];
      while (!open.isEmpty()) {
        int from = open.remove();
        for (int to : next[from]) {
          depth[to] = Math.max(depth[to], depth[from] + 1);
          if (--before[to] == 0) {
            open.add(to);
          }
        }
      }
      return Arrays.stream(depth).max().orElseThrow();
    }

    /** How many trees stand side by side, one for each class that a tree does not vote for. */
    private int each() {
      Set<Long> all = new HashSet<>();
      Set<Long> ofFirst = new HashSet<>();
      for (int i = 0; i < votes.length; i++) {
        all.add(votedFor[i]);
        if (votedTree[i] == votedTree[0]) {
          ofFirst.add(votedFor[i]);
        }
      }
      return all.size() / ofFirst.size();
    }

    /** Whether votes are no shares of classes but what a softmax or logistic function is given. */
    private boolean marginal() {
      boolean transformed = !node.attributes().text("post_transform", "NONE").equals("NONE");
      boolean shares = true;
      for (float vote : votes) {
        shares &= vote >= 0 && vote <= 1 + ROUNDING;
      }
      return transformed || !shares;
    }

    /** Whether values are added to a base, or to each other and later ones are smaller. */
    private boolean growsSmaller() {
      Attributes given = node.attributes();
      if (trees == 1 || given.text("aggregate_function", "SUM").equals("AVERAGE")) {
        return false;
      }
      float[] base = given.numbers("base_values").orElse(new float[0]);
      return (base.length == 1 && base[0] != 0)
          || spread(trees / 2, trees) < ALIKE * spread(0, trees - trees / 2);
    }

    /** The median over some trees of the deviation of their leaves' values. */
    private double spread(int from, int to) {
      List<List<Double>> values = new ArrayList<>();
      for (int i = 0; i < trees; i++) {
        values.add(new ArrayList<>());
      }
      for (int i = 0; i < votes.length; i++) {
        values.get(votedTree[i]).add((double) votes[i]);
      }
      double[] spreads =
          values.subList(from, to).stream().mapToDouble(Ensemble::deviation).sorted().toArray();
      return spreads[spreads.length / 2];
    }

    private static double deviation(List<Double> values) {
      double mean = values.stream().mapToDouble(v -> v).average().orElse(0);
      return Math.sqrt(
          values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElse(0));
    }
  }
}
