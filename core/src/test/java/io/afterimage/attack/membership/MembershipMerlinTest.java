package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.fixture.Auc;
import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.Features;
import io.afterimage.attack.fixture.LinearModel;
import io.afterimage.attack.fixture.Memoriser;
import io.afterimage.attack.fixture.NullAuc;
import io.afterimage.attack.fixture.Overfitted;
import io.afterimage.attack.fixture.Patients;
import io.afterimage.attack.fixture.ScoresInColumns;
import io.afterimage.attack.membership.MembershipMerlin.Settings;
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
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import io.afterimage.tensor.NoLeakedTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class MembershipMerlinTest {
  private static final Run RUN = Run.of(11);
  private static final MembershipMerlin ATTACK = new MembershipMerlin();
  private static final int ROWS = 200;

  private static Settings settings(int neighbours, double deviation, double leastLoss) {
    return new Settings(neighbours, deviation, leastLoss, false, OptionalInt.empty(), 1);
  }

  private static Signal signal(MembershipScores scores, String name) {
    return Objects.requireNonNull(scores.signals().get(name), name);
  }

  @Test
  void aNetworkThatKnowsItsRowsByHeartHasMinimaThere() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget leaky = Overfitted.on(split.members(), RUN)) {
      MembershipScores found = ATTACK.run(leaky, split, ATTACK.defaults(), RUN);
      assertThat(Auc.of(signal(found, "merlin"))).isGreaterThan(NullAuc.most(ROWS));
      assertThat(Auc.of(signal(found, "morgan"))).isGreaterThan(Auc.of(signal(found, "merlin")));
    }
  }

  @Test
  void aNetworkThatKnowsOtherRowsHasNoneThere() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget innocent = Overfitted.on(Overfitted.digits("strangers", ROWS, RUN), RUN)) {
      MembershipScores nothing = ATTACK.run(innocent, split, ATTACK.defaults(), RUN);
      nothing
          .signals()
          .forEach(
              (name, signal) ->
                  assertThat(Auc.of(signal))
                      .as(name)
                      .isBetween(NullAuc.least(ROWS), NullAuc.most(ROWS)));
    }
  }

  @Test
  void merlinIsTheShareOfNeighboursWithAGreaterLoss() {
    Split split = Split.of(Digits.draw("members", 20, RUN), Digits.draw("others", 20, RUN));
    Memoriser target = new Memoriser(split.members(), Digits.CLASSES, 1);
    MembershipScores scores = ATTACK.run(target, split, settings(30, 0.2, 0), RUN);
    double spread = spread(split);
    double[] members = signal(scores, "merlin").members();
    for (int row = 0; row < members.length; row++) {
      assertThat(members[row]).isEqualTo(slowMerlin(target, split.members(), row, spread));
    }
  }

  private static double spread(Split split) {
    double[] pixels =
        Stream.of(split.members(), split.nonMembers())
            .flatMap(rows -> Arrays.stream(Features.of(rows)))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    double mean = Arrays.stream(pixels).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(pixels).map(p -> (p - mean) * (p - mean)).average().orElseThrow());
  }

  private static double slowMerlin(ScoreTarget target, Dataset rows, int row, double spread) {
    Column.Array pixels = (Column.Array) rows.column("pixels");
    RandomGenerator random = RUN.random("membership-merlin/" + rows.id(row));
    double own = loss(target, rows.select(new int[] {row}), pixels.row(row));
    int greater = 0;
    for (int neighbour = 0; neighbour < 30; neighbour++) {
      float[] moved = pixels.row(row);
      for (int i = 0; i < moved.length; i++) {
        moved[i] = (float) (moved[i] + 0.2 * spread * random.nextGaussian());
      }
      greater += loss(target, rows.select(new int[] {row}), moved) > own ? 1 : 0;
    }
    return greater / 30.0;
  }

  private static double loss(ScoreTarget target, Dataset one, float[] pixels) {
    Dataset asked = one.with(new Column.Array("pixels", pixels, Digits.SHAPE));
    return -Math.log(target.scores(asked).get(0, one.classes()[0]));
  }

  /** Every threshold cuts out a rectangle: a loss between two bounds, and merlin above a third. */
  @Test
  void aThresholdOfMorganIsThePapersRegion() {
    Split split = Split.of(Digits.draw("members", 60, RUN), Digits.draw("others", 60, RUN));
    Memoriser target = new Memoriser(split.members(), Digits.CLASSES, 1);
    double least = 0.3;
    MembershipScores scores = ATTACK.run(target, split, settings(30, 0.2, least), RUN);
    double[] morgan = all(signal(scores, "morgan"));
    double[] merlin = all(signal(scores, "merlin"));
    double[] loss = losses(target, split);
    assertThat(Arrays.stream(loss).filter(l -> l < least).count()).isBetween(1L, 119L);
    for (double threshold : Arrays.stream(morgan).filter(s -> s > 0).toArray()) {
      int[] taken = chosen(i -> morgan[i] >= threshold);
      double most = Arrays.stream(taken).mapToDouble(i -> loss[i]).max().orElseThrow();
      double lowest = Arrays.stream(taken).mapToDouble(i -> merlin[i]).min().orElseThrow();
      assertThat(chosen(i -> loss[i] >= least && loss[i] <= most && merlin[i] >= lowest))
          .isEqualTo(taken);
    }
  }

  private static int[] chosen(IntPredicate who) {
    return IntStream.range(0, 120).filter(who).toArray();
  }

  private static double[] all(Signal signal) {
    return DoubleStream.concat(Arrays.stream(signal.members()), Arrays.stream(signal.nonMembers()))
        .toArray();
  }

  private static double[] losses(ScoreTarget target, Split split) {
    return Stream.of(split.members(), split.nonMembers())
        .flatMapToDouble(
            rows -> {
              Predictions p = target.scores(rows);
              return IntStream.range(0, rows.rows())
                  .mapToDouble(row -> -Math.log(p.get(row, rows.classes()[row])));
            })
        .toArray();
  }

  @Test
  void certaintyTellsNothingAndIsFinite() {
    double[][] sure = {{1, 0}, {0, 1}};
    Dataset members = ScoresInColumns.rows("members", sure, new int[] {0, 0});
    Dataset others = ScoresInColumns.rows("others", sure, new int[] {0, 0});
    ScoreTarget stubborn =
        CountingTarget.of(
            new ScoresInColumns(2, Meaning.PROBABILITIES),
            Answers.EXACT,
            p -> p.map(Math::rint).map(v -> Math.max(0, Math.min(1, v))));
    MembershipScores scores =
        ATTACK.run(stubborn, Split.of(members, others), settings(50, 1e-3, 0), RUN);
    assertThat(signal(scores, "merlin").members()).containsExactly(0.5, 0.5);
    assertThat(Arrays.stream(all(signal(scores, "morgan"))).allMatch(Double::isFinite)).isTrue();
  }

  @Test
  void textsStayAsTheyAre() {
    Dataset members = Patients.draw("members", 40, Task.REGRESSION, RUN);
    Dataset others = Patients.draw("others", 40, Task.REGRESSION, RUN);
    List<Dataset> asked = new ArrayList<>();
    LinearModel model = LinearModel.fit(members);
    ScoreTarget listening = new Listening(model, asked);
    ATTACK.run(listening, Split.of(members, others), settings(3, 0.1, 0), RUN);
    assertThat(asked).hasSize(4);
    Dataset neighbours = asked.get(2);
    for (int i = 0; i < neighbours.rows(); i++) {
      assertThat(neighbours.column("genotype").text(i))
          .isEqualTo(members.column("genotype").text(i / 3));
      assertThat(neighbours.column("age").text(i)).isNotEqualTo(members.column("age").text(i / 3));
    }
  }

  /** A model that remembers what it was asked. */
  private record Listening(ScoreTarget model, List<Dataset> asked) implements ScoreTarget {
    @Override
    public Predictions scores(Dataset rows) {
      asked.add(rows);
      return model.scores(rows);
    }

    @Override
    public TargetInfo info() {
      return model.info();
    }
  }

  @Test
  void theBudgetDecidesHowManyPeopleAreAskedAbout() {
    Split split = Split.of(Digits.draw("members", 20, RUN), Digits.draw("others", 20, RUN));
    CountingTarget target =
        CountingTarget.of(new Memoriser(split.members(), Digits.CLASSES, 1), Answers.EXACT, p -> p)
            .limitedTo(11 * 12 + 5);
    MembershipScores scores = ATTACK.run(target, split, settings(10, 0.2, 0), RUN);
    assertThat(scores.members().count()).isEqualTo(6);
    assertThat(scores.nonMembers().count()).isEqualTo(6);
    assertThat(target.asked()).isEqualTo(11 * 12);
  }

  @Test
  void aBudgetBelowTwoOfEachStopsItBeforeTheFirst() {
    Split split = Split.of(Digits.draw("members", 20, RUN), Digits.draw("others", 20, RUN));
    CountingTarget target =
        CountingTarget.of(new Memoriser(split.members(), Digits.CLASSES, 1), Answers.EXACT, p -> p)
            .limitedTo(43);
    assertThatThrownBy(() -> ATTACK.run(target, split, settings(10, 0.2, 0), RUN))
        .isInstanceOf(BudgetExhaustedException.class)
        .hasMessageContaining("440");
    assertThat(target.asked()).isZero();
  }

  @Test
  void rowsOfTextsAloneAreRefused() {
    Map<String, Role> roles = Map.of("town", Role.FEATURE);
    Dataset towns =
        Dataset.of(
            "members",
            new Schema(roles),
            List.of(new Column.Categorical("town", new int[] {0}, List.of("Ulm"))));
    assertThat(ATTACK.refusal(Split.of(towns, towns)))
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("every input of these rows is a text"));
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertThatThrownBy(() -> settings(0, 0.2, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--neighbours must be between 1 and 100000, but is 0");
    assertThatThrownBy(() -> settings(1, Double.NaN, 0)).hasMessageContaining("--deviation");
    assertThatThrownBy(() -> settings(1, 0.2, -1)).hasMessageContaining("--least-loss");
  }
}
