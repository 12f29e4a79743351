package io.afterimage.train;

import java.util.List;

/**
 * Trees that vote with their leaves' class shares, each tree with the same weight.
 *
 * @param trees at least one, all of the same classes
 * @param columns the width of the rows they take
 */
public record Forest(List<Tree> trees, int columns) implements Classifier {
  public Forest {
    trees = List.copyOf(trees);
  }

  @Override
  public int classes() {
    return trees.get(0).classes();
  }

  @Override
  public double[] probabilities(Matrix table, int row) {
    double[] mean = new double[classes()];
    for (Tree tree : trees) {
      int leaf = tree.leaf(table, row);
      for (int c = 0; c < mean.length; c++) {
        mean[c] += tree.share(leaf, c) / trees.size();
      }
    }
    return mean;
  }
}
