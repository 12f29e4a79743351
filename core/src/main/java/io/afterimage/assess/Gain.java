package io.afterimage.assess;

import io.afterimage.assess.Finding.Advantage;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * An attack's gain over one baseline.
 *
 * @param ends its interval that misses with the given chance, both sides together
 */
record Gain(String baseline, double value, DoubleFunction<Interval> ends) {

  /**
   * The gain over the best baseline: the least of all. Its lower end is the least of the lower
   * ends, which needs no correction. Its upper end is the least of the upper ends, each at its
   * share of the error (Bonferroni), so that no baseline that was lucky makes a leak look small.
   */
  static Advantage overBest(List<Gain> gains, int people) {
    Gain best = gains.stream().min(Comparator.comparingDouble(Gain::value)).orElseThrow();
    double low = gains.stream().mapToDouble(g -> g.among(1).low()).min().orElseThrow();
    double high = gains.stream().mapToDouble(g -> g.among(gains.size()).high()).min().orElseThrow();
    return new Advantage(best.value, low, Math.min(1, high), people, best.baseline);
  }

  private Interval among(int compared) {
    return ends.apply(Interval.MISS / compared);
  }

  /** The gain in area over another curve of the same people, (a - b) / (1 - b), by DeLong. */
  static Gain inArea(String baseline, Roc attack, Roc other) {
    double missed = 1 - attack.area();
    double otherMissed = 1 - other.area();
    double variance =
        variance(attack.memberInfluence(), other.memberInfluence(), missed, otherMissed)
            + variance(
                attack.nonMemberInfluence(), other.nonMemberInfluence(), missed, otherMissed);
    double gain = 1 - missed / otherMissed;
    return new Gain(
        baseline,
        gain,
        miss -> {
          double reach = Interval.normalAbove(miss / 2) * Math.sqrt(variance);
          return new Interval(gain - reach, gain + reach);
        });
  }

  /** What one role adds to the variance of 1 - missed / otherMissed, to first order. */
  private static double variance(
      double[] attack, double[] other, double missed, double otherMissed) {
    double[] influence = new double[attack.length];
    for (int unit = 0; unit < attack.length; unit++) {
      influence[unit] =
          attack[unit] / otherMissed - other[unit] * missed / (otherMissed * otherMissed);
    }
    return Interval.variance(influence, 1);
  }
}
