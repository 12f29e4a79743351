package io.afterimage.attack.inversion.latent;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.picture.Descending;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Schedule;

/**
 * How latent vectors are moved with the target's gradients.
 *
 * @param steps of each
 * @param learningRate of the optimiser
 * @param restarts pictures for each class
 * @param batch pictures that are worked on side by side
 */
public record Walk(
    @Setting("steps of each vector") int steps,
    @Setting("learning rate, or length of a step") double learningRate,
    @Setting("pictures for each class") int restarts,
    @Setting("at most so many pictures side by side, but one of each class") int batch) {
  public Walk {
    inRange("--steps", steps, 1, 1_000_000);
    above("--learning-rate", learningRate, 0, 1e6);
    inRange("--restarts", restarts, 1, 10_000);
    inRange("--batch", batch, 1, 100_000);
  }

  /** These steps by Adam, at one rate. */
  public Descending byAdam() {
    return new Descending(Optimiser.Adam.of(learningRate), new Schedule.Constant(), steps);
  }
}
