package io.afterimage.train;

/**
 * A decision tree as plain arrays, node 0 the root. A row goes left where its value of the node's
 * feature is at most the node's threshold, both as float, as ONNX compares them.
 *
 * @param feature the column that a node looks at, -1 at a leaf
 * @param threshold the greatest value that goes left; 0 at a leaf
 * @param left the node for smaller values, -1 at a leaf
 * @param right the node for greater values, -1 at a leaf
 * @param counts training rows of each class in each node: {@code counts[node * classes + class]}
 * @param classes how many classes there are
 */
public record Tree(
    int[] feature, float[] threshold, int[] left, int[] right, int[] counts, int classes) {

  public int nodes() {
    return feature.length;
  }

  /** The leaf that row {@code row} of the table falls into. */
  public int leaf(Matrix table, int row) {
    int node = 0;
    while (feature[node] >= 0) {
      node = table.at(row, feature[node]) <= threshold[node] ? left[node] : right[node];
    }
    return node;
  }

  /** Training rows in a node. */
  public int records(int node) {
    int sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += counts[node * classes + c];
    }
    return sum;
  }

  /** The share of a class among the training rows of a node. */
  public double share(int node, int ofClass) {
    return counts[node * classes + ofClass] / (double) records(node);
  }
}
