package io.afterimage.data;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The extents of one row of an array, without the batch dimension; printed as {@code 1x28x28}. */
public final class Shape {
  private final int[] extents;

  public Shape(int... extents) {
    this.extents = extents.clone();
  }

  public int rank() {
    return extents.length;
  }

  public int extent(int axis) {
    return extents[axis];
  }

  public int[] extents() {
    return extents.clone();
  }

  /** The extents of so many rows: the batch first. */
  public long[] batch(long rows) {
    long[] all = new long[extents.length + 1];
    Arrays.setAll(all, axis -> axis == 0 ? rows : extents[axis - 1]);
    return all;
  }

  /** How many numbers one row holds. */
  public int size() {
    return Arrays.stream(extents).reduce(1, Math::multiplyExact);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(extents);
  }

  @Override
  public String toString() {
    return Arrays.stream(extents).mapToObj(Integer::toString).collect(Collectors.joining("x"));
  }
}
