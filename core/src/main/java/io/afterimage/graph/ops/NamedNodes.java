package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.graph.ops.Ensemble.Aggregate;
import io.afterimage.graph.ops.Ensemble.Mode;
import io.afterimage.graph.ops.Ensemble.Test;
import io.afterimage.graph.ops.Ensemble.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads the ensembles of TreeEnsembleClassifier and TreeEnsembleRegressor, whose nodes have the
 * number of their tree and a number within it. Numbers may stand in tensors of double.
 */
final class NamedNodes {
  private final Call c;
  private final long[] trees;
  private final Map<Long, Map<Long, Integer>> places = new HashMap<>();

  private NamedNodes(Call c) {
    this.c = c;
    trees = c.attributes().integers("nodes_treeids").orElse(new long[0]);
    if (trees.length == 0) {
      throw c.error("has no trees");
    }
    int[] ids = ints("nodes_nodeids", trees.length);
    for (int i = 0; i < trees.length; i++) {
      if (places.computeIfAbsent(trees[i], t -> new HashMap<>()).put((long) ids[i], i) != null) {
        throw c.error("has node %d of tree %d twice".formatted(ids[i], trees[i]));
      }
    }
  }

  /**
   * The ensemble of a node.
   *
   * @param votes prefix of the attributes that hold the votes: class or target
   */
  static Ensemble read(Call c, String votes, int outputs) {
    return new NamedNodes(c).ensemble(votes, outputs);
  }

  private Ensemble ensemble(String votes, int outputs) {
    Test[] tests = tests();
    int[] whenTrue = ints("nodes_truenodeids", trees.length);
    int[] whenFalse = ints("nodes_falsenodeids", trees.length);
    boolean[] isChild = new boolean[trees.length];
    for (int i = 0; i < trees.length; i++) {
      if (tests[i].mode() != Mode.LEAF) {
        whenTrue[i] = child(trees[i], whenTrue[i], isChild);
        whenFalse[i] = child(trees[i], whenFalse[i], isChild);
      }
    }
    int[] roots = IntStream.range(0, trees.length).filter(i -> !isChild[i]).toArray();
    Aggregate aggregate = Aggregate.of(c, c.attributes().text("aggregate_function", "SUM"));
    return new Ensemble(
        c,
        tests,
        whenTrue,
        whenFalse,
        votes(votes, outputs),
        roots,
        aggregate,
        numbers(c, "base_values"));
  }

  private Test[] tests() {
    List<String> modes = c.attributes().texts("nodes_modes").orElse(List.of());
    int[] features = ints("nodes_featureids", trees.length);
    double[] thresholds = numbers(c, "nodes_values");
    int[] missing =
        c.attributes().has("nodes_missing_value_tracks_true")
            ? ints("nodes_missing_value_tracks_true", trees.length)
            : new int[trees.length];
    if (modes.size() != trees.length || thresholds.length != trees.length) {
      throw c.error("has node attributes of different lengths");
    }
    Test[] tests = new Test[trees.length];
    for (int i = 0; i < tests.length; i++) {
      Mode mode = Mode.of(c, modes.get(i));
      tests[i] =
          mode == Mode.LEAF
              ? Test.LEAF
              : new Test(mode, features[i], thresholds[i], missing[i] != 0, Set.of());
    }
    return tests;
  }

  /** Numbers of an attribute, or of the tensor that may stand in for it. */
  static double[] numbers(Call c, String attribute) {
    if (c.attributes().has(attribute + "_as_tensor")
        && c.constant(attribute + "_as_tensor") instanceof Value.Numbers tensor) {
      return tensor.tensor().toDoubles();
    }
    float[] values = c.attributes().numbers(attribute).orElse(new float[0]);
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private int[] ints(String attribute, int count) {
    long[] values = c.attributes().integers(attribute).orElse(new long[0]);
    if (values.length != count) {
      throw c.error("has %d %s for %d nodes".formatted(values.length, attribute, count));
    }
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  private int child(long tree, long id, boolean[] isChild) {
    Integer place = places.getOrDefault(tree, Map.of()).get(id);
    if (place == null) {
      throw c.error("has a broken tree %d at node %d".formatted(tree, id));
    }
    isChild[place] = true;
    return place;
  }

  private List<List<Vote>> votes(String kind, int outputs) {
    double[] weights = numbers(c, kind + "_weights");
    int[] nodes = ints(kind + "_nodeids", weights.length);
    int[] ofTrees = ints(kind + "_treeids", weights.length);
    int[] ids = ints(kind + "_ids", weights.length);
    List<List<Vote>> votes = new ArrayList<>();
    for (int i = 0; i < trees.length; i++) {
      votes.add(new ArrayList<>(1));
    }
    for (int i = 0; i < weights.length; i++) {
      Integer place = places.getOrDefault((long) ofTrees[i], Map.of()).get((long) nodes[i]);
      if (place == null || ids[i] < 0 || ids[i] >= outputs) {
        throw c.error("has a vote for a node or output that does not exist");
      }
      votes.get(place).add(new Vote(ids[i], weights[i]));
    }
    return votes;
  }
}
