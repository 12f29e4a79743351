package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.LinearModel;
import io.afterimage.attack.fixture.Patients;
import io.afterimage.attack.fixture.SoftmaxModel;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.Interim;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Task;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MiSearchTest {
  private static final Run RUN = Run.of(5);
  private static final MiSearch ATTACK = new MiSearch();
  private static final Split SPLIT =
      Split.of(Digits.draw("members", 200, RUN), Digits.draw("nonmembers", 50, RUN));
  private static final ScoreTarget MODEL =
      SoftmaxModel.fit(SPLIT.members(), Digits.CLASSES, Digits.SHAPE, 200);

  private static CountingTarget counted() {
    return CountingTarget.of(MODEL, Answers.EXACT, p -> p);
  }

  private static double worst(Reconstructions found) {
    return Arrays.stream(found.confidence()).min().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void everyMethodFindsPicturesThatTheTargetIsSureAbout(Method method) {
    CountingTarget target = counted();
    Reconstructions found = ATTACK.run(target, SPLIT, MiSearch.settings(method, 400), RUN);
    assertThat(found.classes()).containsExactly(IntStream.range(0, 10).toArray());
    assertThat(worst(found)).as("least confidence").isGreaterThan(0.95);
    assertConfidenceIsTheTargets(found);
    for (float pixel : found.pixels()) {
      assertThat(pixel).isBetween(0f, 1f);
    }
    CurvePoint last = found.curve().get(found.curve().size() - 1);
    assertThat(last.queries()).isEqualTo(target.asked());
    assertThat(last.value()).isEqualTo(Arrays.stream(found.confidence()).sum() / 10);
    assertThat(found.curve()).isSortedAccordingTo(Comparator.comparing(CurvePoint::value));
    for (int row = 0; row < 10; row++) {
      List<Stage> strip = found.stages().of(row);
      assertThat(strip.get(0).picture()).isEqualTo(found.startOf(row));
      assertThat(strip.get(1).picture()).isNotEqualTo(found.startOf(row));
      assertThat(strip.get(strip.size() - 1).steps()).isLessThan(found.steps()[row]);
    }
  }

  private static void assertConfidenceIsTheTargets(Reconstructions found) {
    for (int i = 0; i < found.count(); i++) {
      Dataset picture =
          SPLIT
              .members()
              .select(new int[] {0})
              .with(new Column.Array("pixels", found.picture(i), Digits.SHAPE));
      assertThat(MODEL.scores(picture).probabilities().get(0, found.classes()[i]))
          .isCloseTo(found.confidence()[i], within(1e-9));
    }
  }

  @Test
  void aSpentBudgetLeavesWhatWasFound() {
    CountingTarget target = counted().limitedTo(2_000);
    Reconstructions found = ATTACK.run(target, SPLIT, MiSearch.settings(Method.NES, 1_000), RUN);
    assertThat(target.asked()).isEqualTo(2_000 / 170 * 170); // 10 classes, 16 and the centre
    assertThat(found.curve()).hasSize(2_000 / 170);
    assertThat(worst(found)).isGreaterThan(0);
  }

  /** Of two searches of a class the surer one's picture, as a shorter attack would hand it in. */
  @Test
  void interimPicturesAreThoseThatFewerQueriesLeave() {
    MiSearch.Settings settings =
        SettingsForm.of(MiSearch.settings(Method.NES, 100)).with(Map.of("restarts", "2"));
    CountingTarget target = counted();
    Reconstructions found = ATTACK.run(target, SPLIT, settings, RUN);
    assertThat(target.asked()).isEqualTo(17L * Arrays.stream(found.steps()).sum());
    Interim interim = found.interim();
    assertThat(interim.queries()).hasSizeBetween(8, 16).startsWith(2 * 170L);
    for (int point = 0; point < interim.queries().size(); point++) {
      CountingTarget limited = counted().limitedTo(interim.queries().get(point));
      Reconstructions fewer = ATTACK.run(limited, SPLIT, settings, RUN);
      int[] surest = fewer.surest();
      for (int c = 0; c < 10; c++) {
        assertThat(interim.pictures().get(10 * point + c)).isEqualTo(fewer.picture(surest[c]));
      }
    }
  }

  @Test
  void aBudgetBelowOneGenerationIsToldApart() {
    assertThatThrownBy(() -> ATTACK.run(counted().limitedTo(169), SPLIT, ATTACK.defaults(), RUN))
        .isInstanceOf(BudgetExhaustedException.class);
  }

  @Test
  void roundedAnswersStillShowTheWay() {
    Answers rounded = new Answers(OptionalInt.of(2), OptionalInt.empty(), Answers.Noise.NONE, 0, 1);
    ScoreTarget target = CountingTarget.of(MODEL, rounded, MiSearchTest::twoDigits);
    assertThat(worst(ATTACK.run(target, SPLIT, MiSearch.settings(Method.NES, 400), RUN)))
        .isGreaterThan(0.95);
  }

  private static Predictions twoDigits(Predictions p) {
    double[] rounded = Arrays.stream(p.values()).map(v -> Math.rint(v * 100) / 100).toArray();
    return new Predictions(rounded, p.columns(), p.meaning());
  }

  @Test
  void noisyAnswersAreAskedForFourTimes() {
    Answers noisy =
        new Answers(OptionalInt.empty(), OptionalInt.empty(), Answers.Noise.GAUSSIAN, 0.01, 1);
    CountingTarget target = CountingTarget.of(MODEL, noisy, p -> p);
    ATTACK.run(target, SPLIT, MiSearch.settings(Method.NES, 1), RUN);
    assertThat(target.asked()).isEqualTo(4 * 170);
  }

  @Test
  void picturesKeepToTheRangeOfTheAdversarysData() {
    Reconstructions found = ATTACK.run(MODEL, SPLIT, MiSearch.settings(Method.NES, 2), RUN);
    assertThat(found.start()).containsOnly(0.5f);
  }

  @Test
  void aRegressorAndATargetOfColumnsAreBadInput() {
    Split patients =
        Split.of(
            Patients.draw("members", 50, Task.REGRESSION, RUN),
            Patients.draw("nonmembers", 50, Task.REGRESSION, RUN));
    ScoreTarget regressor = LinearModel.fit(patients.members());
    assertThatThrownBy(() -> ATTACK.run(regressor, patients, ATTACK.defaults(), RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("predicts a value");
  }

  @Test
  void settingsHaveBounds() {
    MiSearch.Settings s = ATTACK.defaults();
    SettingsForm<MiSearch.Settings> form = SettingsForm.of(s);
    for (String[] bad :
        new String[][] {
          {"steps", "0"}, {"generation", "7"}, {"width", "0"}, {"learning-rate", "0"},
          {"momentum", "1"}, {"waves", "513"}, {"restarts", "0"}, {"first-classes", "0"},
          {"low", "1e10"}, {"stop-at", "-1"}, {"repeats", "0"}
        }) {
      assertThatThrownBy(() -> form.with(Map.of(bad[0], bad[1])))
          .as(bad[0])
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("--" + bad[0]);
    }
    assertThatThrownBy(() -> form.with(Map.of("low", "1", "high", "0")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--low");
  }

  @Test
  void moreThanMemoryHoldsIsBadInput() {
    MiSearch.Settings huge =
        SettingsForm.of(ATTACK.defaults()).with(Map.of("generation", "100000", "restarts", "1000"));
    assertThatThrownBy(() -> ATTACK.run(MODEL, SPLIT, huge, RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--restarts");
  }
}
