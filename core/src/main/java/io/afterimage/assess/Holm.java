package io.afterimage.assess;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's correction (Scandinavian Journal of Statistics 1979): among many true hypotheses, the
 * chance that any adjusted p-value falls below a level is at most that level, however the tests
 * depend on each other.
 */
public final class Holm {
  private Holm() {}

  /** The adjusted p-values, in the order of the given ones. */
  public static double[] adjust(double[] p) {
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[p.length];
    double greatest = 0;
    for (int rank = 0; rank < order.length; rank++) {
      greatest = Math.max(greatest, Math.min(1, (p.length - rank) * p[order[rank]]));
      adjusted[order[rank]] = greatest;
    }
    return adjusted;
  }

  /**
   * The p-value of the hypothesis that a figure is at most the bound, read off its interval: the
   * lower half of a 95% interval is taken for that of a normal one. It is below 0.025 just where
   * the lower end lies above the bound.
   */
  public static double atMost(double bound, Metric figure) {
    if (figure.value() == null || figure.low() == null) {
      return 1;
    }
    double above = figure.value() - bound;
    double half = figure.value() - figure.low();
    if (half <= 0) {
      return above > 0 ? 0 : 1;
    }
    return Interval.shareAbove(above / half * Interval.normalAbove(Interval.MISS / 2));
  }

  /** How many times as long half of a 95% interval is where it is to prove at this level. */
  public static double lengthened(double level) {
    return Interval.normalAbove(level) / Interval.normalAbove(Interval.MISS / 2);
  }
}
