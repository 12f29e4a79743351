package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.fixture.Auc;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.Features;
import io.afterimage.attack.fixture.Memoriser;
import io.afterimage.attack.fixture.NullAuc;
import io.afterimage.attack.fixture.Overfitted;
import io.afterimage.attack.fixture.Patients;
import io.afterimage.attack.membership.MembershipLabelOnly.Settings;
import io.afterimage.attack.membership.MembershipLabelOnly.Signals;
import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.Meaning;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import io.afterimage.tensor.NoLeakedTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class MembershipLabelOnlyTest {
  private static final Run RUN = Run.of(14);
  private static final MembershipLabelOnly ATTACK = new MembershipLabelOnly();
  private static final int ROWS = 200;

  private static Settings settings(Signals signals, int steps, int directions) {
    return new Settings(signals, 1, false, 20, 0.3, steps, directions, false, OptionalInt.empty());
  }

  private static Signal signal(MembershipScores scores, String name) {
    return Objects.requireNonNull(scores.signals().get(name), name);
  }

  /** A target with labels to give and nothing else. */
  private record Labels(
      List<String> classes, Function<Dataset, int[]> naming, AtomicLong asked, OptionalLong budget)
      implements LabelTarget {
    static Labels of(LabelTarget model) {
      return of(model.info().classes(), model::labels);
    }

    static Labels of(List<String> classes, Function<Dataset, int[]> naming) {
      return new Labels(classes, naming, new AtomicLong(), OptionalLong.empty());
    }

    Labels limitedTo(long queries) {
      return new Labels(classes, naming, new AtomicLong(), OptionalLong.of(queries));
    }

    @Override
    public int[] labels(Dataset rows) {
      asked.addAndGet(rows.rows());
      return naming.apply(rows);
    }

    @Override
    public OptionalLong queriesLeft() {
      return budget.isPresent() ? OptionalLong.of(budget.getAsLong() - asked.get()) : budget;
    }

    @Override
    public TargetInfo info() {
      return new TargetInfo(
          "labels", Task.CLASSIFICATION, classes, Meaning.LABEL, Access.LABEL, Optional.empty());
    }
  }

  /** The first paper's finding: the distance tells more than whether the label is right. */
  @Test
  void membersOfANetworkThatKnowsThemByHeartLieFartherFromItsBoundary() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget leaky = Overfitted.on(split.members(), RUN)) {
      MembershipThreshold threshold = new MembershipThreshold();
      MembershipScores gap = threshold.run(Labels.of(leaky), split, threshold.defaults(), RUN);
      MembershipScores found =
          ATTACK.run(Labels.of(leaky), split, settings(Signals.BOUNDARY, 5, 50), RUN);
      double boundary = Auc.of(signal(found, "boundary"));
      assertThat(boundary).isGreaterThan(NullAuc.most(ROWS));
      assertThat(boundary).isGreaterThan(Auc.of(signal(gap, "correct")));
    }
  }

  @Test
  void theirLabelsStandNoiseThatTurnsThoseOfOthers() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget leaky = Overfitted.on(split.members(), RUN)) {
      MembershipScores found =
          ATTACK.run(
              Labels.of(leaky),
              split.map(MembershipLabelOnlyTest::flat),
              settings(Signals.AUGMENTATION, 0, 1),
              RUN);
      assertThat(Auc.of(signal(found, "augmentation"))).isGreaterThan(NullAuc.most(ROWS));
    }
  }

  @Test
  void aNetworkThatKnowsOtherRowsTellsNothing() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget innocent = Overfitted.on(Overfitted.digits("strangers", ROWS, RUN), RUN)) {
      MembershipScores pictures =
          ATTACK.run(Labels.of(innocent), split, settings(Signals.BOTH, 2, 20), RUN);
      MembershipScores rows =
          ATTACK.run(
              Labels.of(innocent),
              split.map(MembershipLabelOnlyTest::flat),
              settings(Signals.AUGMENTATION, 0, 1),
              RUN);
      for (Signal signal :
          List.of(
              signal(pictures, "augmentation"),
              signal(pictures, "boundary"),
              signal(rows, "augmentation"))) {
        assertThat(Auc.of(signal)).isBetween(NullAuc.least(ROWS), NullAuc.most(ROWS));
      }
    }
  }

  /** Pictures as plain rows of numbers. */
  private static Dataset flat(Dataset rows) {
    Column.Array pixels = (Column.Array) rows.column("pixels");
    return rows.with(new Column.Array("pixels", pixels.values(), new Shape(pixels.shape().size())));
  }

  @Test
  void augmentationIsTheShareOfTheTrueLabelAmongTheCopiesAndTheRow() {
    Split split =
        Split.of(
            flat(Overfitted.digits("members", 15, RUN)),
            flat(Overfitted.digits("others", 15, RUN)));
    Memoriser model = new Memoriser(Overfitted.digits("others", 100, RUN), Digits.CLASSES, 1);
    MembershipScores scores = ATTACK.run(model, split, settings(Signals.AUGMENTATION, 0, 1), RUN);
    double[] members = signal(scores, "augmentation").members();
    for (int row = 0; row < 15; row++) {
      assertThat(members[row]).isEqualTo(slowAgreement(model, split, row));
    }
    assertThat(Arrays.stream(members)).anyMatch(share -> share > 0 && share < 1);
  }

  private static double slowAgreement(Memoriser model, Split split, int row) {
    Dataset one = split.members().select(new int[] {row});
    RandomGenerator random = RUN.random("copies of " + one.id(0));
    double right = model.labels(one)[0] == one.classes()[0] ? 1 : 0;
    for (int copy = 0; copy < 20; copy++) {
      float[] pixels = ((Column.Array) one.column("pixels")).row(0);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) (pixels[i] + 0.3 * spread(split) * random.nextGaussian());
      }
      Dataset moved = one.with(new Column.Array("pixels", pixels, new Shape(pixels.length)));
      right += model.labels(moved)[0] == one.classes()[0] ? 1 : 0;
    }
    return right / 21;
  }

  private static double spread(Split split) {
    double[] pixels =
        IntStream.range(0, 2)
            .mapToObj(side -> side == 0 ? split.members() : split.nonMembers())
            .flatMap(rows -> Arrays.stream(Features.of(rows)))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    double mean = Arrays.stream(pixels).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(pixels).map(p -> (p - mean) * (p - mean)).average().orElseThrow());
  }

  /** Whoever is older than a half is called high: the distance is the age's own. */
  @Test
  void theDistanceIsThatToTheBoundaryInSpreadsOfTheColumnAndZeroForTheWronglyNamed() {
    Split split = Split.of(patients("members"), patients("others"));
    Labels target = Labels.of(Patients.RESPONSES, MembershipLabelOnlyTest::older);
    MembershipScores scores = ATTACK.run(target, split, settings(Signals.BOUNDARY, 8, 50), RUN);
    double[] members = signal(scores, "boundary").members();
    int[] named = older(split.members());
    int[] truth = split.members().classes();
    Column.Numeric age = (Column.Numeric) split.members().column("age");
    double spread = spread(age, (Column.Numeric) split.nonMembers().column("age"));
    for (int row = 0; row < members.length; row++) {
      double distance = Math.abs(age.get(row) - 0.5) / spread;
      if (named[row] != truth[row]) {
        assertThat(members[row]).isZero();
      } else {
        assertThat(members[row]).isBetween(0.999 * distance, 1.05 * distance + 0.02);
      }
    }
  }

  private static int[] older(Dataset rows) {
    double[] ages = ((Column.Numeric) rows.column("age")).values();
    return Arrays.stream(ages).mapToInt(age -> age > 0.5 ? 1 : 0).toArray();
  }

  private static Dataset patients(String name) {
    return Patients.draw(name, 40, Task.CLASSIFICATION, RUN);
  }

  private static double spread(Column.Numeric first, Column.Numeric second) {
    double[] all =
        DoubleStream.concat(Arrays.stream(first.values()), Arrays.stream(second.values()))
            .toArray();
    double mean = Arrays.stream(all).average().orElseThrow();
    return Math.sqrt(Arrays.stream(all).map(a -> (a - mean) * (a - mean)).average().orElseThrow());
  }

  /** Its numbers do not lead out of a class that a text alone decides. */
  @Test
  void whereATextDecidesTheRowCountsAsFarAsTheFarthestKnownOne() {
    Split split = Split.of(patients("members"), patients("others"));
    Labels target =
        Labels.of(
            Patients.RESPONSES,
            rows ->
                Arrays.stream(((Column.Categorical) rows.column("genotype")).codes())
                    .map(code -> code > 0 ? 1 : 0)
                    .toArray());
    double[] members =
        signal(ATTACK.run(target, split, settings(Signals.BOUNDARY, 1, 5), RUN), "boundary")
            .members();
    int[] named = target.labels(split.members());
    int[] truth = split.members().classes();
    for (int row = 0; row < members.length; row++) {
      assertThat(members[row] > 2).isEqualTo(named[row] == truth[row]);
    }
  }

  @Test
  void aTargetThatNamesEverybodyAlikeGivesFiniteScores() {
    Split split = Split.of(patients("members"), patients("others"));
    Labels target = Labels.of(Patients.RESPONSES, rows -> new int[rows.rows()]);
    ATTACK
        .run(target, split, settings(Signals.BOTH, 1, 5), RUN)
        .signals()
        .forEach(
            (name, signal) ->
                assertThat(Arrays.stream(signal.members())).as(name).allMatch(Double::isFinite));
  }

  @Test
  void theBudgetDecidesHowManyPeopleAreAskedAbout() {
    Split split = Split.of(patients("members"), patients("others"));
    Labels model = Labels.of(Patients.RESPONSES, MembershipLabelOnlyTest::older);
    Labels limited = model.limitedTo(10 * 21 + 5);
    MembershipScores scores = ATTACK.run(limited, split, settings(Signals.AUGMENTATION, 0, 1), RUN);
    assertThat(scores.members().count()).isEqualTo(5);
    assertThat(scores.nonMembers().count()).isEqualTo(5);
    assertThat(limited.asked().get()).isEqualTo(10 * 21);
    Labels searched = model.limitedTo(2000);
    ATTACK.run(searched, split, settings(Signals.BOUNDARY, 2, 20), RUN);
    assertThat(searched.asked().get()).isLessThanOrEqualTo(2000);
  }

  @Test
  void aBudgetBelowTwoOfEachStopsItBeforeTheFirst() {
    Split split = Split.of(patients("members"), patients("others"));
    Labels poor = Labels.of(Patients.RESPONSES, MembershipLabelOnlyTest::older).limitedTo(300);
    assertThatThrownBy(() -> ATTACK.run(poor, split, ATTACK.defaults(), RUN))
        .isInstanceOf(BudgetExhaustedException.class)
        .hasMessageContaining("300");
    assertThat(poor.asked().get()).isZero();
  }

  @Test
  void aRegressorIsRefused() {
    Dataset doses = Patients.draw("members", 10, Task.REGRESSION, RUN);
    assertThat(ATTACK.refusal(Split.of(doses, doses)))
        .hasValueSatisfying(reason -> assertThat(reason).contains("names classes"));
    assertThat(ATTACK.refusal(Split.of(patients("members"), patients("others")))).isEmpty();
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertThatThrownBy(() -> settings(Signals.BOTH, -1, 5))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--steps must be between 0 and 10000, but is -1");
    assertThatThrownBy(
            () -> new Settings(Signals.BOTH, 0, false, 1, 1, 1, 1, false, OptionalInt.empty()))
        .hasMessageContaining("--flip");
    assertThatThrownBy(
            () -> new Settings(Signals.BOTH, 1, false, 1, 1, 1, 1, false, OptionalInt.of(1)))
        .hasMessageContaining("--people");
  }
}
