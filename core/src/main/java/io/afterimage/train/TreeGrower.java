package io.afterimage.train;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Grows one tree, node by node from an explicit stack. */
final class TreeGrower {
  private final Ranks ranks;
  private final int[] labels;
  private final int classes;
  private final Forests.Settings settings;
  private final RandomGenerator random;

  private final Nodes nodes;
  private final Histogram histogram;

  /** The class of each row of the node that is being split, gathered once for all columns. */
  private int[] labelsHere = new int[0];

  TreeGrower(
      Ranks ranks, int[] labels, int classes, Forests.Settings settings, RandomGenerator random) {
    this.ranks = ranks;
    this.labels = labels;
    this.classes = classes;
    this.settings = settings;
    this.random = random;
    this.nodes = new Nodes(classes);
    this.histogram = new Histogram(classes);
  }

  /**
   * The rows of a node that is still to be split: {@code rows[from]} to {@code rows[to - 1]}.
   *
   * @param columns those that may be split: what cannot stays so further down, where fewer rows lie
   *     on either side of every threshold
   */
  private record Part(int node, int from, int to, int depth, int[] columns) {
    int size() {
      return to - from;
    }
  }

  /** A column and the greatest rank that goes left; the best score is the greatest. */
  private record Split(int column, int rank, float threshold, double score) {}

  /** Grows the tree on these rows, which it reorders. */
  Tree grow(int[] rows) {
    Deque<Part> open = new ArrayDeque<>();
    int[] columns = IntStream.range(0, ranks.columns()).toArray();
    open.push(part(rows, 0, rows.length, 0, columns));
    while (!open.isEmpty()) {
      Part part = open.pop();
      Choice choice = mayGrow(part) ? choose(rows, part) : Choice.NONE;
      Split split = choice.best;
      if (split != null) {
        int middle = partition(rows, part, split);
        Part left = part(rows, part.from, middle, part.depth + 1, choice.columns);
        Part right = part(rows, middle, part.to, part.depth + 1, choice.columns);
        nodes.split(part.node, split.column, split.threshold, left.node, right.node);
        open.push(right);
        open.push(left);
      }
    }
    return nodes.tree();
  }

  private Part part(int[] rows, int from, int to, int depth, int[] columns) {
    return new Part(nodes.add(classCounts(rows, from, to)), from, to, depth, columns);
  }

  private boolean mayGrow(Part part) {
    return part.depth < settings.maxDepth()
        && part.size() >= 2L * settings.minLeaf()
        && !nodes.pure(part.node);
  }

  /** The best split that was found, and the columns not found to be beyond splitting. */
  private record Choice(@Nullable Split best, int[] columns) {
    static final Choice NONE = new Choice(null, new int[0]);
  }

  /**
   * The best split among a random choice of columns. Columns that cannot be split do not count as
   * chosen, so that a node stays impure only where no column at all can split it.
   */
  private Choice choose(int[] rows, Part part) {
    long wanted = Math.max(1, Math.round(settings.featureShare() * ranks.columns()));
    gatherLabels(rows, part);
    int[] columns = part.columns.clone();
    int open = columns.length;
    Split best = null;
    for (int i = 0, found = 0; i < open && found < wanted; ) {
      swap(columns, i, i + random.nextInt(open - i));
      Split split = split(rows, part, columns[i]);
      if (split != null) {
        found++;
        best = best == null || split.score > best.score ? split : best;
      }
      if (split != null || mayBeSplitByChance()) {
        i++;
      } else {
        swap(columns, i, --open);
      }
    }
    return new Choice(best, Arrays.copyOf(columns, open));
  }

  private void gatherLabels(int[] rows, Part part) {
    if (labelsHere.length < part.size()) {
      labelsHere = new int[part.size()];
    }
    for (int i = 0; i < part.size(); i++) {
      labelsHere[i] = labels[rows[part.from + i]];
    }
  }

  /** Whether another draw could split the column that was counted last. */
  private boolean mayBeSplitByChance() {
    return settings.splits() == Forests.Splits.RANDOM && histogram.bins() > 1;
  }

  private @Nullable Split split(int[] rows, Part part, int column) {
    int[] codes = ranks.codes()[column];
    histogram.count(rows, part.from, part.to, codes, ranks.distinct()[column].length, labelsHere);
    return switch (settings.splits()) {
      case BEST -> bestThreshold(part, column);
      case RANDOM -> randomThreshold(part, column);
    };
  }

  private @Nullable Split bestThreshold(Part part, int column) {
    Sides sides = new Sides(part);
    Split best = null;
    for (int bin = 0; bin + 1 < histogram.bins(); bin++) {
      sides.moveLeft(bin);
      if (sides.allowed() && (best == null || sides.score() > best.score)) {
        int rank = histogram.rank(bin);
        float threshold = ranks.between(column, rank, histogram.rank(bin + 1));
        best = new Split(column, rank, threshold, sides.score());
      }
    }
    return best;
  }

  /** Geurts et al.: a threshold drawn evenly between the node's least and greatest value. */
  private @Nullable Split randomThreshold(Part part, int column) {
    if (histogram.bins() < 2) {
      return null;
    }
    float[] values = ranks.distinct()[column];
    double low = values[histogram.rank(0)];
    double high = values[histogram.rank(histogram.bins() - 1)];
    float drawn = (float) (low + random.nextDouble() * (high - low));
    float threshold = drawn < high ? drawn : (float) low;
    Sides sides = new Sides(part);
    int bin = 0;
    while (values[histogram.rank(bin)] <= threshold) {
      sides.moveLeft(bin++);
    }
    int rank = histogram.rank(bin - 1);
    return sides.allowed() ? new Split(column, rank, threshold, sides.score()) : null;
  }

  /** The class counts on both sides of a threshold that moves upwards. */
  private final class Sides {
    private final int[] left = new int[classes];
    private final int[] right;
    private int leftRows;
    private int rightRows;

    Sides(Part part) {
      right = nodes.counts(part.node);
      rightRows = part.size();
    }

    void moveLeft(int bin) {
      for (int c = 0; c < classes; c++) {
        int moved = histogram.count(bin, c);
        left[c] += moved;
        right[c] -= moved;
        leftRows += moved;
        rightRows -= moved;
      }
    }

    boolean allowed() {
      return Math.min(leftRows, rightRows) >= settings.minLeaf();
    }

    /** Rises as the weighted Gini impurity of the two sides falls. */
    double score() {
      return squares(left) / leftRows + squares(right) / rightRows;
    }

    private double squares(int[] side) {
      double sum = 0;
      for (int count : side) {
        sum += (double) count * count;
      }
      return sum;
    }
  }

  /** Moves the rows that go left before those that go right; returns where the right ones begin. */
  private int partition(int[] rows, Part part, Split split) {
    int[] codes = ranks.codes()[split.column];
    int middle = part.from;
    for (int i = part.from; i < part.to; i++) {
      if (codes[rows[i]] <= split.rank) {
        swap(rows, i, middle++);
      }
    }
    return middle;
  }

  private int[] classCounts(int[] rows, int from, int to) {
    int[] sums = new int[classes];
    for (int i = from; i < to; i++) {
      sums[labels[rows[i]]]++;
    }
    return sums;
  }

  private static void swap(int[] values, int i, int j) {
    int value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}
