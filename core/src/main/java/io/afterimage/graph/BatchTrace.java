package io.afterimage.graph;

import java.util.Arrays;
import java.util.Optional;

/** What a run of a graph, with as many rows as it was exported for, showed of its values. */
public interface BatchTrace {
  /** The extents of a value; empty where it is no tensor. */
  Optional<long[]> shape(String value);

  /** The numbers of a small tensor of whole numbers or truth values; empty for others. */
  Optional<long[]> integers(String value);

  /** Whether a tensor holds the same along an axis, whatever the index. */
  boolean sameAlong(String value, int axis);

  /**
   * Whether elements in C order are the same along an axis, whatever the index.
   *
   * @param bytes of all elements
   */
  static boolean sameAlong(byte[] bytes, long[] shape, int axis) {
    long apart = Arrays.stream(shape).skip(axis + 1L).reduce(1, Math::multiplyExact);
    long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (count == 0 || shape[axis] == 1) {
      return true;
    }
    int step = Math.toIntExact(apart * (bytes.length / count)); // bytes from one index to the next
    int block = Math.toIntExact(step * shape[axis]);
    for (int start = 0; start < bytes.length; start += block) {
      if (!Arrays.equals(bytes, start, start + block - step, bytes, start + step, start + block)) {
        return false;
      }
    }
    return true;
  }
}
