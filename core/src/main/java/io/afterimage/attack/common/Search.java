package io.afterimage.attack.common;

/**
 * A search that proposes points and learns from how good they were, without gradients. Goodness
 * counts by rank alone, greater is better, so that any increasing function of it gives the same
 * search. Not safe for several threads.
 */
public interface Search {
  /** Points proposed at a time. */
  int size();

  /**
   * Writes a generation of points.
   *
   * @param points [size][dimensions], overwritten
   */
  void propose(double[][] points);

  /**
   * Learns from the points proposed last.
   *
   * @param goodness one a point
   */
  void learn(double[] goodness);

  /** Where the search stands: the middle of the next generation. Not to be changed. */
  double[] centre();
}
