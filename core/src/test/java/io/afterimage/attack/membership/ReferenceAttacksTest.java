package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.Attack;
import io.afterimage.attack.fixture.Auc;
import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.fixture.LinearModel;
import io.afterimage.attack.fixture.NullAuc;
import io.afterimage.attack.fixture.Overfitted;
import io.afterimage.attack.fixture.Patients;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.target.Answers;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Task;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.Blueprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks that compare the target with models trained for that. */
@ExtendWith(NoLeakedTensors.class)
class ReferenceAttacksTest {
  private static final Run RUN = new Run(5, 2, Progress.NONE, new AtomicBoolean());
  private static final int ROWS = 200;
  private static final ReferenceSettings MODELS =
      new ReferenceSettings(8, Optional.empty(), 0, 20, 0.01, OptionalInt.empty());

  @TempDir Path folder;

  static List<Attack<?, ScoreTarget, MembershipScores>> attacks() {
    return List.of(
        new MembershipLira(),
        new MembershipRmia(),
        new MembershipR(),
        new MembershipShadow(),
        new MembershipTrajectory());
  }

  private static <S extends Record> MembershipScores attack(
      Attack<S, ScoreTarget, MembershipScores> attack, ScoreTarget target, Split split, Run run) {
    return attack.run(target, split, attack.defaults(), run);
  }

  private static Signal signal(MembershipScores scores, String name) {
    return Objects.requireNonNull(scores.signals().get(name), name);
  }

