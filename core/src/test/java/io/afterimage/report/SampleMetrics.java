package io.afterimage.report;

import io.afterimage.assess.Metric;
import java.util.LinkedHashMap;
import java.util.Map;

/** Figures with intervals as wide as their numbers of people allow. */
final class SampleMetrics {
  private SampleMetrics() {}

  static Metric share(double value, int n) {
    return within(value, 1.96 * Math.sqrt(value * (1 - value) / n), n);
  }

  static Metric within(double value, double spread, int n) {
    return Metric.of(value, Math.max(0, value - spread), Math.min(1, value + spread), n);
  }

  static Map<String, Metric> metrics(String name, Metric metric) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put(name, metric);
    return metrics;
  }

  static Map<String, Metric> metrics(String first, Metric one, String second, Metric other) {
    Map<String, Metric> metrics = metrics(first, one);
    metrics.put(second, other);
    return metrics;
  }
}
