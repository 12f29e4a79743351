package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlapTest {

  private static Dataset rows(String name, double[] numbers, List<String> ids, int... codes) {
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("n", Role.FEATURE);
    roles.put("id", Role.ROW_ID);
    roles.put("y", Role.LABEL);
    int[] all = java.util.stream.IntStream.range(0, ids.size()).toArray();
    return Dataset.of(
        name,
        new Schema(roles),
        List.of(
            new Column.Numeric("n", numbers),
            new Column.Categorical("id", all, ids),
            new Column.Categorical("y", codes, List.of("a", "b"))));
  }

  @Test
  void countsRowsAlikeInInputsAndLabelWhateverTheirId() {
    Dataset first = rows("members", new double[] {1, 2, 3}, List.of("p", "q", "r"), 0, 0, 1);
    Dataset second = rows("nonmembers", new double[] {1, 1, 3}, List.of("s", "t", "q"), 0, 0, 0);
    assertThat(Overlap.between(first, second)).isEqualTo(new Overlap(1, 2, 1, 0, false));
  }

  @Test
  void findsTheSameRowsInAnyOrder() {
    Dataset first = rows("members", new double[] {1, 2}, List.of("p", "q"), 0, 1);
    assertThat(Overlap.between(first, first.select(new int[] {1, 0})).identical()).isTrue();
    assertThat(Overlap.between(first, first.select(new int[] {1, 1})).identical()).isFalse();
  }

  @Test
  void textsAreComparedByTextNotByCode() {
    Schema schema = new Schema(Map.of("c", Role.FEATURE));
    Column a = new Column.Categorical("c", new int[] {0}, List.of("x", "y"));
    Column b = new Column.Categorical("c", new int[] {1}, List.of("y", "x"));
    Dataset first = Dataset.of("members", schema, List.of(a));
    assertThat(Overlap.between(first, Dataset.of("nonmembers", schema, List.of(b))).rows())
        .isEqualTo(1);
  }

  @Test
  void countsDuplicatesBehindTheirFirst() {
    Dataset rows =
        rows("members", new double[] {1, 1, 1, 2}, List.of("p", "q", "r", "s"), 0, 0, 1, 0);
    assertThat(Overlap.duplicates(rows)).isEqualTo(1);
  }

  @Test
  void fingerprintsFollowContentAndNames(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "abc");
    assertThat(Sources.sha256(file))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    Files.createDirectories(one.resolve("x"));
    Files.createDirectories(two.resolve("x"));
    Files.writeString(one.resolve("x/1.pgm"), "p");
    Files.writeString(two.resolve("x/1.pgm"), "p");
    assertThat(Sources.sha256(one)).isEqualTo(Sources.sha256(two));
    Files.move(two.resolve("x/1.pgm"), two.resolve("x/2.pgm"));
    assertThat(Sources.sha256(one)).isNotEqualTo(Sources.sha256(two));
  }
}