  private static References references(ScoreTarget target, Split split, Run run) {
    Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), 1, 0, run);
    return References.of(target, suspects, List.of(UnaryOperator.identity()), MODELS, run);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void aNetworkThatKnowsItsRowsByHeartGivesThemAway(
      Attack<?, ScoreTarget, MembershipScores> attack) {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget leaky = Overfitted.on(split.members(), RUN)) {
      attack(attack, leaky, split, RUN.sharing(folder))
          .signals()
          .forEach(
              (name, signal) ->
                  assertThat(Auc.of(signal)).as(name).isGreaterThan(NullAuc.most(ROWS)));
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void aNetworkThatKnowsOtherRowsTellsNothing(Attack<?, ScoreTarget, MembershipScores> attack) {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget innocent = Overfitted.on(Overfitted.digits("strangers", ROWS, RUN), RUN)) {
      attack(attack, innocent, split, RUN.sharing(folder))
          .signals()
          .forEach(
              (name, signal) ->
                  assertThat(Auc.of(signal))
                      .as(name)
                      .isBetween(NullAuc.least(ROWS), NullAuc.most(ROWS)));
    }
  }

  /** Some of these rows bear a wrong label: strangers err there, and only members do not. */
  @Test
  void referencesBeatTheGlobalThreshold() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget leaky = Overfitted.on(split.members(), RUN)) {
      MembershipThreshold threshold = new MembershipThreshold();
      double global =
          Auc.of(signal(threshold.run(leaky, split, threshold.defaults(), RUN), "loss"));
      double lira = Auc.of(signal(attack(new MembershipLira(), leaky, split, RUN), "online"));
      assertThat(lira).isGreaterThan(global);
    }
  }

  @Test
  void ofTwoReferencesATrajectoryDistilsBoth() {
    ReferenceSettings two =
        new ReferenceSettings(2, Optional.empty(), 1, 20, 0.01, OptionalInt.empty());
    MembershipTrajectory.Settings usual = new MembershipTrajectory().defaults();
    MembershipTrajectory.Settings settings =
        new MembershipTrajectory.Settings(two, usual.distilled(), usual.distillation());
    assertThat(usual.shadows()).isEqualTo(usual.distilled());
    assertThat(settings.shadows()).isEqualTo(2);
  }

  @Test
  void referencesAreOfTheArchitectureThatIsAskedFor() {
    ReferenceSettings asked =
        new ReferenceSettings(2, Optional.of(Blueprint.LENET), 1, 20, 0.01, OptionalInt.empty());
    Split split = Overfitted.split(30, RUN);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), 1, 0, RUN);
      ReferenceModels lenets = ReferenceModels.of(target, suspects, new double[60], asked, RUN);
      assertThat(lenets.ofOwnGraph()).isFalse();
      assertThat(lenets.note())
          .isEqualTo(
              "2 reference models of the architecture lenet, as asked, 1 epoch each by Adam at"
                  + " 0.01, batch 20");
    }
  }

  @Test
  void anArchitectureThatAnswersOtherwiseIsRefused() {
    Optional<Blueprint> coder = Optional.of(Blueprint.AUTOENCODER);
    assertThatThrownBy(() -> new ReferenceSettings(2, coder, 1, 1, 0.1, OptionalInt.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--architecture");
  }

  @Test
  void everyPersonIsInExactlyHalfOfTheModels() {
    Split split = Overfitted.split(30, RUN);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      References references = references(target, split, RUN);
      assertThat(references.people()).isEqualTo(60);
      for (int i = 0; i < 60; i++) {
        assertThat(references.with(i)).hasSize(4);
        assertThat(references.without(i)).hasSize(4);
      }
    }
  }

  /** Models are surer of rows that they learned from, so the coins are those that they saw. */
  @Test
  void modelsAreSurerOfThoseThatTheyLearnedFrom() {
    Split split = Overfitted.split(100, RUN);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      References references = references(target, split, RUN);
      long surer =
          IntStream.range(0, 200)
              .filter(i -> mean(references.with(i)) > mean(references.without(i)))
              .count();
      // By chance 100 of 200, with a standard deviation of 7.1: beyond 150 once in 10^12.
      assertThat(surer).isGreaterThan(150);
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The references never see who is a member: the other way round they are the same models. */
  @Test
  void modelsDoNotDependOnWhoWasAMember() {
    Split split = Overfitted.split(40, RUN);
    Split turned = Split.of(split.nonMembers(), split.members());
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      References one = references(target, split, RUN);
      References other = references(target, turned, RUN);
      for (int i = 0; i < 80; i++) {
        int there = (i + 40) % 80;
        assertThat(other.target(there)).isEqualTo(one.target(i));
        assertThat(other.with(there)).isEqualTo(one.with(i));
        assertThat(other.without(there)).isEqualTo(one.without(i));
      }
    }
  }

  /** Each score by itself, as the paper's formula has it. */
  @Test
  void liraIsTheRatioOfTwoNormalDensities() {
    Split split = Overfitted.split(30, RUN);
    MembershipLira attack = new MembershipLira();
    MembershipLira.Settings settings = new MembershipLira.Settings(MODELS, 4, 0, false);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      References references = references(target, split, RUN);
      MembershipScores scores = attack.run(target, split, settings, RUN);
      for (int i = 0; i < 30; i++) {
        double with = logDensity(references.with(i), references.target(i));
        double without = logDensity(references.without(i), references.target(i));
        assertThat(signal(scores, "online").members()[i]).isCloseTo(with - without, within(1e-6));
        double z =
            (references.target(i) - mean(references.without(i))) / deviation(references.without(i));
        assertThat(signal(scores, "offline").members()[i]).isCloseTo(z, within(1e-6));
      }
    }
  }

  @Test
  void liraAveragesOverVersionsOfPictures() {
    Split split = Overfitted.split(20, RUN);
    MembershipLira attack = new MembershipLira();
    MembershipLira.Settings settings = new MembershipLira.Settings(MODELS, 4, 1, false);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), 9, 0, RUN);
      References references =
          References.of(target, suspects, attack.versions(settings), MODELS, RUN);
      assertThat(references.versions()).isEqualTo(9);
      double[] offline = signal(attack.run(target, split, settings, RUN), "offline").members();
      for (int i = 0; i < 20; i++) {
        int person = i;
        double mean =
            IntStream.range(0, 9)
                .mapToDouble(
                    v ->
                        (references.target(v, person) - mean(references.without(v, person)))
                            / deviation(references.without(v, person)))
                .average()
                .orElseThrow();
        assertThat(offline[i]).isCloseTo(mean, within(1e-6));
      }
    }
  }

  @Test
  void tablesHaveNoMovedVersions() {
    Dataset members = Patients.draw("members", 20, Task.REGRESSION, RUN);
    Split split = Split.of(members, Patients.draw("others", 20, Task.REGRESSION, RUN));
    MembershipLira.Settings settings = new MembershipLira.Settings(MODELS, 4, 1, false);
    assertThatThrownBy(
            () -> new MembershipLira().run(LinearModel.fit(members), split, settings, RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--shift and --flip are for pictures");
  }

  /** The report says what the target was compared with. */
  @Test
  void theEvidenceSaysHowTheModelsCameAbout() {
    Split split = Overfitted.split(20, RUN);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      MembershipR attack = new MembershipR();
      assertThat(attack.run(target, split, attack.small(), RUN).notes())
          .containsExactly(
              "4 reference models of the model's own graph with fresh weights, 5 epochs each by"
                  + " Adam at 0.003, batch 32");
    }
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(Arrays.stream(values).map(v -> Math.pow(v - mean, 2)).sum() / values.length);
  }

  private static double logDensity(double[] values, double at) {
    double deviation = deviation(values);
    return Math.log(
        Math.exp(-Math.pow((at - mean(values)) / deviation, 2) / 2)
            / (deviation * Math.sqrt(2 * Math.PI)));
  }

  /** Each score by itself: pairs of people are counted, as the paper's definition has it. */
  @Test
  void rmiaCountsThePeopleWhoseRatioIsExceeded() {
    Split split = Overfitted.split(20, RUN);
    MembershipRmia attack = new MembershipRmia();
    MembershipRmia.Settings settings = new MembershipRmia.Settings(MODELS, 1.2, 0.5);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      References references = references(target, split, RUN);
      double[] ratios = new double[40];
      for (int i = 0; i < 40; i++) {
        double[] all =
            DoubleStream.concat(
                    Arrays.stream(references.with(i)), Arrays.stream(references.without(i)))
                .map(ReferenceAttacksTest::p)
                .toArray();
        ratios[i] = p(references.target(i)) / mean(all);
      }
      MembershipScores scores = attack.run(target, split, settings, RUN);
      for (int i = 0; i < 20; i++) {
        double own = ratios[i];
        double share = Arrays.stream(ratios).filter(z -> own / z >= 1.2).count() / 40.0;
        // A ratio at the very bound may fall on either side.
        assertThat(signal(scores, "online").members()[i]).isCloseTo(share, within(1 / 40.0));
      }
    }
  }

  private static double p(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  @Test
  void modelsOnceTrainedAreFoundAgain() throws IOException {
    Split split = Overfitted.split(30, RUN);
    Run sharing = RUN.sharing(folder);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      References fresh = references(target, split, sharing.keyed("one attack"));
      List<Path> kept = models();
      assertThat(kept).hasSize(8);
      Files.delete(kept.get(3));
      References again = references(target, split, sharing.keyed("another attack"));
      assertThat(models()).hasSize(8);
      for (int i = 0; i < 60; i++) {
        assertThat(again.with(i)).isEqualTo(fresh.with(i));
      }
    }
  }

  private List<Path> models() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  @Test
  void answersOfZeroAndOneGiveFiniteScores() {
    Split split = Overfitted.split(50, RUN);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      ScoreTarget sure = CountingTarget.of(target, Answers.EXACT, p -> p.map(Math::rint));
      for (Attack<?, ScoreTarget, MembershipScores> attack : attacks()) {
        attack(attack, sure, split, RUN.sharing(folder))
            .signals()
            .forEach(
                (name, signal) ->
                    assertThat(
                            DoubleStream.concat(
                                Arrays.stream(signal.members()),
                                Arrays.stream(signal.nonMembers())))
                        .as(name)
                        .allMatch(Double::isFinite));
      }
    }
  }

  @Test
  void aRegressorWithoutAGraphIsImitatedByANetwork() {
    Dataset members = Patients.draw("members", 40, Task.REGRESSION, RUN);
    Dataset others = Patients.draw("others", 40, Task.REGRESSION, RUN);
    Dataset population = Patients.draw("public", 100, Task.REGRESSION, RUN);
    Split split = new Split(members, others, Optional.of(population), Optional.empty());
    assertThat(new MembershipShadow().refusal(split))
        .contains("needs a model that names classes, and rows labelled with them");
    List<Attack<?, ScoreTarget, MembershipScores>> able =
        attacks().stream().filter(attack -> attack.refusal(split).isEmpty()).toList();
    assertThat(able).hasSize(4);
    for (Attack<?, ScoreTarget, MembershipScores> attack : able) {
      MembershipScores scores =
          attack(attack, LinearModel.fit(members), split, RUN.sharing(folder));
      scores
          .signals()
          .forEach(
              (name, signal) ->
                  assertThat(Auc.of(signal))
                      .as(name)
                      .isBetween(NullAuc.least(40), NullAuc.most(40)));
    }
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertThatThrownBy(
            () -> new ReferenceSettings(1, Optional.empty(), 0, 1, 0.1, OptionalInt.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--references must be between 2 and 4096, but is 1");
    assertThatThrownBy(() -> new MembershipRmia.Settings(MODELS, 0.5, 0.3))
        .hasMessageStartingWith("--gamma must be between 1 and");
  }
}
