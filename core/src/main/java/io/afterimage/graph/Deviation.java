package io.afterimage.graph;

import io.afterimage.graph.Verify.Outcome;
import java.util.OptionalDouble;

/**
 * How far the finite numbers of one output lie apart, and how great the reference's are.
 *
 * @param undefined how many others are NaN on both sides
 * @param onOneSide how many others differ
 */
record Deviation(double difference, double greatest, long undefined, long onOneSide) {
  /** A difference of one step of a quantised output, but for the rounding of the step itself. */
  private static final double ONE_STEP = 1 + 1e-3;

  /** Of numbers of the same count. */
  static Deviation of(double[] theirs, double[] ours) {
    Deviation all = new Deviation(0, 0, 0, 0);
    for (int i = 0; i < theirs.length; i++) {
      all = all.and(of(theirs[i], ours[i]));
    }
    return all;
  }

  // The same infinity on both sides does not differ.
  private static Deviation of(double theirs, double ours) {
    if (Double.isFinite(theirs) && Double.isFinite(ours)) {
      return new Deviation(Math.abs(theirs - ours), Math.abs(theirs), 0, 0);
    }
    boolean same = Double.compare(theirs, ours) == 0;
    return new Deviation(0, 0, same && Double.isNaN(theirs) ? 1 : 0, same ? 0 : 1);
  }

  double relative() {
    return difference / Math.max(1, greatest);
  }

  /** More numbers of the same output. */
  Deviation and(Deviation more) {
    return new Deviation(
        Math.max(difference, more.difference),
        Math.max(greatest, more.greatest),
        undefined + more.undefined,
        onOneSide + more.onOneSide);
  }

  /**
   * What that says of the output.
   *
   * @param step between the numbers that the output can hold, where it is rounded to such
   */
  Outcome outcome(OptionalDouble step) {
    if (onOneSide > 0) {
      return Outcome.DIFFER;
    }
    if (relative() <= Verify.TOLERANCE) {
      return Outcome.AGREE;
    }
    return step.isPresent() && difference <= ONE_STEP * step.getAsDouble()
        ? Outcome.WITHIN_A_STEP
        : Outcome.DIFFER;
  }
}
