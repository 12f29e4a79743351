package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.Attack;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.PolicingWhiteBox;
import io.afterimage.attack.fixture.SoftmaxModel;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.QueryMeter;
import io.afterimage.tensor.NoLeakedTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks whose generators learn from what the target says of public pictures. */
@ExtendWith(NoLeakedTensors.class)
class TaughtPriorsTest {
  private static final int PUBLIC = PrivateDigits.SPLIT.population().orElseThrow().rows();

  @TempDir static Path folder;

  static List<Attack<?, GradientTarget, Reconstructions>> attacks() {
    return List.of(new KedMi(), new PlgMi());
  }

  private static <S extends Record> Reconstructions run(
      Attack<S, GradientTarget, Reconstructions> attack,
      GradientTarget target,
      Map<String, String> changed,
      Path kept) {
    return attack.run(
        target,
        PrivateDigits.SPLIT,
        SettingsForm.of(attack.small()).with(changed),
        PrivateDigits.RUN.sharing(kept));
  }

  /** The paper's ablation: by the class told alone, before the search has gone anywhere. */
  @Test
  void pseudoLabelsTellTheGeneratorWhereToLook() {
    Map<String, String> briefly = Map.of("restarts", "4", "steps", "1");
    Map<String, String> untold = Map.of("restarts", "4", "steps", "1", "pseudo-labels", "false");
    Reconstructions with = run(new PlgMi(), PrivateDigits.TARGET, briefly, folder);
    Reconstructions without = run(new PlgMi(), PrivateDigits.TARGET, untold, folder);
    assertThat(LookAlikes.of(with, with.pixels(), PrivateDigits.MEMBERS)).isGreaterThan(34);
    assertThat(LookAlikes.of(without, without.pixels(), PrivateDigits.MEMBERS)).isLessThan(16);
  }

  /** Two draws of a class's Gaussian differ, and single vectors end elsewhere. */
  @Test
  void withoutItsDistributionKedMiFindsOtherPicturesOfTheClasses() {
    Reconstructions with = run(new KedMi(), PrivateDigits.TARGET, Map.of(), folder);
    Reconstructions without =
        run(new KedMi(), PrivateDigits.TARGET, Map.of("distribution", "false"), folder);
    assertThat(with.picture(0)).isNotEqualTo(with.picture(1));
    assertThat(without.pixels()).isNotEqualTo(with.pixels());
    assertThat(without.start()).isEqualTo(with.start());
    assertThat(LookAlikes.of(without, without.pixels(), PrivateDigits.MEMBERS)).isGreaterThan(16);
  }

  /** The baseline never asked the target: it is that of any attack on such a generator. */
  @ParameterizedTest
  @MethodSource("attacks")
  void whatItStartsFromKnowsNothingOfTheTarget(Attack<?, GradientTarget, Reconstructions> attack) {
    float[] gmi = run(new Gmi(), PrivateDigits.TARGET, Map.of(), folder).start();
    assertThat(run(attack, PrivateDigits.TARGET, Map.of(), folder).start()).isEqualTo(gmi);
  }

  /** Public pictures are asked about once each, also where the prior was found again. */
  @ParameterizedTest
  @MethodSource("attacks")
  void eachPublicPictureIsAskedAboutOnce(Attack<?, GradientTarget, Reconstructions> attack) {
    for (int i = 0; i < 2; i++) {
      PolicingWhiteBox target = new PolicingWhiteBox(PrivateDigits.TARGET, OptionalLong.empty(), 1);
      run(attack, target, Map.of(), folder);
      assertThat(target.asked()).isEqualTo(PUBLIC);
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void aBudgetShortOfThatIsSaid(Attack<?, GradientTarget, Reconstructions> attack) {
    QueryMeter meter = QueryMeter.of(PUBLIC - 1);
    GradientTarget target =
        (GradientTarget) MeteredTarget.of((LabelTarget) PrivateDigits.TARGET, meter);
    assertThatThrownBy(() -> run(attack, target, Map.of(), folder))
        .isInstanceOf(BudgetExhaustedException.class)
        .hasMessageContaining("--query-budget is " + (PUBLIC - 1));
    assertThat(meter.spent()).isZero();
  }

  /** Another target's prior is another one; the same target's is found again. */
  @ParameterizedTest
  @MethodSource("attacks")
  void noOtherTargetFindsThePrior(
      Attack<?, GradientTarget, Reconstructions> attack, @TempDir Path own) throws IOException {
    GradientTarget other =
        SoftmaxModel.fit(PrivateDigits.MEMBERS, Digits.CLASSES, Digits.SHAPE, 99);
    Map<String, String> briefly = Map.of("prior-epochs", "2", "steps", "1");
    run(attack, PrivateDigits.TARGET, briefly, own);
    assertThat(models(own)).isEqualTo(4);
    run(attack, PrivateDigits.TARGET, briefly, own);
    assertThat(models(own)).isEqualTo(4);
    run(attack, other, briefly, own);
    assertThat(models(own)).isEqualTo(6);
  }

  private static long models(Path own) throws IOException {
    try (Stream<Path> files = Files.list(own)) {
      return files.filter(file -> file.toString().endsWith(".onnx")).count();
    }
  }

  @Test
  void priorsThatCannotLearnFromATargetAreRefused() {
    refused(new KedMi(), Map.of("prior-kind", "vae"), "--prior-kind must be dcgan");
    refused(new KedMi(), Map.of("prior-kind", "wgan-gp"), "but is WGAN_GP");
    refused(new KedMi(), Map.of("generator", "my.onnx"), "--generator never learned");
    refused(new PlgMi(), Map.of("prior-kind", "vae"), "--prior-kind vae has no critic");
    refused(new PlgMi(), Map.of("generator", "my.onnx"), "or add --pseudo-labels false");
    refused(new PlgMi(), Map.of("top", "0"), "--top");
    assertThatThrownBy(() -> run(new PlgMi(), PrivateDigits.TARGET, Map.of("top", "401"), folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--top");
    assertThat(
            SettingsForm.of(new PlgMi().small())
                .with(Map.of("prior-kind", "vae", "pseudo-labels", "false")))
        .isNotNull();
  }

  private static <S extends Record> void refused(
      Attack<S, ?, ?> attack, Map<String, String> changed, String why) {
    assertThatThrownBy(() -> SettingsForm.of(attack.small()).with(changed))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(why);
  }
}
