package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.graph.ops.Ensemble.Aggregate;
import io.afterimage.graph.ops.Ensemble.Mode;
import io.afterimage.graph.ops.Ensemble.Test;
import io.afterimage.graph.ops.Ensemble.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the ensembles of TreeEnsemble, whose tests and leaves stand in two lists of their own. */
final class IndexedNodes {
  /** By their numbers in the standard. */
  private static final List<Aggregate> AGGREGATES =
      List.of(Aggregate.AVERAGE, Aggregate.SUM, Aggregate.MIN, Aggregate.MAX);

  private static final List<Mode> MODES =
      List.of(
          Mode.BRANCH_LEQ,
          Mode.BRANCH_LT,
          Mode.BRANCH_GTE,
          Mode.BRANCH_GT,
          Mode.BRANCH_EQ,
          Mode.BRANCH_NEQ,
          Mode.BRANCH_MEMBER);

  private final Call c;
  private final int count;
  private final int leaves;

  private IndexedNodes(Call c) {
    this.c = c;
    count = c.attributes().integers("nodes_featureids").orElse(new long[0]).length;
    leaves = c.attributes().integers("leaf_targetids").orElse(new long[0]).length;
    if (count == 0 || leaves == 0) {
      throw c.error("has no trees");
    }
  }

  /** The ensemble of a node; leaves stand after the tests. */
  static Ensemble read(Call c, int outputs) {
    return new IndexedNodes(c).ensemble(outputs);
  }

  private Ensemble ensemble(int outputs) {
    int kind = (int) c.attributes().integer("aggregate_function", 1);
    if (kind < 0 || kind >= AGGREGATES.size()) {
      throw c.error("aggregates by function number " + kind + ", which is not supported");
    }
    int[] roots = ints("tree_roots", -1);
    if (roots.length == 0 || Arrays.stream(roots).anyMatch(r -> r < 0 || r >= count)) {
      throw c.error("has tree_roots beyond its %d nodes".formatted(count));
    }
    return new Ensemble(
        c,
        tests(),
        children("true"),
        children("false"),
        votes(outputs),
        roots,
        AGGREGATES.get(kind),
        new double[0]);
  }

  private int[] ints(String attribute, int expected) {
    long[] values = c.attributes().integers(attribute).orElse(new long[0]);
    if (expected >= 0 && values.length != expected) {
      throw c.error("has %d %s, not %d".formatted(values.length, attribute, expected));
    }
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  private double[] doubles(String attribute) {
    return c.attributes().has(attribute) && c.constant(attribute) instanceof Value.Numbers numbers
        ? numbers.tensor().toDoubles()
        : new double[0];
  }

  private Test[] tests() {
    double[] modes = doubles("nodes_modes");
    double[] thresholds = doubles("nodes_splits");
    int[] features = ints("nodes_featureids", count);
    int[] missing =
        c.attributes().has("nodes_missing_value_tracks_true")
            ? ints("nodes_missing_value_tracks_true", count)
            : new int[count];
    if (modes.length != count || thresholds.length != count) {
      throw c.error("has node attributes of different lengths");
    }
    double[] members = doubles("membership_values");
    int next = 0;
    Test[] tests = new Test[count + leaves];
    Arrays.fill(tests, Test.LEAF);
    for (int i = 0; i < count; i++) {
      Mode mode = mode(modes[i]);
      Set<Double> set = new HashSet<>();
      if (mode == Mode.BRANCH_MEMBER) {
        // Sets follow one another, each ended by NaN.
        for (; next < members.length && !Double.isNaN(members[next]); next++) {
          set.add(members[next] + 0.0);
        }
        next++;
      }
      tests[i] = new Test(mode, features[i], thresholds[i], missing[i] != 0, set);
    }
    return tests;
  }

  private Mode mode(double number) {
    if (number < 0 || number >= MODES.size()) {
      throw c.error("has nodes of mode number %.0f, which is not supported".formatted(number));
    }
    return MODES.get((int) number);
  }

  private int[] children(String branch) {
    int[] ids = ints("nodes_" + branch + "nodeids", count);
    int[] areLeaves = ints("nodes_" + branch + "leafs", count);
    int[] children = new int[count + leaves];
    for (int i = 0; i < count; i++) {
      boolean isLeaf = areLeaves[i] != 0;
      if (ids[i] < 0 || ids[i] >= (isLeaf ? leaves : count)) {
        throw c.error("has a broken tree at node " + i);
      }
      children[i] = isLeaf ? count + ids[i] : ids[i];
    }
    return children;
  }

  private List<List<Vote>> votes(int outputs) {
    int[] targets = ints("leaf_targetids", leaves);
    double[] weights = doubles("leaf_weights");
    if (weights.length != leaves) {
      throw c.error("has %d leaf_weights for %d leaves".formatted(weights.length, leaves));
    }
    List<List<Vote>> votes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      votes.add(List.of());
    }
    for (int i = 0; i < leaves; i++) {
      if (targets[i] < 0 || targets[i] >= outputs) {
        throw c.error("has a vote for output %d of %d".formatted(targets[i], outputs));
      }
      votes.add(List.of(new Vote(targets[i], weights[i])));
    }
    return votes;
  }
}
