package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSplitTest {
  private static final int ROWS = 200;
  private static final LocalDate START = LocalDate.of(2024, 1, 1);

  @Test
  void nonMembersOfAnotherYearAreFoundThoughNoDateStandsTwice() {
    TimeSplit time = ofDates(day -> START.plusDays(day).toString(), 2 * ROWS).orElseThrow();
    assertThat(time.column()).isEqualTo("admitted");
    assertThat(time.auc().value()).as("members came first").isZero();
    assertThat(time.apart()).isTrue();
  }

  @Test
  void peopleOfTheSameTimeAreNot() {
    assertThat(ofDates(day -> START.plusDays(day).toString(), 0).orElseThrow().apart()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%d/%d/%d", "%d-%02d-%02dT10:15:00Z", "%d.%d.%d 10:15"})
  void datesAreReadHoweverTheyAreWritten(String format) {
    IntFunction<String> written =
        day -> {
          LocalDate date = START.plusDays(day);
          return format.formatted(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
        };
    assertThat(ofDates(written, 2 * ROWS).orElseThrow().apart()).isTrue();
  }

  @Test
  void yearsAreTimesToo() {
    Optional<TimeSplit> time =
        TimeSplit.worst(Split.of(years("members", 2019), years("nonmembers", 2021)));
    assertThat(time.orElseThrow().apart()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ward %d", "2024-13-%02d", "20240%d"})
  void whatIsNoDateIsNoTime(String format) {
    assertThat(ofDates(format::formatted, 2 * ROWS)).isEmpty();
  }

  @Test
  void picturesAndTablesWithoutTimeHaveNone() {
    Column pixels = new Column.Array("admitted", new float[2 * ROWS], new Shape(2));
    Dataset pictures = dataset("members", pixels);
    assertThat(TimeSplit.worst(Split.of(pictures, pictures))).isEmpty();
  }

  private static Dataset years(String name, int first) {
    double[] values = IntStream.range(0, ROWS).mapToDouble(row -> first + row % 2).toArray();
    return dataset(name, new Column.Numeric("admitted", values));
  }

  /** Members of the days 0 to 400, others of as many days from another on. */
  private static Optional<TimeSplit> ofDates(IntFunction<String> written, int others) {
    List<String> dictionary = IntStream.range(0, 4 * ROWS).mapToObj(written).distinct().toList();
    Random random = new Random(7);
    return TimeSplit.worst(
        Split.of(
            dates("members", written, dictionary, random, 0),
            dates("nonmembers", written, dictionary, random, others)));
  }

  private static Dataset dates(
      String name, IntFunction<String> written, List<String> dictionary, Random random, int from) {
    int[] codes =
        IntStream.range(0, ROWS)
            .map(row -> dictionary.indexOf(written.apply(from + random.nextInt(2 * ROWS))))
            .toArray();
    return dataset(name, new Column.Categorical("admitted", codes, dictionary));
  }

  private static Dataset dataset(String name, Column column) {
    return Dataset.of(name, new Schema(Map.of("admitted", Role.FEATURE)), List.of(column));
  }
}
