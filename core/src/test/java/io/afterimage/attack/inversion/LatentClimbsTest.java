package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.PolicingTarget;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Dataset;
import io.afterimage.evidence.Interim;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Stages;
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.tensor.NoLeakedTensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks that search what a generator of public pictures can make, by scores or labels alone. */
@ExtendWith(NoLeakedTensors.class)
class LatentClimbsTest {
  @TempDir static Path folder;

  static List<Attack<?, ?, ?>> attacks() {
    return List.of(
        new LatentCma(), new Mirror(), new C2fMi(), new BrepMi(), new RlbMi(), new Lokt());
  }

  /** Those that come a long way: the first picture of c2f-mi is of the class already. */
  static List<Attack<?, ?, ?>> withStrips() {
    return List.of(new LatentCma(), new Mirror(), new BrepMi());
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void whatIsFoundLooksLikeTheClassAndThePriorsOwnPictureDoesNot(Attack<?, ?, ?> attack) {
    Reconstructions found = run(attack, target(attack, OptionalLong.empty()), "4");
    assertThat(found.count()).isEqualTo(40);
    assertThat(LookAlikes.of(found, found.pixels(), PrivateDigits.MEMBERS)).isGreaterThan(32);
    assertThat(LookAlikes.of(found, found.start(), PrivateDigits.MEMBERS)).isLessThan(14);
  }

  /** What it is given has no gradients, and its curve tells every question. */
  @ParameterizedTest
  @MethodSource("attacks")
  void everyQuestionIsCountedAndNoneIsOfTheWeights(Attack<?, ?, ?> attack) {
    PolicingTarget target = target(attack, OptionalLong.empty());
    assertThat(target).isNotInstanceOf(GradientTarget.class);
    List<CurvePoint> curve = run(attack, target, "2").curve();
    assertThat(curve).isNotEmpty();
    assertThat(curve.get(curve.size() - 1).queries()).isEqualTo(target.asked());
  }

  /** What an attack with that budget hands in; the coarse start of c2f-mi would be another. */
  static List<Attack<?, ?, ?>> withInterim() {
    return List.of(new LatentCma(), new Mirror(), new BrepMi(), new RlbMi());
  }

  @ParameterizedTest
  @MethodSource("withInterim")
  void interimPicturesAreThoseThatFewerQueriesLeave(Attack<?, ?, ?> attack) {
    Reconstructions found = run(attack, target(attack, OptionalLong.empty()), "2");
    Interim interim = found.interim();
    assertThat(interim.queries()).hasSizeGreaterThan(2);
    assertThat(interim.classes()).containsExactly(found.subjects());
    for (int point : new int[] {1, interim.queries().size() - 1}) {
      OptionalLong budget = OptionalLong.of(interim.queries().get(point));
      Reconstructions fewer = run(attack, target(attack, budget), "2");
      int[] surest = fewer.surest();
      for (int c = 0; c < surest.length; c++) {
        assertThat(interim.pictures().get(point * surest.length + c))
            .as("class %d after %s", c, budget)
            .isEqualTo(fewer.picture(surest[c]));
      }
    }
  }

  /** The coarse stage asks before any picture is made; lokt makes them in the end. */
  @Test
  void whereNoPictureIsMadeNoneIsKept() {
    C2fMi coarse = new C2fMi();
    Interim interim = run(coarse, target(coarse, OptionalLong.empty()), "2").interim();
    assertThat(interim.queries().get(0)).isGreaterThan(coarse.small().publicRows());
    Lokt lokt = new Lokt();
    assertThat(run(lokt, target(lokt, OptionalLong.empty()), "2").interim()).isSameAs(Interim.NONE);
  }

  /** One question for each picture of each generation, and none besides. */
  @Test
  void interimPicturesCostNoQuestion() {
    LatentCma attack = new LatentCma();
    PolicingTarget target = target(attack, OptionalLong.empty());
    Reconstructions found = run(attack, target, "2");
    assertThat(found.interim().count()).isPositive();
    PolicingTarget once = target(attack, OptionalLong.empty());
    Map<String, String> oneStep = Map.of("restarts", "2", "steps", "1");
    run(attack, once, SettingsForm.of(attack.small()).with(oneStep));
    assertThat(target.asked())
        .isEqualTo(Arrays.stream(found.steps()).sum() * once.asked() / found.count());
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void aSpentBudgetLeavesWhatWasFound(Attack<?, ?, ?> attack) {
    PolicingTarget free = target(attack, OptionalLong.empty());
    run(attack, free, "2");
    PolicingTarget half = target(attack, OptionalLong.of(free.asked() / 2));
    assertThat(run(attack, half, "2").count()).isEqualTo(20);
    assertThat(half.asked()).isLessThanOrEqualTo(free.asked() / 2);
  }

  /**
   * At least a step of each is shown, and on the way more of them come to look like their class.
   */
  @ParameterizedTest
  @MethodSource("withStrips")
  void stripsLeadToTheClass(Attack<?, ?, ?> attack) {
    Reconstructions found = run(attack, target(attack, OptionalLong.empty()), "2");
    float[] first = new float[found.pixels().length];
    float[] last = new float[found.pixels().length];
    int size = found.shape().size();
    for (int row = 0; row < found.count(); row++) {
      List<Stage> strip = found.stages().of(row);
      assertThat(strip).hasSizeBetween(2, Stages.MOST_OF_EACH);
      assertThat(strip.get(0).steps()).isZero();
      Stage end = strip.get(strip.size() - 1);
      assertThat(end.steps()).isLessThan(found.steps()[row]);
      System.arraycopy(strip.get(0).picture(), 0, first, row * size, size);
      System.arraycopy(end.picture(), 0, last, row * size, size);
      if (attack instanceof LatentCma) {
        assertThat(strip.get(0).picture()).containsExactly(found.startOf(row), within(1e-5f));
      }
    }
    long before = LookAlikes.of(found, first, PrivateDigits.MEMBERS);
    // The walks of brep-mi start inside their class.
    assertThat(before).isLessThan(attack instanceof BrepMi ? 20 : 12);
    assertThat(LookAlikes.of(found, last, PrivateDigits.MEMBERS)).isGreaterThan(before);
  }

  /** Of a class that no draw is labelled with, it has what anyone has, and says so. */
  @Test
  void brepMiStartsFromWhatThePriorGives() {
    BrepMi attack = new BrepMi();
    PolicingTarget target = target(attack, OptionalLong.empty());
    Reconstructions few =
        (Reconstructions)
            Attacks.run(
                attack,
                target,
                PrivateDigits.SPLIT,
                SettingsForm.of(attack.small()).with(Map.of("draws", "3")),
                PrivateDigits.RUN.sharing(folder));
    assertThat(few.subjects()).hasSize(PrivateDigits.TARGET.info().classes().size());
    int found = 0;
    for (int row = 0; row < few.count(); row++) {
      if (few.confidence()[row] == 1) {
        found++;
      } else {
        assertThat(few.steps()[row]).isZero();
        assertThat(few.picture(row)).containsExactly(few.startOf(row));
      }
    }
    assertThat(found).isEqualTo(3);
  }

  @Test
  void brepMiKeepsTheStartsThatTheBudgetReachedFor() {
    BrepMi attack = new BrepMi();
    Reconstructions found =
        (Reconstructions)
            Attacks.run(
                attack,
                target(attack, OptionalLong.of(1500)),
                PrivateDigits.SPLIT,
                SettingsForm.of(attack.small()).with(Map.of("restarts", "500", "draws", "5000")),
                PrivateDigits.RUN.sharing(folder));
    assertThat(found.count()).isBetween(1024 - 500, 1024);
    assertThat(found.steps()).containsOnly(0);
  }

  /** Names whatever it sees alike. */
  private static final class OneName implements LabelTarget {
    @Override
    public TargetInfo info() {
      return PrivateDigits.TARGET.info();
    }

    @Override
    public int[] labels(Dataset rows) {
      return new int[rows.rows()];
    }
  }

  /** Spheres of radius 2 and more grow by 1.3 each: 13 of them hold all that vectors lie in. */
  @Test
  void walksEndWhereTheirClassIsEverywhere() {
    BrepMi attack = new BrepMi();
    Reconstructions found =
        attack.run(
            new OneName(),
            PrivateDigits.SPLIT,
            SettingsForm.of(attack.small()).with(Map.of("steps", "1000")),
            PrivateDigits.RUN.sharing(folder));
    assertThat(Arrays.stream(found.steps()).max().orElseThrow()).isBetween(1, 20);
    assertThat(IntStream.range(1, found.count()).filter(row -> found.classes()[row] > 0))
        .as("classes that are nowhere")
        .hasSize(PrivateDigits.TARGET.info().classes().size() - 1)
        .allMatch(row -> found.confidence()[row] == 0);
    for (float pixel : found.pixels()) {
      assertThat(pixel).isFinite();
    }
  }

  @Test
  void spheresGrow() {
    assertThatThrownBy(() -> SettingsForm.of(new BrepMi().defaults()).with(Map.of("growth", "1")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--growth must be above 1 to 100, but is 1.0");
  }

  private static PolicingTarget target(Attack<?, ?, ?> attack, OptionalLong budget) {
    return new PolicingTarget(
        PrivateDigits.TARGET, attack.info().access(), budget, PrivateDigits.RUN.threads());
  }

  private static Reconstructions run(Attack<?, ?, ?> attack, ScoreTarget target, String restarts) {
    return run(attack, target, SettingsForm.of(attack.small()).with(Map.of("restarts", restarts)));
  }

  private static Reconstructions run(Attack<?, ?, ?> attack, ScoreTarget target, Record settings) {
    return (Reconstructions)
        Attacks.run(
            attack, target, PrivateDigits.SPLIT, settings, PrivateDigits.RUN.sharing(folder));
  }
}
