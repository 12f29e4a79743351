package io.afterimage.report.page;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Metric;
import io.afterimage.policy.Verdict.GateResult;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A figure as the page prints it: the number, its interval, and both in words for who hovers or
 * listens.
 *
 * @param n privacy units that it rests on; 0 where that is not said
 * @param reason why there is no value
 */
record Figure(
    Unit unit,
    @Nullable Double value,
    @Nullable Double low,
    @Nullable Double high,
    int n,
    @Nullable String reason) {

  /** A metric of this name. */
  static Figure of(String name, Metric metric) {
    return new Figure(
        Names.unit(name), metric.value(), metric.low(), metric.high(), metric.n(), metric.reason());
  }

  /** A metric by name out of several; null where there is none. */
  static @Nullable Figure of(String name, Map<String, Metric> metrics) {
    Metric metric = metrics.get(name);
    return metric == null ? null : of(name, metric);
  }

  /** A baseline of this name, in the unit of its metric: the finding's main one, or its own. */
  static Figure baseline(String name, Finding finding) {
    Optional<String> own = Names.metricOf(name);
    if (own.isPresent()) {
      return of(own.get(), Objects.requireNonNull(finding.baselines().get(name)));
    }
    String main =
        Names.telling(finding.family()).stream()
            .filter(finding.metrics()::containsKey)
            .findFirst()
            .orElse(name);
    Metric metric = Objects.requireNonNull(finding.baselines().get(name));
    return new Figure(
        Names.unit(main), metric.value(), metric.low(), metric.high(), metric.n(), metric.reason());
  }

  /** An advantage, a share. */
  static Figure of(Advantage advantage) {
    return new Figure(
        Unit.SHARE, advantage.value(), advantage.low(), advantage.high(), advantage.n(), null);
  }

  /** What a gate measured. */
  static Figure of(GateResult gate) {
    return new Figure(
        Names.unit(gate.gate()), gate.value(), gate.low(), gate.high(), 0, "nothing was measured");
  }

  /** A bare number without an interval. */
  static Figure bare(Unit unit, double value) {
    return new Figure(unit, value, null, null, 0, null);
  }

  /** The same figure read in another unit. */
  Figure in(Unit other) {
    return new Figure(other, value, low, high, n, reason);
  }

  boolean resolved() {
    return value != null;
  }

  boolean hasInterval() {
    return low != null && high != null && low < high;
  }

  /** The value: 0.42%. */
  String text() {
    return value == null ? "not resolved" : unit.text(value);
  }

  /** An end of the interval. */
  String text(double end) {
    return unit.text(end);
  }

  /** The figure, its interval and what it rests on, as a sentence would say it. */
  String words() {
    String interval =
        !hasInterval() || low == null || high == null
            ? ""
            : "; the 95%% interval runs from %s to %s".formatted(text(low), text(high));
    return text() + interval + (n > 1 ? "; from " + Unit.NUMBER.text(n) + " people" : "");
  }
}
