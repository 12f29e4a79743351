package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.common.Sample;
import io.afterimage.attack.fixture.Auc;
import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.LinearModel;
import io.afterimage.attack.fixture.Memoriser;
import io.afterimage.attack.fixture.NullAuc;
import io.afterimage.attack.fixture.Overfitted;
import io.afterimage.attack.fixture.Patients;
import io.afterimage.attack.membership.MembershipQmia.Settings;
import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import io.afterimage.tensor.NoLeakedTensors;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class MembershipQmiaTest {
  private static final Run RUN = Run.of(12);
  private static final MembershipQmia ATTACK = new MembershipQmia();
  private static final int ROWS = 200;

  private static Signal signal(MembershipScores scores, String name) {
    return Objects.requireNonNull(scores.signals().get(name), name);
  }

  private static Split split(Dataset members, Dataset others, Dataset population) {
    return new Split(members, others, Optional.of(population), Optional.empty());
  }

  private static Split patients(int rows) {
    return split(patients("members", rows), patients("others", rows), patients("public", 1000));
  }

  private static Dataset patients(String name, int rows) {
    return Patients.draw(name, rows, Task.CLASSIFICATION, RUN);
  }

  @Test
  void aNetworkThatKnowsItsRowsByHeartIsSurerThanPublicRowsForecast() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget leaky = Overfitted.on(split.members(), RUN)) {
      ATTACK
          .run(leaky, split, ATTACK.defaults(), RUN)
          .signals()
          .forEach(
              (name, signal) ->
                  assertThat(Auc.of(signal)).as(name).isGreaterThan(NullAuc.most(ROWS)));
    }
  }

  @Test
  void aNetworkThatKnowsOtherRowsIsNot() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget innocent = Overfitted.on(Overfitted.digits("strangers", ROWS, RUN), RUN)) {
      ATTACK
          .run(innocent, split, ATTACK.defaults(), RUN)
          .signals()
          .forEach(
              (name, signal) ->
                  assertThat(Auc.of(signal))
                      .as(name)
                      .isBetween(NullAuc.least(ROWS), NullAuc.most(ROWS)));
    }
  }

  /**
   * What a row's age does to the logit hides what membership adds from a global threshold: with a
   * deviation of 4 from the age and 0.3 of noise, the addition of 1 gives an area of 0.57. Without
   * the age it would give 0.99.
   */
  @Test
  void rowsOfUnequalDifficultyAreComparedWithTheirLikes() {
    Split split = patients(ROWS);
    MembershipThreshold threshold = new MembershipThreshold();
    MembershipScores global = threshold.run(new Moody(), split, threshold.defaults(), RUN);
    MembershipScores forecast = ATTACK.run(new Moody(), split, ATTACK.defaults(), RUN);
    assertThat(Auc.of(signal(global, "loss"))).isLessThan(0.57 + NullAuc.most(ROWS) - 0.5);
    assertThat(Auc.of(signal(forecast, "gaussian"))).isGreaterThan(0.9);
    assertThat(Auc.of(signal(forecast, "quantile"))).isGreaterThan(0.9);
  }

  /** Gives the true class a logit of four times the age, and 1 more to members. */
  private static final class Moody implements ScoreTarget {
    @Override
    public Predictions scores(Dataset rows) {
      double[] logits = new double[2 * rows.rows()];
      Column.Numeric age = (Column.Numeric) rows.column("age");
      for (int row = 0; row < rows.rows(); row++) {
        String id = rows.id(row);
        double noise = 0.3 * RUN.random("mood of " + id).nextGaussian();
        double member = id.startsWith("members") ? 1 : 0;
        logits[2 * row + rows.classes()[row]] = 4 * age.get(row) + member + noise;
      }
      return new Predictions(logits, 2, Meaning.LOGITS);
    }

    @Override
    public TargetInfo info() {
      return new TargetInfo(
          "moody",
          Task.CLASSIFICATION,
          Patients.RESPONSES,
          Meaning.LOGITS,
          Access.SCORES,
          Optional.empty());
    }
  }

  /**
   * Each score by itself: the network is fitted once more on what the target says of the public.
   */
  @Test
  void scoresAreDistancesFromTheForecast() {
    Split split = patients(60);
    Dataset population = split.population().orElseThrow();
    population = population.select(Sample.order(population, RUN));
    Described described = Described.by(population, 2);
    Forecaster forecaster =
        Forecaster.fit(
            described.of(population, population.classes()),
            logits(population),
            ATTACK.defaults(),
            RUN);
    MembershipScores scores = ATTACK.run(new Moody(), split, ATTACK.defaults(), RUN);
    double[] found = logits(split.members());
    for (int row = 0; row < 60; row++) {
      Dataset one = split.members().select(new int[] {row});
      Forecaster.Forecast forecast = forecaster.of(described.of(one, one.classes()))[0];
      double deviations = (found[row] - forecast.mean()) / forecast.deviation();
      assertThat(signal(scores, "gaussian").members()[row]).isCloseTo(deviations, within(1e-3));
      assertThat(signal(scores, "quantile").members()[row])
          .isCloseTo(deviations - forecast.quantile(), within(1e-3));
    }
  }

  private static double[] logits(Dataset rows) {
    Predictions answers = new Moody().scores(rows).probabilities();
    return IntStream.range(0, rows.rows())
        .mapToDouble(row -> answers.get(row, rows.classes()[row]))
        .map(p -> Math.log(p / (1 - p)))
        .toArray();
  }

  @Test
  void nobodysScoreDependsOnWhoElseIsAMember() {
    Split split = patients(100);
    Split turned = split(split.nonMembers(), split.members(), split.population().orElseThrow());
    MembershipScores scores = ATTACK.run(new Moody(), split, ATTACK.small(), RUN);
    MembershipScores other = ATTACK.run(new Moody(), turned, ATTACK.small(), RUN);
    for (String name : scores.signals().keySet()) {
      assertThat(signal(other, name).nonMembers()).isEqualTo(signal(scores, name).members());
      assertThat(signal(other, name).members()).isEqualTo(signal(scores, name).nonMembers());
    }
  }

  @Test
  void answersOfZeroAndOneGiveFiniteScores() {
    Split split = patients(20);
    ScoreTarget sure = CountingTarget.of(new Moody(), Answers.EXACT, p -> p.map(Math::rint));
    ATTACK
        .run(sure, split, ATTACK.small(), RUN)
        .signals()
        .forEach(
            (name, signal) ->
                assertThat(
                        DoubleStream.concat(
                            Arrays.stream(signal.members()), Arrays.stream(signal.nonMembers())))
                    .as(name)
                    .allMatch(Double::isFinite));
  }

  @Test
  void aTargetThatIsEquallySureOfAllTellsNothing() {
    Split split = patients(50);
    ScoreTarget certain = CountingTarget.of(new Moody(), Answers.EXACT, p -> p.map(v -> 1));
    MembershipScores scores = ATTACK.run(certain, split, ATTACK.small(), RUN);
    assertThat(Auc.of(signal(scores, "gaussian"))).isBetween(NullAuc.least(50), NullAuc.most(50));
  }

  @Test
  void aRegressorIsJudgedByItsAbsoluteError() {
    Dataset members = Patients.draw("members", 30, Task.REGRESSION, RUN);
    Dataset others = Patients.draw("others", 30, Task.REGRESSION, RUN);
    Dataset people = Patients.draw("public", 200, Task.REGRESSION, RUN);
    MembershipScores scores =
        ATTACK.run(LinearModel.fit(members), split(members, others, people), ATTACK.small(), RUN);
    assertThat(scores.signals()).containsOnlyKeys("gaussian", "quantile");
    assertThat(signal(scores, "gaussian").members()).hasSize(30);
  }

  @Test
  void publicRowsAreAskedForByNumber() {
    Split none = Split.of(patients("members", 10), patients("others", 10));
    Split few = split(patients("members", 10), patients("others", 10), patients("public", 49));
    assertThat(ATTACK.refusal(none))
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("--population").contains("at least 50"));
    assertThat(ATTACK.refusal(few)).isPresent();
    assertThatThrownBy(() -> ATTACK.run(new Moody(), none, ATTACK.small(), RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("membership-qmia needs --population");
  }

  @Test
  void theBudgetPaysForThePublicRowsFirst() {
    Split split =
        split(
            Digits.draw("members", 40, RUN),
            Digits.draw("others", 40, RUN),
            Digits.draw("public", 60, RUN));
    ScoreTarget model = new Memoriser(split.members(), Digits.CLASSES, 1);
    CountingTarget target = CountingTarget.of(model, Answers.EXACT, p -> p).limitedTo(80);
    MembershipScores scores = ATTACK.run(target, split, ATTACK.small(), RUN);
    assertThat(scores.members().count()).isEqualTo(10);
    assertThat(scores.nonMembers().count()).isEqualTo(10);
    CountingTarget poor = CountingTarget.of(model, Answers.EXACT, p -> p).limitedTo(63);
    assertThatThrownBy(() -> ATTACK.run(poor, split, ATTACK.small(), RUN))
        .isInstanceOf(BudgetExhaustedException.class);
    assertThat(poor.asked()).isZero();
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertThatThrownBy(() -> new Settings(1, 8, 1, 1, 0, 0.1, OptionalInt.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--level must be from 0.5 to below 1");
    assertThatThrownBy(() -> new Settings(0.9, 0, 1, 1, 0, 0.1, OptionalInt.empty()))
        .hasMessage("--hidden must be between 1 and 65536, but is 0");
  }
}
