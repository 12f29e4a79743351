package io.afterimage.graph;

/**
 * Where the rows of a batch lie in a value: along one axis, of extent outer * rows * inner, the
 * row's number between the two.
 *
 * @param outer how often all rows come one after another: time steps before them, say
 * @param inner neighbours on the axis that belong to one row: heads of attention, say
 */
record RowAxis(int axis, long outer, long inner) {
  /** One row is one element of the first axis. */
  static final RowAxis FIRST = new RowAxis(0, 1, 1);

  /** Whether nothing but rows lies on the axis. */
  boolean alone() {
    return outer == 1 && inner == 1;
  }

  RowAxis at(int other) {
    return new RowAxis(other, outer, inner);
  }

  /** Whether both lie on their axes in the same order. */
  boolean like(RowAxis other) {
    return outer == other.outer && inner == other.inner;
  }
}
