package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.picture.Codes;
import io.afterimage.attack.inversion.picture.KnownPixels;
import io.afterimage.attack.inversion.picture.PixelRange;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.Task;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * MI-Face: for each class, the input that the target is surest about, by gradient descent on 1 -
 * p(class | x).
 *
 * <p>Fredrikson, Jha, Ristenpart: Model Inversion Attacks that Exploit Confidence Information and
 * Basic Countermeasures, CCS 2015, algorithm 1, with its settings for faces. A picture is done
 * where its cost is at least the greatest of the last beta, which begins once there are beta of
 * them, where the paper is silent; what is reported is the picture of least cost. Departs from it
 * in three points. All classes and restarts descend in one batch, each stopping by its own rule,
 * because one face at a time leaves the matrix product idle. The rule that stops at a sure target
 * reads {@code confidence >= stopAt}; printed as a bound on the cost of 0.99 it would stop at the
 * first step. Steps are measured in the width of the input's range, so that the same rate serves
 * pixels of 0 to 1 and of 0 to 255.
 *
 * <p>A target that reads the code of an autoencoder (the paper's stacked denoising autoencoder) is
 * attacked in its codes where the decoder is given: algorithm 2, see {@link Codes}. It starts at
 * the code of the picture that the start's code shows.
 *
 * <p>Shapes: x is [classes * restarts, ...input], p is [classes * restarts, classes].
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MiFace implements Attack<MiFace.Settings, GradientTarget, Reconstructions> {

  /**
   * The settings; steps to learningRate are the paper's alpha, beta, gamma and lambda.
   *
   * @param steps at most so many steps for each picture
   * @param patience a picture is done where its cost is at least the greatest of its last so many
   * @param stopAt a picture is done once the target is so sure; above 1 is never
   * @param learningRate length of a step; empty for the paper's, and for a long one among codes
   * @param momentum share of the last step that is taken again
   * @param start the picture to start from
   * @param knownPixels the partly known picture of {@code start}
   * @param restarts pictures for each class
   * @param pixels between what pixels lie
   * @param totalVariation weight of the picture's roughness in the cost
   * @param denoiseEvery steps between one denoising and the next
   * @param noise what denoising takes for noise
   * @param decoder of the autoencoder by whose codes the target tells classes apart
   * @param layer the target's values that the decoder takes
   * @param batch pictures that descend side by side
   */
  public record Settings(
      @Setting("at most so many steps for each picture") int steps,
      @Setting("stop a picture where its cost is no lower than the greatest of its last so many")
          int patience,
      @Setting("stop a picture once the target is so sure; above 1: never") double stopAt,
      @Setting(
              "length of a step, in widths of the input's range, or along codes; by default 0.1, and"
                  + " 1000 with --decoder")
          OptionalDouble learningRate,
      @Setting("share of the last step that is taken again, below 1") double momentum,
      @Setting("the picture to start from") Start start,
      KnownPixels knownPixels,
      @Setting("pictures for each class; more than one needs --start noise") int restarts,
      PixelRange pixels,
      @Setting("weight of the mean difference between neighbouring pixels in the cost")
          double totalVariation,
      @Setting(
              "denoise and sharpen after every so many steps; 0: never; by default after each one"
                  + " with --decoder, else never")
          OptionalInt denoiseEvery,
      @Setting("difference of pixels that denoising takes for noise, in widths of the range")
          double noise,
      @Setting("ONNX file that makes pictures of the target's codes: steps then move codes")
          Optional<Path> decoder,
      @Setting("inner value that --decoder takes; by default the layer before the scores")
          Optional<String> layer,
      @Setting("at most so many pictures descend side by side; bounds memory") int batch) {
    public Settings {
      inRange("--steps", steps, 1, 1_000_000);
      inRange("--patience", patience, 1, 10_000);
      inRange("--stop-at", stopAt, 0, 2);
      inRange("--learning-rate", learningRate.orElse(1), 1e-9, 1e9);
      inRange("--momentum", momentum, 0, 0.999);
      inRange("--restarts", restarts, 1, 10_000);
      inRange("--total-variation", totalVariation, 0, 1e9);
      inRange("--denoise-every", denoiseEvery.orElse(0), 0, 1_000_000);
      inRange("--noise", noise, 1e-6, 1e6);
      inRange("--batch", batch, 1, 100_000);
      check(
          knownPixels.partial().isPresent() == (start == Start.PARTIAL),
          "--start partial, --partial and --known need each other");
      check(layer.isEmpty() || decoder.isPresent(), "--layer is of the codes that --decoder takes");
      check(
          restarts == 1 || start == Start.NOISE,
          "--restarts must be 1 unless --start is noise, but is %d: all would be alike",
          restarts);
    }

    /** Codes lie where sigmoids are nearly flat: gradients along them are small. */
    double rate() {
      return learningRate.orElse(decoder.isPresent() ? 1000 : 0.1);
    }

    /** Steps between one denoising and the next; 0 for never. The paper denoises decoded codes. */
    int denoising() {
      return denoiseEvery.orElse(decoder.isPresent() ? 1 : 0);
    }
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        "mi-face",
        "rebuilds an input for each class by following the model's gradient",
        "Fredrikson, Jha, Ristenpart, CCS 2015",
        Family.INVERSION,
        Access.GRADIENTS,
        "the model's weights and the names of the classes",
        true,
        "whoever holds the model can draw a picture by which a person is recognised");
  }

  @Override
  public Settings defaults() {
    return settings(5000, 100, 0.99);
  }

  @Override
  public Settings small() {
    return settings(100, 20, 0.9);
  }

  /** The paper's settings but for how long it goes on. */
  private static Settings settings(int steps, int patience, double stopAt) {
    return new Settings(
        steps,
        patience,
        stopAt,
        OptionalDouble.empty(),
        0,
        Start.ZERO,
        KnownPixels.NONE,
        1,
        PixelRange.AS_SEEN,
        0,
        OptionalInt.empty(),
        0.1,
        Optional.empty(),
        Optional.empty(),
        512);
  }

  @Override
  public Class<GradientTarget> target() {
    return GradientTarget.class;
  }

  @Override
  public Reconstructions run(GradientTarget target, Split split, Settings settings, Run run) {
    check(
        target.info().task() == Task.CLASSIFICATION,
        "mi-face rebuilds classes, but %s predicts a value",
        target.info().name());
    try (FaceDescent descent = new FaceDescent(target, split, settings, run)) {
      return descent.reconstructions();
    }
  }
}
