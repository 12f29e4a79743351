package io.afterimage.assess;

import io.afterimage.base.Run;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The privacy units behind rows. Persons are numbered in the order of their ids, so that no draw
 * and no sum over them depends on the order of the rows.
 */
final class Units {
  private final int[] ofRow;
  private final int[] rowsOf;
  private final String[] ids;

  private Units(int[] ofRow, String[] ids) {
    this.ofRow = ofRow;
    this.ids = ids;
    this.rowsOf = new int[ids.length];
    for (int unit : ofRow) {
      rowsOf[unit]++;
    }
  }

  /** The persons of these rows. */
  static Units of(List<String> persons) {
    String[] ids = persons.stream().distinct().sorted().toArray(String[]::new);
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      numbers.put(ids[i], i);
    }
    return new Units(persons.stream().mapToInt(numbers::get).toArray(), ids);
  }

  /** Rows of as many persons. */
  static Units oneRowEach(int rows) {
    String[] ids = IntStream.range(0, rows).mapToObj(Integer::toString).toArray(String[]::new);
    return new Units(IntStream.range(0, rows).toArray(), ids);
  }

  int count() {
    return ids.length;
  }

  int rows() {
    return ofRow.length;
  }

  int of(int row) {
    return ofRow[row];
  }

  int rowsOf(int unit) {
    return rowsOf[unit];
  }

  boolean oneRowEach() {
    return count() == rows();
  }

  /** The sum over each unit's rows. */
  double[] sums(double[] perRow) {
    double[] sums = new double[count()];
    for (int row = 0; row < ofRow.length; row++) {
      sums[ofRow[row]] += perRow[row];
    }
    return sums;
  }

  /** The sum over each unit's rows of their distance from a common mean. */
  double[] residuals(double[] perRow, double mean) {
    double[] sums = sums(perRow);
    for (int unit = 0; unit < sums.length; unit++) {
      sums[unit] -= rowsOf[unit] * mean;
    }
    return sums;
  }

  /** A random half of the units, the same for the same ids and key. */
  boolean[] half(Run run, String key) {
    long[] order = Arrays.stream(ids).mapToLong(id -> run.seedFor(key + "/" + id)).toArray();
    boolean[] chosen = new boolean[count()];
    IntStream.range(0, count())
        .boxed()
        .sorted(Comparator.comparingLong(unit -> order[unit]))
        .limit(count() / 2)
        .forEach(unit -> chosen[unit] = true);
    return chosen;
  }

  /** The rows whose units are chosen, or those whose are not. */
  int[] rows(boolean[] chosen, boolean which) {
    return IntStream.range(0, rows()).filter(row -> chosen[ofRow[row]] == which).toArray();
  }

  /** The units of some of the rows. */
  Units select(int[] rows) {
    int[] used = Arrays.stream(rows).map(row -> ofRow[row]).sorted().distinct().toArray();
    return new Units(
        Arrays.stream(rows).map(row -> Arrays.binarySearch(used, ofRow[row])).toArray(),
        Arrays.stream(used).mapToObj(unit -> ids[unit]).toArray(String[]::new));
  }
}
