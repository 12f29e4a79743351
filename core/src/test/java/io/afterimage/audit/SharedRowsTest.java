package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
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
