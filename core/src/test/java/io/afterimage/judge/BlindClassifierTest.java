package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores.Signal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlindClassifierTest {

  /** How a role's rows are drawn. */
  private record Kind(double mean, double deviation, double shareOfYes) {
    static final Kind USUAL = new Kind(0, 1, 0.5);
  }

  /**
   * Of 300 + 300 rows of one kind, the area's deviation is sqrt(601 / (12 * 300 * 300)) = 0.0236.
   * More than 3.5 deviations happen once in 2,100 draws, so that one of these 10 seeds fails a
   * correct program in 0.5% of choices of seeds.
   */
  @Test
  void readsAsChanceWhereTheRolesAreOfOneKind() {
    for (long seed = 0; seed < 10; seed++) {
      double area = area(split(300, Kind.USUAL, Kind.USUAL, seed), seed);
      assertThat(area).as("seed %d", seed).isCloseTo(0.5, within(3.5 * 0.0236));
    }
  }

  @Test
  void findsAShiftedMean() {
    assertThat(area(split(400, new Kind(0.5, 1, 0.5), Kind.USUAL, 1), 1)).isGreaterThan(0.6);
  }

  @Test
  void findsAnotherSpreadThatNoLineShows() {
    assertThat(area(split(400, new Kind(0, 2, 0.5), Kind.USUAL, 2), 2)).isGreaterThan(0.6);
  }

  @Test
  void findsAnotherMixOfCategories() {
    assertThat(area(split(400, new Kind(0, 1, 0.8), Kind.USUAL, 3), 3)).isGreaterThan(0.6);
  }

  @Test
  void neverLearnsFromRowsOfThePersonItScores() {
    Dataset rows = people(120, 5);
    int[] even = IntStream.range(0, 120).filter(i -> i / 2 % 2 == 0).toArray();
    int[] odd = IntStream.range(0, 120).filter(i -> i / 2 % 2 == 1).toArray();
    // Both rows of a person hold the same unique number: only one's own other row tells the role.
    double area = area(Split.of(rows.select(even), rows.select(odd)), 5);
    assertThat(area).isLessThan(0.75);
  }

  @Test
  void theOrderOfTheRowsDoesNotMatter() {
    Split split = split(150, new Kind(0.3, 1, 0.5), Kind.USUAL, 6);
    int[] backwards = IntStream.range(0, 150).map(i -> 149 - i).toArray();
    Split turned =
        Split.of(split.members().select(backwards), split.nonMembers().select(backwards));
    Signal straight = BlindClassifier.scores(split, Run.of(7));
    Signal reversed = BlindClassifier.scores(turned, Run.of(7));
    for (int i = 0; i < 150; i++) {
      assertThat(reversed.members()[149 - i]).isCloseTo(straight.members()[i], within(1e-3));
    }
  }

  @Test
  void findsBrighterPictures() {
    Shape shape = new Shape(1, 40, 40);
    Split split = Split.of(pictures("a", shape, 0.52, 8), pictures("b", shape, 0.5, 9));
    assertThat(area(split, 8)).isGreaterThan(0.9);
    Split same = Split.of(pictures("a", shape, 0.5, 10), pictures("b", shape, 0.5, 11));
    assertThat(area(same, 8)).isCloseTo(0.5, within(3.5 * 0.0410));
  }

  /** The area under the curve: the share of pairs that the score puts right, ties half. */
  private static double area(Split split, long seed) {
    Signal scores = BlindClassifier.scores(split, Run.of(seed));
    double right = 0;
    for (double member : scores.members()) {
      for (double other : scores.nonMembers()) {
        right += member > other ? 1 : member == other ? 0.5 : 0;
      }
    }
    return right / scores.members().length / scores.nonMembers().length;
  }

  private static Split split(int rows, Kind members, Kind nonMembers, long seed) {
    return Split.of(table("members", rows, members, seed), table("others", rows, nonMembers, seed));
  }

  private static Dataset table(String name, int rows, Kind kind, long seed) {
    RandomGenerator random = Run.of(seed).random(name);
    double[] first = new double[rows];
    double[] second = new double[rows];
    int[] answer = new int[rows];
    int[] label = new int[rows];
    for (int row = 0; row < rows; row++) {
      first[row] = kind.mean + kind.deviation * random.nextGaussian();
      second[row] = random.nextInt(20) == 0 ? Double.NaN : random.nextGaussian();
      answer[row] = random.nextDouble() < kind.shareOfYes ? 1 : 0;
      label[row] = random.nextInt(2);
    }
    return dataset(
        name,
        Map.of("label", Role.LABEL),
        new Column.Numeric("first", first),
        new Column.Numeric("second", second),
        new Column.Categorical("answer", answer, List.of("no", "yes")),
        new Column.Categorical("label", label, List.of("a", "b")));
  }

  /** Pairs of rows of one person each, alike in a number that nobody else has. */
  private static Dataset people(int rows, long seed) {
    RandomGenerator random = Run.of(seed).random("people");
    double[] own = random.doubles(rows / 2).toArray();
    double[] value = new double[rows];
    Arrays.setAll(value, row -> own[row / 2]);
    int[] person = IntStream.range(0, rows).map(row -> row / 2).toArray();
    List<String> names = IntStream.range(0, rows / 2).mapToObj(i -> "person" + i).toList();
    return dataset(
        "people",
        Map.of("person", Role.PERSON),
        new Column.Numeric("value", value),
        new Column.Categorical("person", person, names));
  }

  private static Dataset pictures(String name, Shape shape, double mean, long seed) {
    RandomGenerator random = Run.of(seed).random("pictures");
    float[] pixels = new float[100 * shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (mean + 0.1 * random.nextGaussian());
    }
    return dataset(name, Map.of(), new Column.Array("picture", pixels, shape));
  }

  private static Dataset dataset(String name, Map<String, Role> roles, Column... columns) {
    Map<String, Role> all = new LinkedHashMap<>();
    for (Column column : columns) {
      all.put(column.name(), roles.getOrDefault(column.name(), Role.FEATURE));
    }
    return Dataset.of(name, new Schema(all), List.of(columns));
  }
}
