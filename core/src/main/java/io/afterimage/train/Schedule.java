package io.afterimage.train;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.atLeast;

/** How the learning rate changes from step to step. */
public sealed interface Schedule {
  /**
   * The share of the learning rate that a step uses.
   *
   * @param step from 0
   * @param steps in the whole training
   */
  double at(long step, long steps);

  /** All of it, always. */
  record Constant() implements Schedule {
    @Override
    public double at(long step, long steps) {
      return 1;
    }
  }

  /**
   * Multiplied by a factor again and again.
   *
   * @param every steps after which it is, from 1
   * @param factor above 0, to 1
   */
  record Steps(long every, double factor) implements Schedule {
    public Steps {
      atLeast("steps of a schedule", every, 1);
      above("--decay-factor", factor, 0, 1);
    }

    @Override
    public double at(long step, long steps) {
      return Math.pow(factor, (double) Math.floorDiv(step, every));
    }
  }

  /** Half a cosine from 1 to 0 (Loshchilov, Hutter, ICLR 2017, without restarts). */
  record Cosine() implements Schedule {
    @Override
    public double at(long step, long steps) {
      return (1 + Math.cos(Math.PI * step / steps)) / 2;
    }
  }

  /**
   * A straight line up to the full rate, and from there another schedule over the steps left.
   *
   * @param steps of the line, from 0
   */
  record WarmUp(long steps, Schedule then) implements Schedule {
    public WarmUp {
      atLeast("--warm-up", steps, 0);
    }

    @Override
    public double at(long step, long all) {
      return step < steps
          ? (step + 1.0) / (steps + 1.0)
          : then.at(step - steps, Math.max(1, all - steps));
    }
  }
}
