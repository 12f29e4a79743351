package io.afterimage.attack.attribute;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The values that a sensitive attribute can have, with how common each is.
 *
 * @param column the reference's column: texts of a dictionary, or at most {@value #MOST_NUMBERS}
 *     different numbers
 * @param numbers the numbers in ascending order; empty for texts
 * @param counts how often each value occurs in the reference; by index into the dictionary or the
 *     numbers
 * @param present indices of the values that occur, which alone are worth a question
 */
record Candidates(Column column, double[] numbers, int[] counts, int[] present) {
  private static final int MOST_NUMBERS = 20;
  private static final int MOST_TEXTS = 1_000;

  /** Those of a reference's sensitive column; missing values are left out. */
  static Candidates of(Dataset reference, String sensitive) {
    Column column = reference.column(sensitive);
    Optional<String> refusal = refusal(column);
    check(refusal.isEmpty(), "%s", refusal.orElse(""));
    return counted(column);
  }

  /** Why a column's values cannot be guessed, in one line; empty where they can. */
  static Optional<String> refusal(Column column) {
    if (column instanceof Column.Array) {
      return Optional.of(
          "--sensitive %s: an array has no values to guess; name a column"
              .formatted(column.name()));
    }
    Candidates candidates = counted(column);
    int most = candidates.isNumeric() ? MOST_NUMBERS : MOST_TEXTS;
    int values = candidates.present.length;
    if (values >= 2 && values <= most) {
      return Optional.empty();
    }
    String advice = "; group its numbers: a continuous attribute cannot be attacked";
    return Optional.of(
        "--sensitive %s: attribute-map guesses among 2 to %d values, but it has %d%s"
            .formatted(column.name(), most, values, candidates.isNumeric() ? advice : ""));
  }

  /** Each value as text, by index. */
  List<String> texts() {
    if (column instanceof Column.Categorical categorical) {
      return categorical.dictionary();
    }
    Column.Numeric all = new Column.Numeric(column.name(), numbers);
    return IntStream.range(0, numbers.length)
        .mapToObj(i -> Objects.requireNonNull(all.text(i)))
        .toList();
  }

  /** The most common value. */
  int mode() {
    return Arrays.stream(present).reduce((a, b) -> counts[b] > counts[a] ? b : a).orElseThrow();
  }

  /** Natural logarithm of each present value's share. */
  double[] logShares() {
    double sum = Arrays.stream(counts).sum();
    return Arrays.stream(present).mapToDouble(v -> Math.log(counts[v] / sum)).toArray();
  }

  /** Every row with every present value, row after row. */
  Dataset tried(Dataset rows) {
    int values = present.length;
    int pairs = rows.rows() * values;
    int[] repeated = IntStream.range(0, pairs).map(pair -> pair / values).toArray();
    int[] tried = IntStream.range(0, pairs).map(pair -> present[pair % values]).toArray();
    Column filled =
        column instanceof Column.Categorical categorical
            ? new Column.Categorical(column.name(), tried, categorical.dictionary())
            : new Column.Numeric(
                column.name(), Arrays.stream(tried).mapToDouble(v -> numbers[v]).toArray());
    return rows.select(repeated).with(filled);
  }

  private boolean isNumeric() {
    return column instanceof Column.Numeric;
  }

  private static Candidates counted(Column column) {
    if (column instanceof Column.Categorical texts) {
      return counted(column, new double[0], texts.codes(), texts.dictionary().size());
    }
    double[] values = ((Column.Numeric) column).values();
    double[] numbers =
        Arrays.stream(values).filter(v -> !Double.isNaN(v)).distinct().sorted().toArray();
    int[] codes = Arrays.stream(values).mapToInt(v -> index(numbers, v)).toArray();
    return counted(column, numbers, codes, numbers.length);
  }

  private static Candidates counted(Column column, double[] numbers, int[] codes, int size) {
    int[] counts = new int[size];
    Arrays.stream(codes).filter(code -> code >= 0).forEach(code -> counts[code]++);
    int[] present = IntStream.range(0, size).filter(v -> counts[v] > 0).toArray();
    return new Candidates(column, numbers, counts, present);
  }

  private static int index(double[] sorted, double value) {
    return Double.isNaN(value) ? -1 : Arrays.binarySearch(sorted, value);
  }
}
