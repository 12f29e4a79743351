package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Split;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.AttributeGuesses.Guesses;
import io.afterimage.evidence.People;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.Meaning;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttributeJudgeTest {
  private static final Path WARFARIN =
      Path.of(System.getProperty("afterimage.shared"), "data/iwpc-warfarin-scaled/iwpc-scaled.csv");

  /**
   * Shares among 4,819 patients. Those who split them otherwise measured 36.7, 59.9, 59.3 and
   * 66.2%; the split matters by a point.
   */
  @Test
  void warfarinPatientsVkorc1IsGuessedAsOthersMeasured() throws IOException {
    Map<String, Double> right = accuracies("vkorc1", warfarin());
    assertThat(right.get("majority")).isCloseTo(0.367, within(0.015));
    assertThat(right.get("alone:race")).isCloseTo(0.60, within(0.015));
    assertThat(right.get("other-attributes")).isCloseTo(0.59, within(0.015));
    assertThat(right.get("other-attributes+response")).isCloseTo(0.66, within(0.015));
  }

  @Test
  void warfarinPatientsCyp2c9IsHardlyGuessedBetterThanItsMajority() throws IOException {
    Map<String, Double> right = accuracies("cyp2c9", warfarin());
    assertThat(right.get("majority")).isCloseTo(0.746, within(0.015));
    assertThat(right.get("other-attributes+response")).isBetween(0.74, 0.78);
  }

  @Test
  void theTruthIsWrittenBesideTheGuessesAndMissingValuesHaveNone() {
    Split split = twins(60, 1);
    Dataset members = split.members();
    int[] turned = IntStream.range(0, 60).map(i -> 59 - i).toArray();
    AttributeGuesses asked =
        new AttributeGuesses(
            "secret",
            List.of("yes", "no"),
            "",
            Guesses.of(People.of(members.select(turned)), new int[60]),
            Guesses.of(People.of(split.nonMembers()), new int[60]));
    AttributeGuesses judged = AttributeJudge.judge(asked, split, Optional.empty(), Run.of(1));
    Column secret = members.column("secret");
    for (int i = 0; i < 60; i++) {
      String text = secret.text(59 - i);
      int expected = text == null ? -1 : text.equals("yes") ? 0 : 1;
      assertThat(judged.members().truth()[i]).isEqualTo(expected);
    }
    assertThat(judged.members().attack()).isEqualTo(asked.members().attack());
  }

  @Test
  void whatTheOtherAttributesTellIsGuessed() {
    Map<String, Double> right = accuracies("secret", twins(200, 2));
    assertThat(right.get("alone:twin")).isCloseTo(1, within(1e-9));
    assertThat(right.get("other-attributes")).isCloseTo(1, within(1e-9));
    // A coin among 400: more than 0.1 away once in 16,000 draws.
    assertThat(right.get("alone:noise")).isCloseTo(0.5, within(0.1));
  }

  @Test
  void theModelsAnswerIsUsedWhereTheAdversaryWasGivenIt() {
    Split split = twins(200, 3);
    Split blind = Split.of(without("twin", split.members()), without("twin", split.nonMembers()));
    AttributeGuesses unaware = evidence("secret", blind);
    AttributeGuesses told =
        new AttributeGuesses(
            "secret", unaware.values(), "", true, unaware.members(), unaware.nonMembers());
    Guesses members =
        AttributeJudge.judge(told, blind, Optional.of(new Telltale()), Run.of(1)).members();
    int[] answered = members.baselines().getOrDefault("other-attributes+answer", new int[0]);
    assertThat(share(answered, members.truth())).isCloseTo(1, within(1e-9));
  }

  @Test
  void noBaselineKnowsMoreThanTheAdversaryDid() {
    Split split = twins(100, 3);
    AttributeGuesses judged =
        AttributeJudge.judge(
            evidence("secret", split), split, Optional.of(new Telltale()), Run.of(1));
    assertThat(judged.members().baselines()).doesNotContainKey("other-attributes+answer");
  }

  @Test
  void thePopulationTeachesWhereThereIsOne() {
    Split split = twins(100, 4);
    // In the population, twins are opposites: who learned from it errs about everybody.
    Dataset population = mirrored(twins(100, 5).members());
    Split taught =
        new Split(split.members(), split.nonMembers(), Optional.of(population), Optional.empty());
    assertThat(accuracies("secret", taught).get("other-attributes")).isCloseTo(0, within(1e-9));
  }

  @Test
  void anAttributeThatNobodyKnowsIsNamed() {
    Split split = twins(10, 6);
    AttributeGuesses asked =
        new AttributeGuesses(
            "secret",
            List.of("perhaps"),
            "",
            Guesses.of(People.of(split.members()), new int[10]),
            Guesses.of(People.of(split.nonMembers()), new int[10]));
    assertThatThrownBy(() -> AttributeJudge.judge(asked, split, Optional.empty(), Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("secret is known for 0 people");
  }

  /** Answers with the secret itself. */
  private static final class Telltale implements LabelTarget {
    @Override
    public int[] labels(Dataset rows) {
      Column secret = rows.column("secret");
      return IntStream.range(0, rows.rows())
          .map(row -> "yes".equals(secret.text(row)) ? 1 : 0)
          .toArray();
    }

    @Override
    public TargetInfo info() {
      return new TargetInfo(
          "telltale",
          Task.CLASSIFICATION,
          List.of("no", "yes"),
          Meaning.LABEL,
          Access.LABEL,
          Optional.empty());
    }
  }

  /** The share of members and non-members together whom each baseline gets right. */
  private static Map<String, Double> accuracies(String attribute, Split split) {
    AttributeGuesses judged =
        AttributeJudge.judge(evidence(attribute, split), split, Optional.empty(), Run.of(11));
    Map<String, Double> shares = new LinkedHashMap<>();
    judged
        .members()
        .baselines()
        .forEach(
            (name, guesses) -> {
              Guesses others = judged.nonMembers();
              int[] all = join(guesses, others.baselines().getOrDefault(name, new int[0]));
              shares.put(name, share(all, join(judged.members().truth(), others.truth())));
            });
    return shares;
  }

  private static AttributeGuesses evidence(String attribute, Split split) {
    List<String> values = ((Column.Categorical) split.members().column(attribute)).dictionary();
    return new AttributeGuesses(
        attribute,
        values,
        "",
        Guesses.of(People.of(split.members()), new int[split.members().rows()]),
        Guesses.of(People.of(split.nonMembers()), new int[split.nonMembers().rows()]));
  }

  private static double share(int[] guesses, int[] truth) {
    int[] known = IntStream.range(0, truth.length).filter(i -> truth[i] >= 0).toArray();
    return Arrays.stream(known).filter(i -> guesses[i] == truth[i]).count() / (double) known.length;
  }

  private static int[] join(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }

  /** People whose secret equals their public column {@code twin}; every tenth secret is missing. */
  private static Split twins(int rows, long seed) {
    RandomGenerator random = Run.of(seed).random("twins");
    int[] twin = random.ints(2L * rows, 0, 2).toArray();
    int[] secret = IntStream.range(0, 2 * rows).map(i -> i % 10 == 9 ? -1 : twin[i]).toArray();
    double[] noise = random.doubles(2L * rows).toArray();
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("twin", Role.FEATURE);
    roles.put("noise", Role.FEATURE);
    roles.put("secret", Role.SENSITIVE);
    Dataset all =
        Dataset.of(
            "people",
            new Schema(roles),
            List.of(
                new Column.Categorical("twin", twin, List.of("no", "yes")),
                new Column.Numeric("noise", noise),
                new Column.Categorical("secret", secret, List.of("no", "yes"))));
    return Split.of(
        all.select(IntStream.range(0, rows).toArray()),
        all.select(IntStream.range(rows, 2 * rows).toArray()));
  }

  private static Dataset mirrored(Dataset rows) {
    int[] codes = ((Column.Categorical) rows.column("twin")).codes();
    int[] opposite = Arrays.stream(codes).map(code -> 1 - code).toArray();
    return rows.with(new Column.Categorical("twin", opposite, List.of("no", "yes")));
  }

  private static Dataset without(String column, Dataset rows) {
    Map<String, Role> roles = new LinkedHashMap<>(rows.schema().roles());
    roles.put(column, Role.IGNORED);
    return Dataset.of(rows.name() + rows.id(0), new Schema(roles), rows.columns());
  }

  /** Half of the patients as members, by lot. */
  private static Split warfarin() throws IOException {
    assumeTrue(Files.isRegularFile(WARFARIN), "iwpc-warfarin-scaled is not there");
    List<String> lines = Files.readAllLines(WARFARIN);
    String[] names = lines.get(0).split(",", -1);
    List<Column> columns = new ArrayList<>();
    Map<String, Role> roles = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      int column = i;
      List<String> cells = lines.stream().skip(1).map(line -> line.split(",", -1)[column]).toList();
      columns.add(column(names[i], cells));
      roles.put(names[i], names[i].equals("dose") ? Role.LABEL : Role.FEATURE);
    }
    Dataset all = Dataset.of("patients", new Schema(roles), columns);
    int[] order = IntStream.range(0, all.rows()).toArray();
    RandomGenerator random = Run.of(3).random("halves");
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    int half = order.length / 2;
    return Split.of(
        all.select(Arrays.copyOf(order, half)),
        all.select(Arrays.copyOfRange(order, half, order.length)));
  }

  private static Column column(String name, List<String> cells) {
    if (List.of("race", "cyp2c9", "vkorc1").contains(name)) {
      List<String> dictionary = cells.stream().distinct().sorted().toList();
      return new Column.Categorical(
          name, cells.stream().mapToInt(dictionary::indexOf).toArray(), dictionary);
    }
    return new Column.Numeric(name, cells.stream().mapToDouble(Double::parseDouble).toArray());
  }
}
