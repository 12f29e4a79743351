package io.afterimage.attack.common;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Draws records by their ids, so that the order of rows does not matter. */
public final class Sample {
  private Sample() {}

  /** So many of the rows themselves, as {@link #of} draws them. */
  public static Dataset drawn(Dataset rows, long count, Run run) {
    return count >= rows.rows() ? rows : rows.select(of(rows, count, run));
  }

  /**
   * So many rows, drawn without replacement, in ascending order; all where there are no more.
   *
   * @param count at least 0
   */
  public static int[] of(Dataset rows, long count, Run run) {
    if (count >= rows.rows()) {
      return IntStream.range(0, rows.rows()).toArray();
    }
    int[] drawn = Arrays.copyOf(order(rows, run), (int) count);
    Arrays.sort(drawn);
    return drawn;
  }

  /** The numbers of all rows in an order drawn by their ids, however they stand. */
  public static int[] order(Dataset rows, Run run) {
    long[] keys =
        IntStream.range(0, rows.rows()).mapToLong(row -> run.seedFor(rows.id(row))).toArray();
    return IntStream.range(0, rows.rows())
        .boxed()
        .sorted(Comparator.comparingLong(row -> keys[row]))
        .mapToInt(row -> row)
        .toArray();
  }
}
