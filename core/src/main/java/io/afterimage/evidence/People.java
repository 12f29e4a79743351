package io.afterimage.evidence;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whom a result is about: ids, never values.
 *
 * @param ids the record's id
 * @param persons the privacy unit's id
 * @param classes the class of each record as an index into the target's classes; empty for a
 *     regressor
 */
public record People(List<String> ids, List<String> persons, int[] classes) {

  /** Those of a dataset. */
  public static People of(Dataset rows) {
    boolean classified = rows.label().orElse(null) instanceof Column.Categorical;
    return new People(
        IntStream.range(0, rows.rows()).mapToObj(rows::id).toList(),
        IntStream.range(0, rows.rows()).mapToObj(rows::person).toList(),
        classified ? rows.classes() : new int[0]);
  }

  /** These and then others. */
  public People and(People others) {
    return new People(
        Stream.of(this, others).flatMap(people -> people.ids.stream()).toList(),
        Stream.of(this, others).flatMap(people -> people.persons.stream()).toList(),
        Stream.of(this, others).flatMapToInt(people -> IntStream.of(people.classes)).toArray());
  }

  public int count() {
    return ids.size();
  }

  /** How many persons they are. */
  public int units() {
    return (int) persons.stream().distinct().count();
  }
}
