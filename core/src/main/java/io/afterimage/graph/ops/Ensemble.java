package io.afterimage.graph.ops;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Trees as arrays: a node tests a feature and goes on to another node, or is a leaf with votes.
 *
 * <p>Thresholds are compared as float where the input is float, as ONNX Runtime does, so that every
 * row reaches the same leaf.
 */
final class Ensemble {
  /** What a node does. */
  enum Mode {
    BRANCH_LEQ,
    BRANCH_LT,
    BRANCH_GTE,
    BRANCH_GT,
    BRANCH_EQ,
    BRANCH_NEQ,
    BRANCH_MEMBER,
    LEAF;

    static Mode of(Call c, String name) {
      return Arrays.stream(values())
          .filter(m -> m.name().equals(name))
          .findFirst()
          .orElseThrow(() -> c.error("has nodes of mode " + name + ", which is not supported"));
    }
  }

  /** How votes for one output become its score. */
  enum Aggregate {
    AVERAGE,
    SUM,
    MIN,
    MAX;

    static Aggregate of(Call c, String name) {
      return Arrays.stream(values())
          .filter(a -> a.name().equals(name))
          .findFirst()
          .orElseThrow(() -> c.error("aggregates by " + name + ", which is not supported"));
    }

    double combined(double score, double vote) {
      return switch (this) {
        case MIN -> Math.min(score, vote);
        case MAX -> Math.max(score, vote);
        default -> score + vote;
      };
    }
  }

  /** What a leaf adds to one output. */
  record Vote(int output, double weight) {}

  /**
   * One node.
   *
   * @param missingIsTrue where it goes if the value is NaN
   * @param members of the set that BRANCH_MEMBER tests
   */
  record Test(
      Mode mode, int feature, double threshold, boolean missingIsTrue, Set<Double> members) {
    static final Test LEAF = new Test(Mode.LEAF, 0, 0, false, Set.of());

    boolean holds(double value) {
      if (Double.isNaN(value)) {
        return missingIsTrue;
      }
      return switch (mode) {
        case BRANCH_LEQ -> value <= threshold;
        case BRANCH_LT -> value < threshold;
        case BRANCH_GTE -> value >= threshold;
        case BRANCH_GT -> value > threshold;
        case BRANCH_EQ -> value == threshold;
        case BRANCH_NEQ -> value != threshold;
        // No two zeros in a set.
        case BRANCH_MEMBER -> members.contains(value + 0.0);
        case LEAF -> throw new IllegalStateException("a leaf tests nothing");
      };
    }
  }

  private final Test[] tests;
  private final int[] whenTrue;
  private final int[] whenFalse;
  private final List<List<Vote>> votes;
  private final int[] roots;
  private final Aggregate aggregate;
  private final double[] base;

  /**
   * Checks that the nodes are trees.
   *
   * @param whenTrue the node that follows each node; ignored at leaves
   * @param votes of each node; empty unless it is a leaf
   * @param base added to each output's score; may be shorter than the outputs
   */
  Ensemble(
      Call c,
      Test[] tests,
      int[] whenTrue,
      int[] whenFalse,
      List<List<Vote>> votes,
      int[] roots,
      Aggregate aggregate,
      double[] base) {
    this.tests = tests;
    this.whenTrue = whenTrue;
    this.whenFalse = whenFalse;
    this.votes = votes;
    this.roots = roots;
    this.aggregate = aggregate;
    this.base = base;
    requireTrees(c);
  }

  // Branches may share what follows them: LightGBM's set of categories becomes a chain of tests for
  // one of them each, all of which lead to the same node.
  private void requireTrees(Call c) {
    Walk[] walks = new Walk[tests.length];
    Arrays.fill(walks, Walk.AHEAD);
    Deque<Integer> stack = new ArrayDeque<>();
    Arrays.stream(roots).forEach(stack::push);
    while (!stack.isEmpty()) {
      int node = stack.peek();
      if (walks[node] != Walk.AHEAD || tests[node].mode == Mode.LEAF) {
        walks[stack.pop()] = Walk.DONE;
        continue;
      }
      walks[node] = Walk.BELOW;
      for (int next : new int[] {whenTrue[node], whenFalse[node]}) {
        if (walks[next] == Walk.BELOW || tests[node].feature < 0) {
          throw c.error("has a broken tree at node " + node);
        }
        stack.push(next);
      }
    }
    for (int node = 0; node < tests.length; node++) {
      if (tests[node].mode != Mode.LEAF && walks[node] == Walk.AHEAD) {
        throw c.error("has a broken tree: nothing leads to its node " + node);
      }
    }
  }

  /** Whether a walk through a tree has yet to come to a node, is below it, or has left it. */
  private enum Walk {
    AHEAD,
    BELOW,
    DONE
  }

  /** How many columns of the input it reads. */
  int columns() {
    return Arrays.stream(tests)
        .filter(t -> t.mode != Mode.LEAF)
        .mapToInt(t -> t.feature + 1)
        .max()
        .orElse(0);
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
  double[] scores(double[] x, int rows, int outputs) {
    int columns = rows == 0 ? 0 : x.length / rows;
    double[] scores = new double[rows * outputs];
    for (int row = 0; row < rows; row++) {
      score(x, row * columns, scores, row * outputs, outputs);
    }
    return scores;
  }

  private void score(double[] x, int from, double[] scores, int to, int outputs) {
    boolean[] voted = new boolean[outputs];
    for (int root : roots) {
      for (Vote vote : votes.get(leaf(root, x, from))) {
        int place = to + vote.output;
        scores[place] =
            voted[vote.output] ? aggregate.combined(scores[place], vote.weight) : vote.weight;
        voted[vote.output] = true;
      }
    }
    for (int i = 0; i < outputs; i++) {
      double score =
          aggregate == Aggregate.AVERAGE ? scores[to + i] / roots.length : scores[to + i];
      scores[to + i] = score + (i < base.length ? base[i] : 0);
    }
  }

  private int leaf(int root, double[] x, int from) {
    int node = root;
    while (tests[node].mode != Mode.LEAF) {
      boolean holds = tests[node].holds(x[from + tests[node].feature]);
      node = holds ? whenTrue[node] : whenFalse[node];
    }
    return node;
  }
}
