package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.afterimage.base.BadInputException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Refuses tree ensembles that are no trees before anything walks them: branches and votes that name
 * nodes which do not exist, nodes that occur twice, and branches that lead back to where they came
 * from. Branches may share what follows them, as LightGBM's sets of categories do.
 */
final class TreeStructure {
  private static final Set<String> NAMED =
      Set.of("TreeEnsembleClassifier", "TreeEnsembleRegressor");

  private final String file;
  private final NodeProto node;
  private final Attributes attributes;

  private TreeStructure(String file, NodeProto node) {
    this.file = file;
    this.node = node;
    attributes = new Attributes(node.getAttributeList(), Map.of());
  }

  /** Looks at a node of any operator. */
  static void check(String file, NodeProto node) {
    if (!Node.domain(node).equals(Node.ML)) {
      return;
    }
    if (NAMED.contains(node.getOpType())) {
      new TreeStructure(file, node).named();
    } else if (node.getOpType().equals("TreeEnsemble")) {
      new TreeStructure(file, node).indexed();
    }
  }

  /** A node of one of the trees, by the numbers that the file gives them. */
  private record Place(long tree, long node) {
    /** A record's own would be that of thousands of other places of a large forest. */
    @Override
    public int hashCode() {
      return Long.hashCode(tree * 0x9e3779b97f4a7c15L ^ node);
    }
  }

  private void named() {
    List<String> modes = attributes.texts("nodes_modes").orElse(List.of());
    long[] trees = longs("nodes_treeids", modes.size());
    long[] ids = longs("nodes_nodeids", modes.size());
    Map<Place, Integer> places = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      require(
          places.put(new Place(trees[i], ids[i]), i) == null,
          "node %d of tree %d occurs twice",
          ids[i],
          trees[i]);
    }
    long[][] named = {
      longs("nodes_truenodeids", modes.size()), longs("nodes_falsenodeids", modes.size())
    };
    int[][] next = new int[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      int from = i;
      next[i] =
          modes.get(i).equals("LEAF")
              ? new int[0]
              : Arrays.stream(named)
                  .mapToInt(branch -> place(places, trees[from], ids[from], branch[from]))
                  .toArray();
    }
    requireNoCircle(next);
    votes(places, node.getOpType().equals("TreeEnsembleClassifier") ? "class" : "target");
  }

  private int place(Map<Place, Integer> places, long tree, long from, long to) {
    Integer place = places.get(new Place(tree, to));
    require(
        place != null, "node %d of tree %d goes on to node %d, which is missing", from, tree, to);
    return place == null ? -1 : place;
  }

  private void votes(Map<Place, Integer> places, String kind) {
    long[] ids = attributes.integers(kind + "_nodeids").orElse(new long[0]);
    long[] trees = longs(kind + "_treeids", ids.length);
    for (int i = 0; i < ids.length; i++) {
      require(
          places.containsKey(new Place(trees[i], ids[i])),
          "a vote belongs to node %d of tree %d, which is missing",
          ids[i],
          trees[i]);
    }
  }

  private void indexed() {
    int count = attributes.integers("nodes_featureids").orElse(new long[0]).length;
    int leaves = attributes.integers("leaf_targetids").orElse(new long[0]).length;
    int[][] next = new int[count][];
    for (int i = 0; i < count; i++) {
      int from = i;
      next[i] =
          List.of("true", "false").stream()
              .mapToInt(branch -> (int) index(branch, from, count, leaves))
              .filter(to -> to >= 0)
              .toArray();
    }
    requireNoCircle(next);
    for (long root : attributes.integers("tree_roots").orElse(new long[0])) {
      require(root >= 0 && root < count, "a tree begins at node %d of %d", root, count);
    }
  }

  /** Where a branch leads; -1 at a leaf. */
  private long index(String branch, int from, int count, int leaves) {
    long to = longs("nodes_" + branch + "nodeids", count)[from];
    boolean leaf = longs("nodes_" + branch + "leafs", count)[from] != 0;
    require(
        to >= 0 && to < (leaf ? leaves : count),
        "node %d goes on to %s %d, which is missing",
        from,
        leaf ? "leaf" : "node",
        to);
    return leaf ? -1 : to;
  }

  /** Takes away nodes to which no branch leads any more; what is left goes round. */
  private void requireNoCircle(int[][] next) {
    int[] branches = new int[next.length];
    Arrays.stream(next).flatMapToInt(Arrays::stream).forEach(to -> branches[to]++);
    Deque<Integer> free = new ArrayDeque<>();
    IntStream.range(0, next.length).filter(i -> branches[i] == 0).forEach(free::add);
    Set<Integer> left = new HashSet<>();
    IntStream.range(0, next.length).forEach(left::add);
    while (!free.isEmpty()) {
      int done = free.remove();
      left.remove(done);
      for (int to : next[done]) {
        if (--branches[to] == 0) {
          free.add(to);
        }
      }
    }
    require(left.isEmpty(), "its branches go round in a circle");
  }

  private long[] longs(String attribute, int count) {
    long[] values = attributes.integers(attribute).orElse(new long[0]);
    require(values.length == count, "it has %d %s, not %d", values.length, attribute, count);
    return values;
  }

  private void require(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new BadInputException(
          "%s: node %s \"%s\" holds a broken tree: "
                  .formatted(file, Node.operator(node), node.getName())
              + String.format(Locale.ROOT, message, arguments)
              + "; export the model again");
    }
  }
}
