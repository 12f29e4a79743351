package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Split;
import io.afterimage.policy.Check;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Check.Status;
import io.afterimage.policy.Gate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PopulationOverlapTest {
  private static final Run RUN = Run.of(1);
  private static final Dataset MEMBERS = rows("members", 0, 200);
  private static final Dataset NON_MEMBERS = rows("nonmembers", 1000, 1200);
  private static final Dataset EVALUATION = rows("evaluation", 2000, 2200);

  @ParameterizedTest
  @ValueSource(strings = {"members", "nonmembers", "evaluation"})
  void aRoleGivenAgainIsRefused(String role) {
    Map<String, Dataset> roles =
        Map.of("members", MEMBERS, "nonmembers", NON_MEMBERS, "evaluation", EVALUATION);
    Dataset same = Objects.requireNonNull(roles.get(role));
    int[] backwards = IntStream.rangeClosed(1, 200).map(i -> 200 - i).toArray();
    Dataset bare = same.with(same.schema().ignoring(List.of("y")));
    for (Dataset population : List.of(same, same.select(backwards), bare)) {
      assertThatThrownBy(() -> checks(population, Optional.of(EVALUATION)))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "--population and --%s hold the same rows; give public rows that stand in no other"
                  + " role with --population, or leave it out",
              role);
    }
  }

  @Test
  void rowsOfItsOwnPass() {
    List<Check> checks = checks(rows("population", 5000, 5300), Optional.of(EVALUATION));
    assertThat(checks)
        .hasSize(3)
        .allSatisfy(check -> assertThat(check.status()).isEqualTo(Status.PASSED));
    assertThat(checks.get(0).reason())
        .isEqualTo(
            "0 rows of --members stand in --population as well (chance gives 0.0 ± 0.0); ids in"
                + " both: 0");
  }

  @Test
  void trainingRowsAmongThePublicOnesVoidWhatIsMeasuredWithThem() {
    List<Check> checks = checks(rows("population", 170, 470), Optional.of(EVALUATION));
    Check failed = onlyFailed(checks);
    assertThat(failed.name()).isEqualTo("The population shares no rows with --members");
    assertThat(failed.reason()).startsWith("30 rows of --members stand in --population as well");
    assertThat(failed.effect()).isEqualTo(Effect.VOIDS);
    assertThat(failed.gates())
        .contains(
            Gate.INVERSION_RECOGNISED,
            Gate.MEMBERSHIP_AUC,
            Gate.ATTRIBUTE_MEMORISED,
            Gate.ATTRIBUTE_IMPUTED);
  }

  @Test
  void whatTheEvaluatorLearnsFromMustNotBePublic() {
    Dataset ofEvaluation = rows("population", 2170, 2470);
    Check evaluation = onlyFailed(checks(ofEvaluation, Optional.of(EVALUATION)));
    assertThat(evaluation.gates()).containsExactly(Gate.INVERSION_RECOGNISED);
    Dataset ofOthers = rows("population", 1170, 1470);
    Check beside = onlyFailed(checks(ofOthers, Optional.of(EVALUATION)));
    assertThat(beside.gates())
        .contains(Gate.MEMBERSHIP_AUC)
        .doesNotContain(Gate.INVERSION_RECOGNISED);
    Check judging = onlyFailed(checks(ofOthers, Optional.empty()));
    assertThat(judging.gates()).contains(Gate.MEMBERSHIP_AUC, Gate.INVERSION_RECOGNISED);
  }

  private static Check onlyFailed(List<Check> checks) {
    List<Check> failed = checks.stream().filter(c -> c.status() == Status.FAILED).toList();
    assertThat(failed).hasSize(1);
    return failed.get(0);
  }

  /** One row of 60,000 public ones may be another person's like picture; two are not. */
  @Test
  void twoTrainingRowsAmongVeryManyPublicOnesAreFound() {
    assertThat(checks(rows("population", 198, 60_000), Optional.empty()).get(0).status())
        .isEqualTo(Status.FAILED);
    assertThat(checks(rows("population", 199, 60_000), Optional.empty()).get(0).status())
        .isEqualTo(Status.PASSED);
  }

  /** Rows of few values coincide: beyond chance in one draw of 1,000 for each role. */
  @Test
  void theDuplicatesOfACoarseTableAreChance() {
    Split split =
        new Split(
            coarse("members", 400),
            coarse("nonmembers", 400),
            Optional.of(coarse("population", 1500)),
            Optional.empty());
    List<Check> checks = PopulationOverlap.checks(split, RUN);
    assertThat(checks)
        .hasSize(2)
        .allSatisfy(check -> assertThat(check.status()).isEqualTo(Status.PASSED));
    assertThat(checks.get(0).reason()).doesNotStartWith("0 ");
  }

  @Test
  void idsInBothAreTheSameRecords() {
    Split split =
        new Split(
            named("members", 0),
            named("nonmembers", 100),
            Optional.of(named("population", 99)),
            Optional.empty());
    List<Check> checks = PopulationOverlap.checks(split, RUN);
    assertThat(checks.get(0).reason()).contains("ids in both: 1; take them out of --population");
    assertThat(checks.get(1).reason()).contains("ids in both: 99");
  }

  @Test
  void whereThereIsNothingToCompareNothingIsSaid() {
    assertThat(PopulationOverlap.checks(Split.of(MEMBERS, NON_MEMBERS), RUN)).isEmpty();
    Dataset answersAlone = MEMBERS.with(MEMBERS.schema().ignoring(List.of("x")));
    Split predictions =
        new Split(answersAlone, answersAlone, Optional.of(answersAlone), Optional.empty());
    assertThat(PopulationOverlap.checks(predictions, RUN)).isEmpty();
    Dataset none = MEMBERS.select(new int[0]);
    Split alone = new Split(none, none, Optional.of(rows("population", 0, 200)), Optional.empty());
    assertThat(PopulationOverlap.checks(alone, RUN)).isEmpty();
  }

  private static List<Check> checks(Dataset population, Optional<Dataset> evaluation) {
    return PopulationOverlap.checks(
        new Split(MEMBERS, NON_MEMBERS, Optional.of(population), evaluation), RUN);
  }

  private static Dataset rows(String name, int from, int to) {
    double[] values = IntStream.range(from, to).asDoubleStream().toArray();
    return table(name, new Column.Numeric("x", values));
  }

  private static Dataset coarse(String name, int rows) {
    RandomGenerator random = Run.of(3).random(name);
    double[] values = DoubleStream.generate(() -> random.nextInt(300)).limit(rows).toArray();
    return table(name, new Column.Numeric("x", values));
  }

  private static Dataset table(String name, Column.Numeric x) {
    Column labels = new Column.Categorical("y", new int[x.rows()], List.of("a", "b"));
    return Dataset.of(
        name, new Schema(Map.of("x", Role.FEATURE, "y", Role.LABEL)), List.of(x, labels));
  }

  /** A hundred records of these numbers. */
  private static Dataset named(String name, int from) {
    RandomGenerator random = Run.of(5).random(name);
    double[] values = random.doubles(100).toArray();
    String[] ids = new String[100];
    Arrays.setAll(ids, i -> "record " + (from + i));
    Column named = new Column.Categorical("id", IntStream.range(0, 100).toArray(), List.of(ids));
    return Dataset.of(
        name,
        new Schema(Map.of("x", Role.FEATURE, "id", Role.ROW_ID)),
        List.of(new Column.Numeric("x", values), named));
  }
}
