package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Draws rows by their record ids, so that the same records are drawn in whatever order they stand.
 */
final class Drawn {
  private Drawn() {}

  /** At most so many rows, ascending: all of them where there are no more. */
  static int[] rows(Dataset rows, int most, Run run) {
    return rows.rows() <= most
        ? IntStream.range(0, rows.rows()).toArray()
        : IntStream.of(order(rows, IntStream.range(0, rows.rows()).toArray(), run))
            .limit(most)
            .sorted()
            .toArray();
  }

  /** These rows in drawn order. */
  static int[] order(Dataset dataset, int[] rows, Run run) {
    record Keyed(int row, long key) {}
    return IntStream.of(rows)
        .mapToObj(row -> new Keyed(row, run.seedFor("drawn/" + dataset.id(row))))
        .sorted(Comparator.comparingLong(Keyed::key).thenComparingInt(Keyed::row))
        .mapToInt(Keyed::row)
        .toArray();
  }

  /**
   * Pictures that stand at these places, in drawn order.
   *
   * @param rows that the pictures were read from
   */
  static int[] order(Pictures pictures, int[] places, Dataset rows, Run run) {
    int[] inDataset = Arrays.stream(places).map(place -> pictures.rows()[place]).toArray();
    return Arrays.stream(order(rows, inDataset, run))
        .map(row -> Arrays.binarySearch(pictures.rows(), row))
        .toArray();
  }
}
