package io.afterimage.policy;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Severity;
import io.afterimage.assess.Status;
import io.afterimage.base.Access;
import io.afterimage.base.Family;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Inputs of a verdict, made gate by gate. Without a change, nothing leaks and all was looked at.
 */
final class Inputs {
  private final Map<Gate, Metric> figures = new EnumMap<>(Gate.class);
  private final Map<Gate, String> absent = new EnumMap<>(Gate.class);
  private final List<Finding> more = new ArrayList<>();
  private final List<Check> checks = new ArrayList<>();
  private final List<String> conditions = new ArrayList<>();
  private Optional<ClaimTest> claim = Optional.empty();
  private int references = 1000;

  private Inputs() {
    figures.put(Gate.MEMBERSHIP_AUC, Metric.of(.5, .49, .51, 20_000));
    figures.put(Gate.MEMBERSHIP_TPR_1_PERCENT, Metric.of(.01, .009, .011, 20_000));
    figures.put(Gate.MEMBERSHIP_TPR_1_PERMILLE, Metric.of(.001, .0005, .002, 20_000));
    figures.put(Gate.ATTRIBUTE_MEMORISED, Metric.of(0, -.02, .02, 2000));
    figures.put(Gate.ATTRIBUTE_IMPUTED, Metric.of(0, -.02, .02, 2000));
    figures.put(Gate.INVERSION_RECOGNISED, Metric.of(0, -.05, .05, 60));
    figures.put(Gate.NEAR_COPY, exactly(0));
    figures.put(Gate.ROWS_STORED, exactly(0));
    figures.put(Gate.RECORDS_PER_LEAF, exactly(50));
    figures.put(Gate.RESIDUAL_DEGREES_OF_FREEDOM, exactly(500));
  }

  static Inputs harmless() {
    return new Inputs();
  }

  static Metric exactly(double value) {
    return Metric.of(value, value, value, 1000);
  }

  Inputs with(Gate gate, Metric figure) {
    figures.put(gate, figure);
    return this;
  }

  Inputs shift(Gate gate, double by) {
    figures.computeIfPresent(
        gate,
        (same, old) ->
            Metric.of(
                by + Objects.requireNonNull(old.value()),
                by + Objects.requireNonNull(old.low()),
                by + Objects.requireNonNull(old.high()),
                old.n()));
    return this;
  }

  Inputs claiming(ClaimTest test) {
    claim = Optional.of(test);
    return this;
  }

  Inputs without(Gate gate, String reason) {
    absent.put(gate, reason);
    return this;
  }

  Inputs notMeasured(Gate gate) {
    figures.remove(gate);
    return this;
  }

  Inputs and(Finding finding) {
    more.add(finding);
    return this;
  }

  Inputs and(Check check) {
    checks.add(check);
    return this;
  }

  Inputs references(int count) {
    references = count;
    return this;
  }

  Inputs condition(String condition) {
    conditions.add(condition);
    return this;
  }

  PolicyInput build() {
    List<Finding> findings = new ArrayList<>();
    Map<Gate, Metric> facts = new EnumMap<>(Gate.class);
    for (Family family : Family.values()) {
      Map<String, Metric> metrics = new LinkedHashMap<>();
      Map<String, Advantage> advantages = new LinkedHashMap<>();
      figures.forEach(
          (gate, figure) -> {
            if (gate.family().filter(f -> f == family).isEmpty()) {
              return;
            }
            if (family == Family.MEMBERSHIP) {
              metrics.put(gate.id().replace("membership-", ""), figure);
            } else {
              advantages.put(
                  gate == Gate.ATTRIBUTE_MEMORISED ? "membersOverNonmembers" : "overBaseline",
                  new Advantage(
                      figure.value(), figure.low(), figure.high(), figure.n(), "majority"));
            }
          });
      if (!metrics.isEmpty() || !advantages.isEmpty()) {
        findings.add(finding(family, Status.RUN, null, metrics, advantages));
      }
    }
    figures.forEach(
        (gate, figure) -> {
          if (gate.family().isEmpty()) {
            facts.put(gate, figure);
          }
        });
    findings.addAll(more);
    return new PolicyInput(
        findings,
        facts,
        absent,
        checks,
        claim,
        references,
        conditions,
        "customers",
        LocalDate.of(2026, 11, 22));
  }

  static Finding finding(
      Family family,
      Status status,
      @Nullable String reason,
      Map<String, Metric> metrics,
      Map<String, Advantage> advantages) {
    return new Finding(
        family.name().toLowerCase(Locale.ROOT) + "-attack/signal",
        family,
        Access.SCORES,
        status,
        reason,
        0,
        0,
        metrics,
        Map.of(),
        advantages,
        Severity.NONE,
        List.of(),
        List.of());
  }
}
