package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SharedRowsTest {
  @Test
  void callsTheDuplicatesOfACoarseTableChance() {
    // Beyond chance happens to two halves of one pool once in 1,000 tables.
    assertThat(SharedRows.between(coarse("a", 2000), coarse("b", 2000), Run.of(1)).beyondChance())
        .isFalse();
  }

  @Test
  void findsRowsThatWerePutIntoBothFiles() {
    SharedRows shared = SharedRows.between(distinct(0, 500), distinct(450, 950), Run.of(1));
    assertThat(shared.shared()).isEqualTo(50);
    assertThat(shared.beyondChance()).isTrue();
  }

  @Test
  void findsADozenPlantedRowsAmongThousands() {
    SharedRows shared = SharedRows.between(distinct(0, 2000), distinct(1985, 3985), Run.of(1));
    assertThat(shared.beyondChance()).isTrue();
  }

  @Test
  void findsNothingAmongDistinctRows() {
    SharedRows shared = SharedRows.between(distinct(0, 500), distinct(500, 900), Run.of(1));
    assertThat(shared.shared()).isZero();
    assertThat(shared.beyondChance()).isFalse();
  }

  @Test
  void findsMembersThatWereChangedALittle() {
    SharedRows near = SharedRows.near(Split.of(points("a", 0), points("b", 20)), Run.of(2));
    assertThat(near.shared()).isBetween(20, 23);
    assertThat(near.beyondChance()).isTrue();
  }

  @Test
  void callsStrangersStrangers() {
    SharedRows near = SharedRows.near(Split.of(points("a", 0), points("b", 0)), Run.of(2));
    assertThat(near.beyondChance()).isFalse();
  }

  /** Points in three dimensions, of which so many are those of "a" moved by a thousandth. */
  private static Dataset points(String name, int copied) {
    RandomGenerator own = Run.of(4).random(name);
    RandomGenerator other = Run.of(4).random("a");
    List<Column> columns = new ArrayList<>();
    Map<String, Role> roles = new LinkedHashMap<>();
    for (String column : List.of("x", "y", "z")) {
      double[] values = new double[400];
      for (int row = 0; row < values.length; row++) {
        double fresh = own.nextGaussian();
        double seen = other.nextGaussian();
        values[row] = row < copied ? seen + 0.001 * fresh : fresh;
      }
      columns.add(new Column.Numeric(column, values));
      roles.put(column, Role.FEATURE);
    }
    return Dataset.of(name, new Schema(roles), columns);
  }

  private static Dataset coarse(String name, int rows) {
    RandomGenerator random = Run.of(3).random(name);
    return table(name, DoubleStream.generate(() -> random.nextInt(300)).limit(rows).toArray());
  }

  private static Dataset distinct(int from, int to) {
    return table("rows", DoubleStream.iterate(from, x -> x + 1).limit(to - from).toArray());
  }

  private static Dataset table(String name, double[] values) {
    return Dataset.of(
        name, new Schema(Map.of("x", Role.FEATURE)), List.of(new Column.Numeric("x", values)));
  }
}
