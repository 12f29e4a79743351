package io.afterimage.attack.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.attribute.AttributeMap.Confusion;
import io.afterimage.attack.attribute.AttributeMap.Knowledge;
import io.afterimage.attack.attribute.AttributeMap.Settings;
import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.fixture.LinearModel;
import io.afterimage.attack.fixture.Memoriser;
import io.afterimage.attack.fixture.Patients;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.People;
import io.afterimage.target.Answers;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Task;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AttributeMapTest {
  private static final Run RUN = Run.of(11);
  private static final AttributeMap ATTACK = new AttributeMap();

  private static Split split(Task task, boolean withPopulation) {
    return new Split(
        Patients.draw("members", 300, task, RUN),
        Patients.draw("nonmembers", 200, task, RUN),
        withPopulation
            ? Optional.of(Patients.draw("population", 400, task, RUN))
            : Optional.empty(),
        Optional.empty());
  }

  private static ScoreTarget model(Split split, Task task) {
    return task == Task.REGRESSION
        ? LinearModel.fit(split.members())
        : new Memoriser(split.members(), Patients.RESPONSES, 0.7);
  }

  private static AttributeGuesses attack(ScoreTarget target, Split split) {
    return ATTACK.run(target, split, ATTACK.defaults(), RUN);
  }

  private static int[] truth(Dataset rows) {
    return ((Column.Categorical) rows.column("genotype")).codes();
  }

  private static double accuracy(int[] guesses, Dataset rows) {
    int[] truth = truth(rows);
    return IntStream.range(0, truth.length).filter(i -> guesses[i] == truth[i]).count()
        / (double) truth.length;
  }

  private static Dataset shuffled(Dataset rows) {
    Column.Categorical column = (Column.Categorical) rows.column("genotype");
    int[] codes = column.codes().clone();
    RandomGenerator random = RUN.random("shuffle");
    for (int i = codes.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = codes[i];
      codes[i] = codes[j];
      codes[j] = kept;
    }
    return rows.with(new Column.Categorical("genotype", codes, column.dictionary()));
  }

  @ParameterizedTest
  @CsvSource({
    "REGRESSION, true",
    "REGRESSION, false",
    "CLASSIFICATION, true",
    "CLASSIFICATION, false"
  })
  void shufflingTheTrueValuesAfterTrainingChangesNoGuess(Task task, boolean withPopulation) {
    Split split = split(task, withPopulation);
    ScoreTarget target = model(split, task);
    Split other =
        new Split(
            shuffled(split.members()),
            shuffled(split.nonMembers()),
            split.population(),
            Optional.empty());
    assertThat(truth(other.members())).isNotEqualTo(truth(split.members()));
    AttributeGuesses before = attack(target, split);
    AttributeGuesses after = attack(target, other);
    assertThat(after.members().attack()).isEqualTo(before.members().attack());
    assertThat(after.nonMembers().attack()).isEqualTo(before.nonMembers().attack());
    assertThat(after.knowledge()).isEqualTo(before.knowledge());
  }

  /** The model explains the response but for noise of 0.5 beside effects of 2. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aRegressorGivesAwayWhatTheResponseDependsOn(boolean withPopulation) {
    Split split = split(Task.REGRESSION, withPopulation);
    AttributeGuesses guesses = attack(model(split, Task.REGRESSION), split);
    assertThat(accuracy(guesses.members().attack(), split.members())).isGreaterThan(0.9);
    assertThat(accuracy(guesses.nonMembers().attack(), split.nonMembers())).isGreaterThan(0.9);
    assertThat(guesses.values()).isEqualTo(Patients.GENOTYPES);
    assertThat(guesses.members().truth()).isEmpty();
  }

  @Test
  void theGuessOfARegressorIsThatOfThePapersFormula() {
    Split split = split(Task.REGRESSION, true);
    ScoreTarget target = model(split, Task.REGRESSION);
    Dataset population = split.population().orElseThrow();
    double[] response = ((Column.Numeric) population.column("response")).values();
    double[] answer = target.scores(population).values();
    double variance =
        IntStream.range(0, response.length)
            .mapToDouble(i -> (response[i] - answer[i]) * (response[i] - answer[i]))
            .average()
            .orElseThrow();
    int[] expected = new int[split.members().rows()];
    double[] y = ((Column.Numeric) split.members().column("response")).values();
    for (int row = 0; row < expected.length; row++) {
      double best = -1;
      for (int v = 0; v < 3; v++) {
        double f = target.scores(withGenotype(split.members(), row, v)).get(0, 0);
        double p = share(population, v) * Math.exp(-(y[row] - f) * (y[row] - f) / (2 * variance));
        expected[row] = p > best ? v : expected[row];
        best = Math.max(p, best);
      }
    }
    assertThat(attack(target, split).members().attack()).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(Confusion.class)
  void theGuessOfAClassifierIsThatOfThePapersFormula(Confusion reading) {
    Split split = split(Task.CLASSIFICATION, true);
    ScoreTarget target = model(split, Task.CLASSIFICATION);
    Dataset population = split.population().orElseThrow();
    double[][] confusion = confusion(target, population, reading);
    int[] expected = new int[split.members().rows()];
    int[] y = split.members().classes();
    for (int row = 0; row < expected.length; row++) {
      double best = -1;
      for (int v = 0; v < 3; v++) {
        int answer = target.labels(withGenotype(split.members(), row, v))[0];
        double p = share(population, v) * confusion[answer][y[row]];
        if (p > best) { // of equals the first, which here is the most common
          expected[row] = v;
          best = p;
        }
      }
    }
    Settings settings = new Settings(Knowledge.TRUE_RESPONSE, reading, OptionalInt.empty());
    assertThat(ATTACK.run(target, split, settings, RUN).members().attack()).isEqualTo(expected);
  }

  private static double[][] confusion(ScoreTarget target, Dataset rows, Confusion reading) {
    double[][] counts = new double[2][2];
    int[] answers = target.labels(rows);
    for (int row = 0; row < answers.length; row++) {
      counts[answers[row]][rows.classes()[row]]++;
    }
    double[][] shares = new double[2][2];
    for (int answer = 0; answer < 2; answer++) {
      for (int y = 0; y < 2; y++) {
        double sum =
            reading == Confusion.TRUE_GIVEN_ANSWER
                ? counts[answer][0] + counts[answer][1]
                : counts[0][y] + counts[1][y];
        shares[answer][y] = counts[answer][y] / sum;
      }
    }
    return shares;
  }

  private static Dataset withGenotype(Dataset rows, int row, int value) {
    return rows.select(new int[] {row})
        .with(new Column.Categorical("genotype", new int[] {value}, Patients.GENOTYPES));
  }

  private static double share(Dataset rows, int value) {
    return Arrays.stream(truth(rows)).filter(v -> v == value).count() / (double) rows.rows();
  }

  @Test
  void theModelsOwnAnswerGivesAnExactModelsAttributeAway() {
    Split split = split(Task.REGRESSION, false);
    Settings told =
        new Settings(Knowledge.MODEL_ANSWER, Confusion.TRUE_GIVEN_ANSWER, OptionalInt.empty());
    AttributeGuesses guesses = ATTACK.run(model(split, Task.REGRESSION), split, told, RUN);
    assertThat(accuracy(guesses.members().attack(), split.members())).isEqualTo(1);
    assertThat(guesses.knowledge()).contains("the model's answer");
  }

  @Test
  void theFindingSaysWhereSharesAndErrorCameFrom() {
    Split with = split(Task.REGRESSION, true);
    Split without = split(Task.REGRESSION, false);
    assertThat(attack(model(with, Task.REGRESSION), with).knowledge())
        .isEqualTo(
            "other attributes and the true response; shares of the values among the population;"
                + " the model's error measured on the population");
    assertThat(attack(model(without, Task.REGRESSION), without).knowledge())
        .isEqualTo(
            "other attributes and the true response; shares of the values among the members;"
                + " the model's error estimated from the members' responses");
  }

  @Test
  void asksOnceForEachPersonAndValueAndOnceForEachOfThePopulation() {
    Split split = split(Task.REGRESSION, true);
    CountingTarget target = CountingTarget.of(model(split, Task.REGRESSION), Answers.EXACT, p -> p);
    attack(target, split);
    assertThat(target.asked()).isEqualTo(500 * 3 + 400);
  }

  @Test
  void aShortBudgetIsSpentOnEqualSharesOfMembersAndOthers() {
    Split split = split(Task.REGRESSION, false);
    ScoreTarget model = model(split, Task.REGRESSION);
    CountingTarget target = CountingTarget.of(model, Answers.EXACT, p -> p).limitedTo(752);
    AttributeGuesses guesses = attack(target, split);
    assertThat(target.asked()).isEqualTo((150 + 100) * 3);
    assertThat(guesses.knowledge())
        .endsWith("the query budget sufficed for 250 of 500 people, who alone are counted");
    assertThat(guesses.members().people().ids()).hasSize(150).doesNotHaveDuplicates();
    assertThat(guesses.nonMembers().people().ids()).hasSize(100).doesNotHaveDuplicates();
    assertThat(guesses.members().attack()).hasSize(150);
    assertThat(right(guesses.members(), split.members()) / 150).isGreaterThan(0.9);
    assertThat(right(guesses.nonMembers(), split.nonMembers()) / 100).isGreaterThan(0.9);
  }

  private static double right(AttributeGuesses.Guesses guesses, Dataset rows) {
    int[] truth = truth(rows);
    List<String> ids = People.of(rows).ids();
    return IntStream.range(0, guesses.people().count())
        .filter(i -> guesses.attack()[i] == truth[ids.indexOf(guesses.people().ids().get(i))])
        .count();
  }

  @Test
  void whomAShortBudgetReachesDoesNotDependOnTheOrderOfRows() {
    Split split = split(Task.REGRESSION, false);
    ScoreTarget model = model(split, Task.REGRESSION);
    Split turned =
        split.map(
            rows ->
                rows.select(
                    IntStream.range(0, rows.rows()).map(i -> rows.rows() - 1 - i).toArray()));
    CountingTarget first = CountingTarget.of(model, Answers.EXACT, p -> p).limitedTo(300);
    CountingTarget second = CountingTarget.of(model, Answers.EXACT, p -> p).limitedTo(300);
    assertThat(guessed(attack(second, turned).members()))
        .isEqualTo(guessed(attack(first, split).members()))
        .hasSize(60);
  }

  private static Map<String, Integer> guessed(AttributeGuesses.Guesses guesses) {
    Map<String, Integer> byId = new LinkedHashMap<>();
    for (int i = 0; i < guesses.people().count(); i++) {
      byId.put(guesses.people().ids().get(i), guesses.attack()[i]);
    }
    return byId;
  }

  @ParameterizedTest
  @CsvSource({"0, true", "2, false"})
  void aBudgetBelowOnePersonStopsItBeforeTheFirst(long budget, boolean withPopulation) {
    Split split = split(Task.CLASSIFICATION, withPopulation);
    CountingTarget target =
        CountingTarget.of(model(split, Task.CLASSIFICATION), Answers.EXACT, p -> p)
            .limitedTo(budget);
    assertThatThrownBy(() -> attack(target, split))
        .isInstanceOf(BudgetExhaustedException.class)
        .hasMessageContaining("1500");
    assertThat(target.asked()).isZero();
  }

  @Test
  void asksNoisyTargetsUntilTheNoiseIsAveragedAway() {
    Split split = split(Task.REGRESSION, false);
    Answers noise = Answers.EXACT.noised(Answers.Noise.GAUSSIAN, 0.1);
    CountingTarget target = CountingTarget.of(model(split, Task.REGRESSION), noise, p -> p);
    attack(target, split);
    assertThat(target.asked()).isEqualTo(100 * 500 * 3);
  }

  @Test
  void labelsAloneSufficeForAClassifierButNotForARegressor() {
    Split classes = split(Task.CLASSIFICATION, true);
    ScoreTarget model = model(classes, Task.CLASSIFICATION);
    CountingTarget labels = CountingTarget.of(model, Answers.EXACT, p -> p).labelsOnly();
    assertThat(attack(labels, classes).members().attack())
        .isEqualTo(attack(model, classes).members().attack());
    Split values = split(Task.REGRESSION, true);
    CountingTarget silent =
        CountingTarget.of(model(values, Task.REGRESSION), Answers.EXACT, p -> p).labelsOnly();
    assertThatThrownBy(() -> attack(silent, values))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("shows none");
  }

  @Test
  void aSensitiveNumberOfFewValuesIsGuessedAmongThem() {
    double[] dose = {0.5, 3, 0.5, 3, 0.5, 3, 0.5, 3};
    Split split = Split.of(numeric("members", dose), numeric("others", dose));
    AttributeGuesses guesses = attack(LinearModel.fit(split.members()), split);
    assertThat(guesses.values()).containsExactly("0.5", "3");
    assertThat(guesses.members().attack()).containsExactly(0, 1, 0, 1, 0, 1, 0, 1);
  }

  @Test
  void aColumnThatCannotBeGuessedIsRefusedWithoutAnyQuestion() {
    Column many = new Column.Numeric("dose", IntStream.range(0, 21).asDoubleStream().toArray());
    Column few = new Column.Numeric("dose", new double[] {1, 2, Double.NaN, 2});
    Column one = new Column.Categorical("dose", new int[] {0, -1}, List.of("low"));
    Column array = new Column.Array("dose", new float[2], new Shape(2));
    assertThat(Candidates.refusal(few)).isEmpty();
    assertThat(Candidates.refusal(many).orElseThrow()).contains("--sensitive dose", "it has 21");
    assertThat(Candidates.refusal(one).orElseThrow()).endsWith("2 to 1000 values, but it has 1");
    assertThat(Candidates.refusal(array).orElseThrow()).contains("an array has no values");
  }

  @Test
  void aSensitiveNumberOfManyValuesIsBadInput() {
    double[] many = IntStream.range(0, 21).asDoubleStream().toArray();
    Split split = Split.of(numeric("members", many), numeric("others", many));
    ScoreTarget target = LinearModel.fit(split.members());
    assertThatThrownBy(() -> attack(target, split))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--sensitive dose: attribute-map guesses among 2 to 20 values, but it has 21; group its"
                + " numbers: a continuous attribute cannot be attacked");
  }

  private static Dataset numeric(String name, double[] dose) {
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("dose", Role.SENSITIVE);
    roles.put("y", Role.LABEL);
    double[] y = Arrays.stream(dose).map(d -> 2 * d + 1).toArray();
    return Dataset.of(
        name,
        new Schema(roles),
        List.of(new Column.Numeric("dose", dose), new Column.Numeric("y", y)));
  }

  @Test
  void moreThanOneSensitiveColumnIsBadInput() {
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("a", Role.SENSITIVE);
    roles.put("b", Role.SENSITIVE);
    roles.put("y", Role.LABEL);
    double[] cells = {1, 2};
    Dataset rows =
        Dataset.of(
            "members",
            new Schema(roles),
            List.of(
                new Column.Numeric("a", cells),
                new Column.Numeric("b", cells),
                new Column.Numeric("y", cells)));
    ScoreTarget target = LinearModel.fit(rows);
    assertThatThrownBy(() -> attack(target, Split.of(rows, rows)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("one sensitive column at a time");
  }
}
