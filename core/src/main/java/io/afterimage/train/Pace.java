package io.afterimage.train;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.inRange;

/**
 * How the learning rate changes, told in epochs.
 *
 * @param curve its course
 * @param every epochs after which {@link Curve#STEP} multiplies it, from 1
 * @param factor by which it does, above 0, to 1
 * @param warmUp steps of the line from 0 up to the full rate, from 0
 */
public record Pace(Curve curve, int every, double factor, int warmUp) {
  /** The courses. */
  public enum Curve {
    CONSTANT,
    STEP,
    COSINE
  }

  /** The full rate, always. */
  public static final Pace CONSTANT = new Pace(Curve.CONSTANT, 30, 0.1, 0);

  public Pace {
    inRange("--decay-every", every, 1, 1_000_000);
    above("--decay-factor", factor, 0, 1);
    inRange("--warm-up", warmUp, 0, 1_000_000_000);
  }

  /** The same, told in steps. */
  Schedule schedule(long stepsAnEpoch) {
    Schedule schedule =
        switch (curve) {
          case CONSTANT -> new Schedule.Constant();
          case STEP -> new Schedule.Steps(every * stepsAnEpoch, factor);
          case COSINE -> new Schedule.Cosine();
        };
    return warmUp == 0 ? schedule : new Schedule.WarmUp(warmUp, schedule);
  }
}
