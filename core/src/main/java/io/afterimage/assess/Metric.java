package io.afterimage.assess;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A figure with the ends of its two-sided 95% interval; the ends are null where it was read off and
 * not estimated. What the data cannot resolve is null, with the reason.
 *
 * @param value the estimate
 * @param low lower end of the interval
 * @param high upper end of the interval
 * @param n privacy units that it rests on
 * @param reason why the value is null, else null
 */
public record Metric(
    @Nullable Double value,
    @Nullable Double low,
    @Nullable Double high,
    int n,
    @Nullable String reason) {

  public static Metric of(double value, double low, double high, int n) {
    return new Metric(value, low, high, n, null);
  }

  /** A figure that is read off and not estimated, so that it has no interval. */
  static Metric observed(double value, int n) {
    return new Metric(value, null, null, n, null);
  }

  /** An advantage as a figure. */
  public static Metric of(Finding.Advantage gain) {
    return new Metric(gain.value(), gain.low(), gain.high(), gain.n(), null);
  }

  /** A figure that this data cannot give. */
  public static Metric unresolved(int n, String reason) {
    return new Metric(null, null, null, n, reason);
  }

  public boolean resolved() {
    return value != null;
  }

  /** The ends of a resolved figure. */
  Interval interval() {
    return new Interval(Objects.requireNonNull(low), Objects.requireNonNull(high));
  }

  /** An increasing function of the figure and of both ends; unresolved stays so. */
  Metric map(DoubleUnaryOperator increasing) {
    if (value == null || low == null || high == null) {
      return this;
    }
    return of(
        increasing.applyAsDouble(value),
        increasing.applyAsDouble(low),
        increasing.applyAsDouble(high),
        n);
  }
}
