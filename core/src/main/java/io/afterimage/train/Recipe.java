package io.afterimage.train;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.below;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.graph.TrainingForm.BatchNorm;
import java.util.Optional;

/**
 * How a network is trained.
 *
 * @param objective what is lessened; empty to take what the labels call for
 * @param labelSmoothing share of each label that is spread over all classes, 0 to below 1
 * @param huberDelta difference from which {@link Objective#HUBER} is linear, above 0
 * @param pace how the learning rate changes
 * @param epochs passes over the members, from 1
 * @param batch rows a step; empty for 64, or all if there are fewer
 * @param patience epochs without a lower loss after which training ends and the best weights are
 *     taken; 0 for never
 * @param clipNorm the greatest norm of all gradients together, 0 for any
 * @param batchNorm where batch normalisation is put back
 * @param dropout probability with which an input of a hidden dense layer is dropped
 * @param augmentation how pictures vary
 * @param noise deviation of the noise on inputs, 0 for none
 */
public record Recipe(
    Optional<Objective> objective,
    double labelSmoothing,
    double huberDelta,
    Optimiser optimiser,
    Pace pace,
    int epochs,
    Optional<Integer> batch,
    int patience,
    double clipNorm,
    BatchNorm batchNorm,
    double dropout,
    Augmentation augmentation,
    double noise) {
  private static final int USUAL_BATCH = 64;

  public Recipe {
    new Trainer.Settings(epochs, batch.orElse(USUAL_BATCH), patience, 0);
    below("--label-smoothing", labelSmoothing, 0, 1);
    above("--huber-delta", huberDelta, 0, 1e12);
    atLeast("--clip-norm", clipNorm, 0);
    below("--dropout", dropout, 0, 1);
    inRange("--noise", noise, 0, 1e6);
    check(
        labelSmoothing == 0 || objective.filter(o -> o != Objective.CROSS_ENTROPY).isEmpty(),
        "--label-smoothing is for --loss cross-entropy");
  }

  /** So many epochs by this optimiser and nothing else. */
  public static Recipe of(Optimiser optimiser, int epochs) {
    return new Recipe(
        Optional.empty(),
        0,
        1,
        optimiser,
        Pace.CONSTANT,
        epochs,
        Optional.empty(),
        0,
        0,
        BatchNorm.NONE,
        0,
        Augmentation.NONE,
        0);
  }

  /** The same with what is lessened, and how many rows a step takes, said. */
  Recipe told(Objective lessened, int size) {
    return new Recipe(
        Optional.of(lessened),
        labelSmoothing,
        huberDelta,
        optimiser,
        pace,
        epochs,
        Optional.of(size),
        patience,
        clipNorm,
        batchNorm,
        dropout,
        augmentation,
        noise);
  }

  /** The same told for so many rows. */
  Trainer.Settings settings(int rows) {
    int size = batch.orElse(Math.min(USUAL_BATCH, rows));
    check(size <= rows, "--batch-size is %d, but --members has %d rows; lower it", size, rows);
    return new Trainer.Settings(epochs, size, patience, 0);
  }
}
