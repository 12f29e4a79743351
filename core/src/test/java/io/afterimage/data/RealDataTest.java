package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Counts are those that each set's own description states. */
class RealDataTest {

  private static Map<String, Long> counts(Dataset rows, String column) {
    Column found = rows.column(column);
    return IntStream.range(0, rows.rows())
        .mapToObj(row -> Objects.requireNonNull(found.text(row)))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private static DataReader.Loaded adult(ReadOptions.Builder options) {
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("members", SharedData.file("adult-uci", "adult-train.csv.gz"));
    files.put("nonmembers", SharedData.file("adult-uci", "adult-test.csv.gz"));
    return DataReader.read(files, options.header(false).label("c15").build());
  }

  @Test
  void adultHasFourLabelsUntilTrimmed() {
    DataReader.Loaded asIs = adult(ReadOptions.builder());
    assertThat(counts(asIs.get("nonmembers"), "c15")).containsOnlyKeys(" <=50K.", " >50K.");
    assertThat(asIs.notices()).hasSize(2).allMatch(notice -> notice.contains("--trim"));
    DataReader.Loaded trimmed = adult(ReadOptions.builder().trim(true));
    Dataset members = trimmed.get("members");
    assertThat(members.rows()).isEqualTo(32_561);
    assertThat(trimmed.get("nonmembers").rows()).isEqualTo(16_281);
    assertThat(counts(members, "c15")).isEqualTo(Map.of("<=50K", 24_720L, ">50K", 7_841L));
    assertThat(members.column("c3")).isInstanceOf(Column.Numeric.class);
    assertThat(members.column("c2")).isInstanceOf(Column.Categorical.class);
    assertThat(trimmed.notices()).isEmpty();
  }

  @Test
  void adultTextsKeepTheirBlanksUnlessTrimmed() {
    Dataset members = adult(ReadOptions.builder()).get("members");
    assertThat(members.column("c2").text(0)).isEqualTo(" State-gov");
    assertThat(members.column("c3")).isInstanceOf(Column.Numeric.class);
  }

  @Test
  void adultRolesShareFewRows() {
    DataReader.Loaded trimmed = adult(ReadOptions.builder().trim(true));
    Overlap overlap = Overlap.between(trimmed.get("members"), trimmed.get("nonmembers"));
    assertThat(overlap.identical()).isFalse();
    assertThat(overlap.rows()).isBetween(1, 100);
    assertThat(Overlap.duplicates(trimmed.get("members"))).as("known of the set").isEqualTo(24);
  }

  @Test
  void warfarinGenotypesAreTextWhereSensitive() {
    Path path = SharedData.file("iwpc-warfarin-scaled", "iwpc-scaled.csv");
    ReadOptions options =
        ReadOptions.builder().label("dose").regression(true).sensitive("vkorc1", "cyp2c9").build();
    Dataset rows = DataReader.read(Map.of("members", path), options).get("members");
    assertThat(rows.rows()).isEqualTo(4_819);
    assertThat(rows.label().orElseThrow()).isInstanceOf(Column.Numeric.class);
    assertThat(rows.column("cyp2c9")).isInstanceOf(Column.Categorical.class);
    assertThat(counts(rows, "cyp2c9"))
        .isEqualTo(Map.of("11", 3_630L, "12", 643L, "13", 430L, "23", 60L, "22", 41L, "33", 15L));
    assertThat(counts(rows, "vkorc1")).isEqualTo(Map.of("CT", 1_756L, "TT", 1_628L, "CC", 1_435L));
  }

  @Test
  void warfarinAsCollectedHasAMarkAndNamelessColumns() {
    Path path = SharedData.file("iwpc-warfarin-raw", "warfarin.csv");
    DataReader.Loaded loaded = DataReader.read(Map.of("members", path), ReadOptions.defaults());
    assertThat(loaded.get("members").rows()).isEqualTo(5_701);
    assertThat(loaded.get("members").columns()).hasSize(66);
    assertThat(loaded.notices()).anyMatch(notice -> notice.contains("is called c66"));
  }

  @Test
  void surveyWithOldLineEnds() {
    Path path = SharedData.file("steal-ml-gss-steak-adult", "GSShappiness.csv");
    Dataset rows =
        DataReader.read(Map.of("members", path), ReadOptions.builder().rowId("id").build())
            .get("members");
    assertThat(rows.rows()).isEqualTo(51_020);
    assertThat(rows.columns()).hasSize(11);
    assertThat(rows.id(0)).isEqualTo("1");
  }

  @Test
  void facesAreFortyClassesOfTen() {
    Path path = SharedData.file("orl-faces", "orl_faces");
    Dataset rows = DataReader.read(Map.of("members", path), ReadOptions.defaults()).get("members");
    assertThat(rows.rows()).isEqualTo(400);
    assertThat(((Column.Array) rows.column("input")).shape()).isEqualTo(new Shape(1, 112, 92));
    assertThat(counts(rows, "label")).hasSize(40).allSatisfy((k, n) -> assertThat(n).isEqualTo(10));
    Column.Categorical label = (Column.Categorical) rows.column("label");
    assertThat(label.dictionary()).startsWith("s1", "s10", "s11");
  }

  @Test
  void digitsOfAnIdxPair() {
    Path path = SharedData.file("mnist", "t10k-images-idx3-ubyte.gz");
    Dataset rows = DataReader.read(Map.of("members", path), ReadOptions.defaults()).get("members");
    Column.Array input = (Column.Array) rows.column("input");
    assertThat(input.shape()).isEqualTo(new Shape(1, 28, 28));
    assertThat(rows.rows()).isEqualTo(10_000);
    assertThat(Arrays.copyOf(rows.classes(), 5)).containsExactly(7, 2, 1, 0, 4);
    double sum = 0;
    for (float value : input.values()) {
      sum += value;
    }
    assertThat(sum / input.values().length)
        .as("known mean of the test set")
        .isCloseTo(0.1325, within(1e-4));
  }

  @Test
  void toySetsWithoutHeader() {
    Path path = SharedData.file("sklearn-toy", "digits.csv.gz");
    ReadOptions options = ReadOptions.builder().header(false).label("c65").build();
    Dataset digits = DataReader.read(Map.of("members", path), options).get("members");
    assertThat(digits.rows()).isEqualTo(1_797);
    assertThat(((Column.Categorical) digits.column("c65")).dictionary())
        .isEqualTo(IntStream.range(0, 10).mapToObj(Integer::toString).toList());
    assertThat(Encoder.fit(digits).width()).isEqualTo(64);
    assertThat(List.of(digits.classes()[0], digits.classes()[9])).containsExactly(0, 9);
  }
}
