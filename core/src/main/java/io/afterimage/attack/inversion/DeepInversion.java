package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.picture.PixelRange;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.graph.NormalisedChannels;
import io.afterimage.target.GradientTarget;
import java.util.List;
import java.util.Optional;

/**
 * Rebuilds pictures of each class from what batch normalisation remembers: descends until inner
 * values have the means and variances that the training data had.
 *
 * <p>Yin, Molchanov, Alvarez, Li, Mallya, Hoiem, Jha, Kautz: Dreaming to Distill: Data-free
 * Knowledge Transfer via DeepInversion, CVPR 2020. The cost of a batch is its cross-entropy, plus
 * for each batch normalisation the distances (Euclidean, over channels) of the batch's means and
 * variances from the stored ones, plus roughness and size of the pictures; pictures are shifted at
 * random before every step. Needs no prior. Pictures of one batch share the statistics, so a batch
 * holds all classes alike.
 *
 * <p>Departs from the paper in that roughness and size are means over pixels, in widths of their
 * range, and that no second network (its "adaptive" form) is consulted.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class DeepInversion
    implements Attack<DeepInversion.Settings, GradientTarget, Reconstructions> {
  private static final String ID = "deep-inversion";

  /**
   * The settings.
   *
   * @param steps of each picture
   * @param learningRate of Adam, in widths of the pixels' range
   * @param normalisation weight of the distances of means and variances
   * @param totalVariation weight of roughness
   * @param size weight of the mean square of pixels
   * @param shift pixels by which pictures are shifted at most
   * @param restarts pictures for each class
   * @param batch pictures that descend side by side
   * @param pixels between what pixels lie
   */
  public record Settings(
      @Setting("steps of each picture") int steps,
      @Setting("learning rate of Adam, in widths of the input's range") double learningRate,
      @Setting("weight of the distances from the means and variances that the model remembers")
          double normalisation,
      @Setting("weight of the mean difference between neighbouring pixels") double totalVariation,
      @Setting("weight of the mean square of the pixels, in widths of their range") double size,
      @Setting("pixels by which pictures are shifted at random before each step") int shift,
      @Setting("pictures for each class") int restarts,
      @Setting("at most so many pictures descend side by side, but one of each class") int batch,
      PixelRange pixels) {
    public Settings {
      inRange("--steps", steps, 1, 1_000_000);
      above("--learning-rate", learningRate, 0, 1e3);
      inRange("--normalisation", normalisation, 0, 1e9);
      inRange("--total-variation", totalVariation, 0, 1e9);
      inRange("--size", size, 0, 1e9);
      inRange("--shift", shift, 0, 1_000);
      inRange("--restarts", restarts, 1, 10_000);
      inRange("--batch", batch, 1, 100_000);
    }
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        ID,
        "rebuilds inputs whose inner values are distributed as those of the training data",
        "Yin, Molchanov, Alvarez, Li, Mallya, Hoiem, Jha, Kautz, CVPR 2020",
        Family.INVERSION,
        Access.GRADIENTS,
        "the model's weights, the averages of its batch normalisation among them",
        true,
        "whoever holds the model can draw pictures like those that it was trained on");
  }

  @Override
  public Settings defaults() {
    return settings(1000, 2, 10);
  }

  @Override
  public Settings small() {
    return settings(100, 0, 2);
  }

  private static Settings settings(int steps, int shift, int restarts) {
    return new Settings(steps, 0.05, 0.1, 0.03, 0, shift, restarts, 512, PixelRange.AS_SEEN);
  }

  @Override
  public Class<GradientTarget> target() {
    return GradientTarget.class;
  }

  @Override
  public Optional<String> unsuited(GradientTarget target) {
    return remembered(target).isEmpty()
        ? Optional.of(
            "needs batch normalisation whose averages are in the file; exporters fold it away")
        : Optional.empty();
  }

  /** Those among its layers. */
  private static List<NormalisedChannels> remembered(GradientTarget target) {
    return target.architecture().stream()
        .flatMap(model -> NormalisedChannels.of(model).stream())
        .filter(normalised -> target.layers().contains(normalised.value()))
        .toList();
  }

  @Override
  public Reconstructions run(GradientTarget target, Split split, Settings settings, Run run) {
    Optional<String> unsuited = unsuited(target);
    check(unsuited.isEmpty(), "%s %s", ID, unsuited.orElse(""));
    return new RememberedPictures(target, remembered(target), split, settings, run)
        .reconstructions();
  }
}
