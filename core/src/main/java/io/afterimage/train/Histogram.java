package io.afterimage.train;

import java.util.Arrays;

/**
 * Class counts of a node's rows by the rank of one column's value: exact, each distinct value a bin
 * of its own. Reused from node to node.
 */
final class Histogram {
  private final int classes;

  /** The ranks that occur in the node, ascending, and the class counts of each. */
  private int[] ranks = new int[0];

  private int[] counts = new int[0];
  private long[] keys = new long[0];
  private int bins;

  Histogram(int classes) {
    this.classes = classes;
  }

  int bins() {
    return bins;
  }

  int rank(int bin) {
    return ranks[bin];
  }

  int count(int bin, int ofClass) {
    return counts[bin * classes + ofClass];
  }

  /**
   * Counts the rows {@code rows[from]} to {@code rows[to - 1]}.
   *
   * @param codes the rank of each row's value
   * @param distinct how many ranks there are
   * @param labels the class of each of these rows, in their order, from 0
   */
  void count(int[] rows, int from, int to, int[] codes, int distinct, int[] labels) {
    if (distinct <= to - from) {
      countByRank(rows, from, to, codes, distinct, labels);
    } else {
      countBySorting(rows, from, to, codes, labels);
    }
  }

  private void countByRank(int[] rows, int from, int to, int[] codes, int distinct, int[] labels) {
    reserve(distinct);
    Arrays.fill(counts, 0, distinct * classes, 0);
    for (int i = from; i < to; i++) {
      counts[codes[rows[i]] * classes + labels[i - from]]++;
    }
    bins = 0;
    for (int rank = 0; rank < distinct; rank++) {
      if (occurs(rank)) {
        System.arraycopy(counts, rank * classes, counts, bins * classes, classes);
        ranks[bins++] = rank;
      }
    }
  }

  private boolean occurs(int rank) {
    for (int c = 0; c < classes; c++) {
      if (counts[rank * classes + c] > 0) {
        return true;
      }
    }
    return false;
  }

  /** For a node smaller than the list of ranks: looks only at those that occur in it. */
  private void countBySorting(int[] rows, int from, int to, int[] codes, int[] labels) {
    int size = to - from;
    reserve(size);
    for (int i = 0; i < size; i++) {
      keys[i] = (long) codes[rows[from + i]] * classes + labels[i];
    }
    Arrays.sort(keys, 0, size);
    bins = 0;
    for (int i = 0; i < size; i++) {
      int rank = (int) (keys[i] / classes);
      if (i == 0 || rank != ranks[bins - 1]) {
        Arrays.fill(counts, bins * classes, (bins + 1) * classes, 0);
        ranks[bins++] = rank;
      }
      counts[(bins - 1) * classes + (int) (keys[i] % classes)]++;
    }
  }

  private void reserve(int size) {
    if (ranks.length < size) {
      ranks = new int[size];
      keys = new long[size];
      counts = new int[Math.multiplyExact(size, classes)];
    }
  }
}
