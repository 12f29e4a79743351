package io.afterimage.train;

import java.util.Arrays;

/** The nodes of a tree that grows; each is a leaf until it is split. */
final class Nodes {
  private final int classes;
  private int size;
  private int[] feature = new int[16];
  private float[] threshold = new float[16];
  private int[] left = new int[16];
  private int[] right = new int[16];
  private int[] counts;

  Nodes(int classes) {
    this.classes = classes;
    this.counts = new int[16 * classes];
  }

  /** Adds a leaf with these class counts and returns its number. */
  int add(int[] classCounts) {
    if (size == feature.length) {
      resize(2 * size);
    }
    feature[size] = -1;
    left[size] = -1;
    right[size] = -1;
    System.arraycopy(classCounts, 0, counts, size * classes, classes);
    return size++;
  }

  void split(int node, int column, float atMost, int leftNode, int rightNode) {
    feature[node] = column;
    threshold[node] = atMost;
    left[node] = leftNode;
    right[node] = rightNode;
  }

  /** A copy of a node's class counts. */
  int[] counts(int node) {
    return Arrays.copyOfRange(counts, node * classes, (node + 1) * classes);
  }

  /** Whether all of a node's rows are of one class. */
  boolean pure(int node) {
    int present = 0;
    for (int c = 0; c < classes; c++) {
      present += counts[node * classes + c] > 0 ? 1 : 0;
    }
    return present <= 1;
  }

  Tree tree() {
    resize(size);
    return new Tree(feature, threshold, left, right, counts, classes);
  }

  private void resize(int length) {
    feature = Arrays.copyOf(feature, length);
    threshold = Arrays.copyOf(threshold, length);
    left = Arrays.copyOf(left, length);
    right = Arrays.copyOf(right, length);
    counts = Arrays.copyOf(counts, Math.multiplyExact(length, classes));
  }
}
