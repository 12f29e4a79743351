package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

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
      inRange("steps of a schedule", every, 1, Long.MAX_VALUE);
      inRange("--decay-factor", factor, Double.MIN_VALUE, 1);
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
      inRange("--warm-up", steps, 0, Long.MAX_VALUE);
    }

    @Override
    public double at(long step, long all) {
      return step < steps
          ? (step + 1.0) / (steps + 1.0)
          : then.at(step - steps, Math.max(1, all - steps));
    }
  }
}
