package io.afterimage.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What two datasets have in common. It only counts: in tables of few categories many rows are alike
 * by chance, and whoever audits has to say what that means.
 *
 * <p>Rows are alike if all inputs and the label are, as text or to the last bit. They are compared
 * by a 64-bit hash: two datasets of a million different rows each have a false match with a
 * probability of 5e-8.
 *
 * @param rows rows of the first that also stand in the second
 * @param rowsOfOther rows of the second that also stand in the first
 * @param ids record ids in both; 0 where there is no id column
 * @param persons person ids in both; 0 where there is no person column
 * @param identical whether both hold the same rows, in whatever order
 */
public record Overlap(int rows, int rowsOfOther, int ids, int persons, boolean identical) {

  /** Compares two datasets of one schema. */
  public static Overlap between(Dataset first, Dataset second) {
    long[] a = sortedHashes(first);
    long[] b = sortedHashes(second);
    return new Overlap(
        countFound(a, b),
        countFound(b, a),
        inBoth(first, second, Role.ROW_ID, first::id, second::id),
        inBoth(first, second, Role.PERSON, first::person, second::person),
        Arrays.equals(a, b));
  }

  /** How many rows stand in the dataset once more before them. */
  public static int duplicates(Dataset rows) {
    long[] hashes = sortedHashes(rows);
    return (int) IntStream.range(1, hashes.length).filter(i -> hashes[i] == hashes[i - 1]).count();
  }

  /** A hash of the inputs and the label of each row. */
  public static long[] hashes(Dataset rows) {
    long[] hashes = new long[rows.rows()];
    rows.inputs().forEach(column -> mix(hashes, column));
    rows.label().ifPresent(column -> mix(hashes, column));
    return hashes;
  }

  private static long[] sortedHashes(Dataset rows) {
    long[] hashes = hashes(rows);
    Arrays.sort(hashes);
    return hashes;
  }

  private static int countFound(long[] sought, long[] sorted) {
    return (int) Arrays.stream(sought).filter(h -> Arrays.binarySearch(sorted, h) >= 0).count();
  }

  private static int inBoth(
      Dataset first, Dataset second, Role role, IntFunction<String> a, IntFunction<String> b) {
    List<String> columns = first.schema().names(role);
    if (columns.isEmpty() || second.schema().names(role).isEmpty()) {
      return 0;
    }
    Set<String> known = new HashSet<>();
    IntStream.range(0, first.rows()).mapToObj(a).forEach(known::add);
    return (int)
        IntStream.range(0, second.rows()).mapToObj(b).distinct().filter(known::contains).count();
  }

  private static void mix(long[] hashes, Column column) {
    if (column instanceof Column.Categorical texts) {
      long[] byCode = texts.dictionary().stream().mapToLong(Overlap::hash).toArray();
      for (int row = 0; row < hashes.length; row++) {
        int code = texts.code(row);
        hashes[row] = mix(hashes[row], code < 0 ? -1 : byCode[code]);
      }
    } else if (column instanceof Column.Numeric numbers) {
      for (int row = 0; row < hashes.length; row++) {
        hashes[row] = mix(hashes[row], Double.doubleToLongBits(numbers.get(row) + 0.0));
      }
    } else if (column instanceof Column.Array arrays) {
      for (int row = 0; row < hashes.length; row++) {
        for (float cell : arrays.row(row)) {
          hashes[row] = mix(hashes[row], Float.floatToIntBits(cell + 0.0f));
        }
      }
    }
  }

  private static long hash(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = mix(hash, text.charAt(i));
    }
    return hash;
  }

  /** SplitMix64's finaliser over the hash so far and the next value. */
  private static long mix(long hash, long value) {
    long z = (hash ^ value) + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
