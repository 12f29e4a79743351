package io.afterimage.attack.inversion.picture;

/**
 * The last costs of every row, and whether a new one is no lower than the greatest of them. Holds
 * rows times window numbers, whatever the count of steps.
 */
final class LastCosts {
  private final float[][] costs;

  /**
   * @param rows how many descents there are
   * @param window how many costs of each are remembered, at least 1
   */
  LastCosts(int rows, int window) {
    this.costs = new float[rows][window];
  }

  /**
   * Remembers a row's cost in place of its oldest.
   *
   * @param step from 0, one after the other
   * @return whether it is at least the greatest of those remembered; false until there are as many
   *     as the window holds
   */
  boolean stalled(int row, float cost, int step) {
    float[] last = costs[row];
    boolean stalled = step >= last.length && isGreatest(cost, last);
    last[step % last.length] = cost;
    return stalled;
  }

  /** Ends at the first greater one, at once while costs fall. */
  private static boolean isGreatest(float cost, float[] last) {
    for (float earlier : last) {
      if (earlier > cost) {
        return false;
      }
    }
    return true;
  }
}
