package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.fixture.Auc;
import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.LinearModel;
import io.afterimage.attack.fixture.Memoriser;
import io.afterimage.attack.fixture.ScoresInColumns;
import io.afterimage.attack.membership.MembershipThreshold.Settings;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MembershipThresholdTest {
  private static final Run RUN = Run.of(7);
  private static final MembershipThreshold ATTACK = new MembershipThreshold();
  private static final Split DIGITS =
      Split.of(Digits.draw("members", 200, RUN), Digits.draw("nonmembers", 200, RUN));
  private static final ScoreTarget MEMORISER = new Memoriser(DIGITS.members(), Digits.CLASSES, 1);

  private static Signal signal(MembershipScores scores, String name) {
    return Objects.requireNonNull(scores.signals().get(name), name);
  }

  private static MembershipScores attack(ScoreTarget target, Split split) {
    return ATTACK.run(target, split, ATTACK.defaults(), RUN);
  }

  private static Split byHand(double[][] members, int[] y, double[][] others, int[] z) {
    return Split.of(
        ScoresInColumns.rows("members", members, y), ScoresInColumns.rows("others", others, z));
  }

  @Test
  void theSignalsAreThoseOfThePapers() {
    double[][] p = {{0.7, 0.2, 0.1}};
    MembershipScores scores =
        attack(
            new ScoresInColumns(3, Meaning.PROBABILITIES),
            byHand(p, new int[] {1}, p, new int[] {0}));
    assertThat(scores.signals().keySet())
        .containsExactly(
            "loss",
            "confidence",
            "entropy",
            "modified-entropy",
            "loss-per-class",
            "confidence-per-class",
            "entropy-per-class",
            "modified-entropy-per-class");
    double entropy = 0.7 * Math.log(0.7) + 0.2 * Math.log(0.2) + 0.1 * Math.log(0.1);
    double wrong = 0.8 * Math.log(0.2) + 0.7 * Math.log(0.3) + 0.1 * Math.log(0.9);
    double right = 0.3 * Math.log(0.7) + 0.2 * Math.log(0.8) + 0.1 * Math.log(0.9);
    assertSignal(scores, "loss", Math.log(0.2), Math.log(0.7));
    assertSignal(scores, "confidence", Math.log(0.7), Math.log(0.7));
    assertSignal(scores, "entropy", entropy, entropy);
    assertSignal(scores, "modified-entropy", wrong, right);
  }

  private static void assertSignal(
      MembershipScores scores, String name, double member, double nonMember) {
    assertThat(signal(scores, name).members()[0]).as(name).isCloseTo(member, within(1e-12));
    assertThat(signal(scores, name).nonMembers()[0]).as(name).isCloseTo(nonMember, within(1e-12));
  }

  @Test
  void certaintyIsFiniteAndTiesStayTies() {
    double[][] p = {{1, 0}, {1, 0}, {0.5, 0.5}};
    MembershipScores scores =
        attack(
            new ScoresInColumns(2, Meaning.PROBABILITIES),
            byHand(p, new int[] {0, 1, 0}, p, new int[] {0, 1, 0}));
    scores
        .signals()
        .forEach(
            (name, signal) -> {
              assertThat(Arrays.stream(signal.members()).allMatch(Double::isFinite)).isTrue();
              assertThat(signal.members()).as(name).isEqualTo(signal.nonMembers());
              assertThat(Auc.of(signal)).as(name).isEqualTo(0.5);
            });
  }

  @Test
  void logitsKeepAnOrderThatProbabilitiesRoundAway() {
    double[][] surer = {{60, 0, 0}};
    double[][] sure = {{50, 0, 0}};
    MembershipScores scores =
        attack(
            new ScoresInColumns(3, Meaning.LOGITS),
            byHand(surer, new int[] {0}, sure, new int[] {0}));
    for (String name : new String[] {"loss", "confidence", "entropy", "modified-entropy"}) {
      assertThat(Auc.of(signal(scores, name))).as(name).isEqualTo(1);
    }
  }

  @Test
  void eachClassGetsAThresholdOfItsOwn() {
    double[][] members = {{0.6, 0.4}, {0.1, 0.9}};
    double[][] others = {{0.5, 0.5}, {0.3, 0.7}};
    MembershipScores scores =
        attack(
            new ScoresInColumns(2, Meaning.PROBABILITIES),
            byHand(members, new int[] {0, 1}, others, new int[] {0, 1}));
    assertThat(Auc.of(signal(scores, "loss"))).isEqualTo(0.75);
    assertThat(Auc.of(signal(scores, "loss-per-class"))).isEqualTo(1);
  }

  @Test
  void aModelThatKeepsItsRowsIsFoundBySignalsThatUseTheLabel() {
    MembershipScores scores = attack(MEMORISER, DIGITS);
    assertThat(Auc.of(signal(scores, "loss"))).isGreaterThan(0.99);
    assertThat(Auc.of(signal(scores, "modified-entropy"))).isGreaterThan(0.99);
  }

  @Test
  void labelsAloneLeaveTheGapAttack() {
    CountingTarget labels =
        CountingTarget.of(MEMORISER, Answers.EXACT, answers -> answers).labelsOnly();
    MembershipScores scores = attack(labels, DIGITS);
    assertThat(scores.signals()).containsOnlyKeys("correct");
    int[] named = MEMORISER.labels(DIGITS.nonMembers());
    int[] truth = DIGITS.nonMembers().classes();
    double[] correct = signal(scores, "correct").nonMembers();
    for (int row = 0; row < correct.length; row++) {
      assertThat(correct[row]).isEqualTo(named[row] == truth[row] ? 1 : 0);
    }
  }

  @Test
  void topOneOfTwoClassesAndTemperatureHideNothing() {
    double[][] members = {{0.8, 0.2}, {0.35, 0.65}};
    double[][] others = {{0.45, 0.55}, {0.3, 0.7}};
    Split split = byHand(members, new int[] {0, 0}, others, new int[] {0, 1});
    ScoreTarget exact = new ScoresInColumns(2, Meaning.PROBABILITIES);
    Answers topOne = new Answers(OptionalInt.empty(), OptionalInt.of(1), Answers.Noise.NONE, 0, 1);
    Answers hot = new Answers(OptionalInt.empty(), OptionalInt.empty(), Answers.Noise.NONE, 0, 4);
    double[] expected = signal(attack(exact, split), "loss").members();
    ScoreTarget truncated = CountingTarget.of(exact, topOne, MembershipThresholdTest::keepTop);
    ScoreTarget heated = CountingTarget.of(exact, hot, MembershipThresholdTest::heatByFour);
    assertThat(signal(attack(truncated, split), "loss").members())
        .containsExactly(expected, within(1e-12));
    assertThat(signal(attack(heated, split), "loss").members())
        .containsExactly(expected, within(1e-12));
  }

  private static Predictions keepTop(Predictions p) {
    double[] kept = new double[p.values().length];
    for (int row = 0; row < p.rows(); row++) {
      kept[row * p.columns() + p.label(row)] = p.get(row, p.label(row));
    }
    return new Predictions(kept, p.columns(), p.meaning());
  }

  private static Predictions heatByFour(Predictions p) {
    double[] logits = Arrays.stream(p.values()).map(v -> Math.log(v) / 4).toArray();
    return new Predictions(logits, p.columns(), Meaning.LOGITS).probabilities();
  }

  @Test
  void zeroAfterRoundingIsHalfAUnit() {
    Answers rounded = new Answers(OptionalInt.of(2), OptionalInt.empty(), Answers.Noise.NONE, 0, 1);
    double[][] p = {{1, 0}};
    ScoreTarget target =
        CountingTarget.of(
            new ScoresInColumns(2, Meaning.PROBABILITIES), rounded, answers -> answers);
    MembershipScores scores = attack(target, byHand(p, new int[] {1}, p, new int[] {0}));
    assertSignal(scores, "loss", Math.log(0.005), 0);
  }

  /** Noise of 0.5 on each probability leaves a threshold little; its mean over 400 a lot. */
  @Test
  void noiseIsAveragedAway() {
    Answers noisy =
        new Answers(OptionalInt.empty(), OptionalInt.empty(), Answers.Noise.GAUSSIAN, 0.5, 1);
    MembershipScores once = ATTACK.run(noisy(noisy), DIGITS, settings(1), RUN);
    MembershipScores often = ATTACK.run(noisy(noisy), DIGITS, settings(400), RUN);
    assertThat(Auc.of(signal(once, "loss"))).isLessThan(0.9);
    assertThat(Auc.of(signal(often, "loss"))).isGreaterThan(0.98);
  }

  private static Settings settings(int repeats) {
    return new Settings(OptionalInt.of(repeats), false);
  }

  private static CountingTarget noisy(Answers answers) {
    RandomGenerator random = RUN.random("noise");
    return CountingTarget.of(
        MEMORISER,
        answers,
        p ->
            new Predictions(
                Arrays.stream(p.values())
                    .map(v -> v + answers.noiseScale() * random.nextGaussian())
                    .toArray(),
                p.columns(),
                p.meaning()));
  }

  /** A standard deviation of 0.1 is one of 0.01 in the mean of a hundred. */
  @Test
  void noiseOfATenthHidesNothing() {
    double undefended = Auc.of(signal(attack(MEMORISER, DIGITS), "loss"));
    CountingTarget target = noisy(noise(Answers.Noise.GAUSSIAN, 0.1));
    assertThat(Auc.of(signal(attack(target, DIGITS), "loss"))).isCloseTo(undefended, within(0.01));
    assertThat(target.asked()).isEqualTo(100 * 400);
  }

  @Test
  void asksAsOftenAsTheKindAndTheSizeOfTheNoiseRequire() {
    assertThat(repeats(CountingTarget.of(MEMORISER, Answers.EXACT, p -> p))).isEqualTo(1);
    assertThat(repeats(noisy(noise(Answers.Noise.GAUSSIAN, 0.005)))).isEqualTo(1);
    assertThat(repeats(noisy(noise(Answers.Noise.GAUSSIAN, 0.05)))).isEqualTo(25);
    long laplace = repeats(noisy(noise(Answers.Noise.LAPLACE, 0.1)));
    assertThat(0.1 * Math.sqrt(2.0 / laplace)).isCloseTo(0.01, within(1e-4));
    assertThat(repeats(noisy(noise(Answers.Noise.LAPLACE, 5)))).isEqualTo(400);
    assertThat(repeats(noisy(noise(Answers.Noise.GAUSSIAN, 0.05)).labelsOnly())).isEqualTo(400);
    assertThat(repeats(noisy(noise(Answers.Noise.GAUSSIAN, 0.1)).limitedTo(79))).isEqualTo(3);
  }

  /** How often each of twenty people is asked about. */
  private static long repeats(CountingTarget target) {
    int[] ten = IntStream.range(0, 10).toArray();
    attack(target, DIGITS.map(rows -> rows.select(ten)));
    return target.asked() / 20;
  }

  private static Answers noise(Answers.Noise kind, double scale) {
    return Answers.EXACT.noised(kind, scale);
  }

  @Test
  void aShortBudgetIsSpentOnAsManyMembersAsOthers() {
    CountingTarget target = limited(101);
    MembershipScores some = attack(target, DIGITS);
    assertThat(target.asked()).isEqualTo(100);
    assertThat(some.members().ids()).hasSize(50).doesNotHaveDuplicates();
    assertThat(some.nonMembers().ids()).hasSize(50).doesNotHaveDuplicates();
    MembershipScores all = attack(MEMORISER, DIGITS);
    for (int i = 0; i < 50; i++) {
      int row = all.members().ids().indexOf(some.members().ids().get(i));
      assertThat(signal(some, "loss").members()[i]).isEqualTo(signal(all, "loss").members()[row]);
    }
  }

  @Test
  void whomAShortBudgetReachesDoesNotDependOnTheOrderOfRows() {
    int[] backwards = IntStream.range(0, 200).map(i -> 199 - i).toArray();
    MembershipScores turned = attack(limited(101), DIGITS.map(rows -> rows.select(backwards)));
    assertThat(turned.members().ids())
        .containsExactlyInAnyOrderElementsOf(attack(limited(101), DIGITS).members().ids());
  }

  @Test
  void whatTheSmallerSideLeavesOfItsHalfGoesToTheOther() {
    Dataset ten = DIGITS.members().select(IntStream.range(0, 10).toArray());
    MembershipScores scores = attack(limited(100), Split.of(ten, DIGITS.nonMembers()));
    assertThat(scores.members().count()).isEqualTo(10);
    assertThat(scores.nonMembers().count()).isEqualTo(90);
  }

  @Test
  void aBudgetBelowTwoOfEachStopsItBeforeTheFirst() {
    CountingTarget target = limited(3);
    assertThatThrownBy(() -> attack(target, DIGITS))
        .isInstanceOf(BudgetExhaustedException.class)
        .hasMessageContaining("3")
        .hasMessageContaining("400");
    assertThat(target.asked()).isZero();
  }

  private static CountingTarget limited(long budget) {
    return CountingTarget.of(MEMORISER, Answers.EXACT, p -> p).limitedTo(budget);
  }

  @Test
  void aRegressorIsJudgedByItsAbsoluteError() {
    Dataset members = line("members", new double[] {0, 1, 2, 3}, new double[] {0, 1, 2, 3});
    Dataset others = line("others", new double[] {0.5, 4}, new double[] {1, 2});
    MembershipScores scores = attack(LinearModel.fit(members), Split.of(members, others));
    assertThat(scores.signals()).containsOnlyKeys("error");
    assertThat(signal(scores, "error").nonMembers())
        .containsExactly(new double[] {-0.5, -2}, within(1e-4));
  }

  private static Dataset line(String name, double[] x, double[] y) {
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("x", Role.FEATURE);
    roles.put("y", Role.LABEL);
    return Dataset.of(
        name, new Schema(roles), List.of(new Column.Numeric("x", x), new Column.Numeric("y", y)));
  }

  @Test
  void aLabelThatTheTargetDoesNotKnowIsNamed() {
    double[][] p = {{1, 0}};
    Dataset three = ScoresInColumns.rows("members", new double[][] {{1, 0, 0}}, new int[] {2});
    Dataset two = ScoresInColumns.rows("others", p, new int[] {0});
    assertThatThrownBy(
            () -> attack(new ScoresInColumns(2, Meaning.PROBABILITIES), Split.of(three, two)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("members:0");
  }

  @Test
  void answersThatAreNoNumbersAreBadInput() {
    double[][] p = {{Double.NaN, 0}};
    assertThatThrownBy(
            () ->
                attack(
                    new ScoresInColumns(2, Meaning.PROBABILITIES),
                    byHand(p, new int[] {0}, p, new int[] {0})))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void repeatsHaveABound() {
    assertThatThrownBy(() -> settings(0))
        .hasMessage("--repeats must be between 1 and 1000000, but is 0");
  }
}
