package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.Attack;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.SoftmaxModel;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.NoLeakedTensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attacks that search what a generator of public pictures can make, with the target's gradients.
 */
@ExtendWith(NoLeakedTensors.class)
class LatentAttacksTest {
  private static final Run RUN = Run.of(3);
  private static final Dataset MEMBERS = Digits.draw("members", 400, RUN);
  private static final Split SPLIT =
      new Split(
          MEMBERS,
          Digits.draw("others", 400, RUN),
          Optional.of(Digits.draw("public", 400, RUN)),
          Optional.empty());
  private static final SoftmaxModel TARGET =
      SoftmaxModel.fit(MEMBERS, Digits.CLASSES, Digits.SHAPE, 100);

  @TempDir static Path folder;

  static List<Attack<?, GradientTarget, Reconstructions>> attacks() {
    return List.of(new Gmi(), new Vmi(), new Ppa());
  }

  /** The prior alone draws the right class once in ten; the search finds it nearly always. */
  @ParameterizedTest
  @MethodSource("attacks")
  void whatIsFoundLooksLikeTheClassAndWhatItStartedFromDoesNot(
      Attack<?, GradientTarget, Reconstructions> attack) {
    Reconstructions found = run(attack, Map.of("restarts", "4"), SPLIT);
    assertThat(found.count()).isEqualTo(40);
    assertThat(LookAlikes.of(found, found.pixels(), MEMBERS)).isGreaterThan(32);
    assertThat(LookAlikes.of(found, found.start(), MEMBERS)).isLessThan(14);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void aSmallerBatchStartsFromTheSamePictures(Attack<?, GradientTarget, Reconstructions> attack) {
    Map<String, String> few = Map.of("restarts", "3", "steps", "2");
    Map<String, String> batches = Map.of("restarts", "3", "steps", "2", "batch", "10");
    assertThat(run(attack, batches, SPLIT).start()).isEqualTo(run(attack, few, SPLIT).start());
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void withoutPublicPicturesItIsRefused(Attack<?, GradientTarget, Reconstructions> attack) {
    Split without = Split.of(SPLIT.members(), SPLIT.nonMembers());
    assertThat(attack.refusal(without))
        .contains(
            "needs --population: at least 50 public pictures of the same kind, not 0; or"
                + " --generator");
    assertThat(attack.refusal(SPLIT)).isEmpty();
    assertThatThrownBy(() -> run(attack, Map.of(), without))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(attack.info().id() + " needs --population");
  }

  /** The paper's ablation: without the distance from the prior, vectors leave where it is sure. */
  @Test
  void theDivergenceKeepsVmiNearThePrior() {
    float[] with = run(new Vmi(), Map.of("divergence", "1"), SPLIT).pixels();
    float[] without = run(new Vmi(), Map.of("divergence", "0"), SPLIT).pixels();
    assertThat(sharpness(without)).isGreaterThan(sharpness(with));
  }

  @Test
  void gmiNeedsACritic() {
    assertThatThrownBy(() -> SettingsForm.of(new Gmi().defaults()).with(Map.of("prior", "vae")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--prior vae has no critic, and gmi asks one; give wgan-gp or dcgan");
  }

  private static <S extends Record> Reconstructions run(
      Attack<S, GradientTarget, Reconstructions> attack, Map<String, String> changed, Split split) {
    return attack.run(
        TARGET, split, SettingsForm.of(attack.small()).with(changed), RUN.sharing(folder));
  }

  /** Mean distance of pixels from grey. */
  private static double sharpness(float[] pixels) {
    double sum = 0;
    for (float pixel : pixels) {
      sum += Math.abs(pixel - 0.5);
    }
    return sum / pixels.length;
  }
}
