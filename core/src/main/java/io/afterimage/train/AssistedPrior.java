package io.afterimage.train;

import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Threads;
import java.util.Locale;
import java.util.Optional;

/**
 * A conditional prior that learned from a target's labels which pictures are of which of its
 * classes, though the public pictures are of none of them (T-ACGAN: Nguyen, Chandrasegaran,
 * Abdollahzadeh, Cheung: Label-Only Model Inversion Attacks via Knowledge Transfer, NeurIPS 2023).
 * The target is asked about every picture that the generator makes while it learns; its critic
 * learns these labels, and becomes a model of the target.
 *
 * <p>Not kept in a folder: what is learned depends on every answer.
 *
 * @param prior told the target's classes
 * @param namer the critic, whose {@link Critics#LOGITS} are of the target's classes; takes the
 *     prior's pictures
 * @param steps of learning that were taken
 */
public record AssistedPrior(Prior prior, OnnxModel namer, long steps) {
  /** Who names pictures. */
  @FunctionalInterface
  public interface Labels {
    /**
     * The class of each picture.
     *
     * @param pictures picture after picture, in the range of those learned from
     * @param wanted the class that each was to be of
     * @throws BudgetExhaustedException where no more will be named; then learning ends
     */
    int[] of(float[] pictures, int[] wanted);
  }

  /**
   * Learns, on one thread, bit-identical for one seed and the same answers.
   *
   * @param settings of a DCGAN
   * @param pictures public ones, one after the other, finite, two at least
   * @param shape of one; see {@link PictureSpace}
   * @param classes how many the target has, 2 or more
   * @param weight of the class beside the deception of the critic, in the generator's loss, from 0
   * @throws BudgetExhaustedException where not one step could be taken
   */
  public static AssistedPrior train(
      PriorSettings settings,
      float[] pictures,
      Shape shape,
      int classes,
      double weight,
      Labels labels,
      Run run) {
    check(
        settings.kind() == PriorSettings.Kind.DCGAN,
        "a prior learns with labels as a DCGAN, but the kind is %s",
        settings.kind());
    atLeast("classes", classes, 2);
    inRange("weight of the class", weight, 0, 1e6);
    PictureSpace.requirePicture(shape);
    int count = pictures.length / shape.size();
    check(count >= 2, "a prior needs 2 pictures at least, but there are %d", count);
    PictureSpace space = PictureSpace.of(pictures, shape, classes);
    float[] unit = space.isUnit() ? pictures : Priors.scaled(pictures, space);
    Examples real = Examples.ofClasses(Architecture.INPUT, unit, shape, new int[count]);
    return Threads.alone(() -> trained(settings, space, real, weight, labels, run));
  }

  private static AssistedPrior trained(
      PriorSettings settings,
      PictureSpace space,
      Examples real,
      double weight,
      Labels labels,
      Run run) {
    PictureSpace unit = space.unit();
    Labels ofUnit =
        space.isUnit()
            ? labels
            : (pictures, wanted) -> labels.of(inRangeOf(space, pictures), wanted);
    try (AssistedStep step =
        new AssistedStep(
            generator(unit, settings, run),
            critic(unit, settings, run),
            real,
            ofUnit,
            weight,
            settings.optimiser(),
            run)) {
      learn(step, real, settings, run);
      OnnxModel generator = generator(space, settings, run).withWeights(step.generator());
      Prior prior =
          new Prior(
              generator, Optional.empty(), space, settings.latent(), origin(settings, real, step));
      OnnxModel namer = critic(space, settings, run).withWeights(step.critic());
      return new AssistedPrior(prior, namer, step.taken());
    }
  }

  /** Ends early where labels run out. */
  private static void learn(AssistedStep step, Examples real, PriorSettings settings, Run run) {
    try {
      Trainer.run(step, real.rows(), settings.training(), run);
    } catch (BudgetExhaustedException e) {
      if (step.taken() == 0) {
        throw e;
      }
    }
  }

  private static float[] inRangeOf(PictureSpace space, float[] unit) {
    float[] own = new float[unit.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = (float) (unit[i] * (space.high() - space.low()) + space.low());
    }
    return own;
  }

  private static OnnxModel generator(PictureSpace of, PriorSettings settings, Run run) {
    return Generators.convolutional(
        of, settings.latent(), settings.filters(), run.keyed("generator"));
  }

  private static OnnxModel critic(PictureSpace of, PriorSettings settings, Run run) {
    return Critics.classifying(of, settings.filters(), run.keyed("critic"));
  }

  private static String origin(PriorSettings settings, Examples real, AssistedStep step) {
    return String.format(
        Locale.ROOT,
        "DCGAN trained on %d public pictures with a target's labels: %d steps, latent length %d, %d filters",
        real.rows(),
        step.taken(),
        settings.latent(),
        settings.filters());
  }
}
