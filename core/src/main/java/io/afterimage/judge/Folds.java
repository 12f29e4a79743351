package io.afterimage.judge;

import io.afterimage.base.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Deals rows into folds for cross-fitting: all rows of one person into one fold, each stratum
 * evenly. Depends on the seed and the persons' ids, not on the order of the rows.
 */
final class Folds {
  private Folds() {}

  /**
   * The fold of each row, 0 to {@code folds - 1}.
   *
   * @param persons the privacy unit of each row
   * @param strata a small number for each row, such as its role; a person of several strata counts
   *     as one of their greatest
   */
  static int[] deal(List<String> persons, int[] strata, int folds, Run run) {
    Map<String, Integer> stratum = new HashMap<>();
    for (int row = 0; row < strata.length; row++) {
      stratum.merge(persons.get(row), strata[row], Math::max);
    }
    List<Person> order = new ArrayList<>();
    stratum.forEach((id, of) -> order.add(new Person(of, run.seedFor("fold/" + id), id)));
    Collections.sort(order);
    Map<String, Integer> fold = new HashMap<>();
    for (int i = 0; i < order.size(); i++) {
      fold.put(order.get(i).id, i % folds);
    }
    return persons.stream().mapToInt(person -> fold.getOrDefault(person, 0)).toArray();
  }

  /** A person's place in the deal: by stratum, and within it by lot. */
  private record Person(int stratum, long lot, String id) implements Comparable<Person> {
    private static final Comparator<Person> ORDER =
        Comparator.comparingInt(Person::stratum)
            .thenComparingLong(Person::lot)
            .thenComparing(Person::id);

    @Override
    public int compareTo(Person other) {
      return ORDER.compare(this, other);
    }
  }

  /** The rows that lie in the fold, or those that do not. */
  static int[] rows(int[] folds, int fold, boolean inside) {
    return IntStream.range(0, folds.length).filter(i -> (folds[i] == fold) == inside).toArray();
  }
}
