package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.train.Matrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a learner of the judge learns from.
 *
 * @param table one row a record
 * @param labels the class of each row; -1 where it is not known
 * @param classes how many classes there are
 * @param ids the record's id of each row
 * @param persons the privacy unit of each row
 */
record Sample(Matrix table, int[] labels, int classes, List<String> ids, List<String> persons) {

  /** The rows of these datasets, one after the other, as the table has them. */
  static Sample of(Matrix table, int[] labels, int classes, List<Dataset> roles) {
    return new Sample(
        table,
        labels,
        classes,
        roles.stream().flatMap(rows -> each(rows).mapToObj(rows::id)).toList(),
        roles.stream().flatMap(rows -> each(rows).mapToObj(rows::person)).toList());
  }

  int rows() {
    return labels.length;
  }

  Sample select(int[] rows) {
    return new Sample(
        table.select(rows),
        Arrays.stream(rows).map(i -> labels[i]).toArray(),
        classes,
        pick(ids, rows).toList(),
        pick(persons, rows).toList());
  }

  /** The rows whose class is known. */
  Sample labelled() {
    return select(IntStream.range(0, rows()).filter(row -> labels[row] >= 0).toArray());
  }

  /** At most so many rows, drawn and put in an order that depends on the records' ids alone. */
  Sample drawn(int most, Run run) {
    long[] keys = ids.stream().mapToLong(id -> run.seedFor("sample/" + id)).toArray();
    return select(
        IntStream.range(0, rows())
            .boxed()
            .sorted(Comparator.comparingLong((Integer row) -> keys[row]).thenComparing(ids::get))
            .limit(most)
            .mapToInt(row -> row)
            .toArray());
  }

  private static IntStream each(Dataset rows) {
    return IntStream.range(0, rows.rows());
  }

  private static Stream<String> pick(List<String> from, int[] rows) {
    return Arrays.stream(rows).mapToObj(from::get);
  }
}
