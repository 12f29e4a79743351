package io.afterimage.bench;

import io.afterimage.assess.Metric;
import io.afterimage.assess.PooledRuns;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Figures of tables, in percent with their intervals. */
final class Percent {
  private Percent() {}

  /** A difference. */
  static String of(Metric metric) {
    return text(value(metric.value()), value(metric.low()), value(metric.high()));
  }

  /** A share: its interval ends at 0 and 1. */
  static String share(PooledRuns runs) {
    Metric mean = runs.mean();
    double low = Math.max(0, value(mean.low()));
    return text(value(mean.value()), low, Math.min(1, value(mean.high())));
  }

  private static double value(@Nullable Double value) {
    return Objects.requireNonNull(value);
  }

  private static String text(double value, double low, double high) {
    return String.format(Locale.ROOT, "%.1f%% [%.1f, %.1f]", 100 * value, 100 * low, 100 * high);
  }
}
