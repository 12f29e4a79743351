package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.PolicingTarget;
import io.afterimage.base.BadInputException;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.ScoreTarget;
import io.afterimage.tensor.NoLeakedTensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
    return List.of(new LatentCma(), new Mirror(), new C2fMi(), new BrepMi());
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

  @ParameterizedTest
  @MethodSource("attacks")
  void aSpentBudgetLeavesWhatWasFound(Attack<?, ?, ?> attack) {
    PolicingTarget free = target(attack, OptionalLong.empty());
    run(attack, free, "2");
    PolicingTarget half = target(attack, OptionalLong.of(free.asked() / 2));
    assertThat(run(attack, half, "2").count()).isEqualTo(20);
    assertThat(half.asked()).isLessThanOrEqualTo(free.asked() / 2);
  }

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
    assertThat(few.count()).isEqualTo(3);
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
    Record settings = SettingsForm.of(attack.small()).with(Map.of("restarts", restarts));
    return (Reconstructions)
        Attacks.run(
            attack, target, PrivateDigits.SPLIT, settings, PrivateDigits.RUN.sharing(folder));
  }
}
