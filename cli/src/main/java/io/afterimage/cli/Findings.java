package io.afterimage.cli;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Findings as text: every metric with its interval. */
final class Findings {
  private Findings() {}

  static void print(List<Finding> findings, Path out, Console console) {
    findings.forEach(finding -> print(finding, console));
    console.print("Report: " + out.resolve("report.html").toAbsolutePath().normalize());
  }

  private static void print(Finding finding, Console console) {
    String reason = finding.reason() == null ? "" : ": " + finding.reason();
    console.print(
        "%s (%s%s)"
            .formatted(finding.attack(), finding.status().name().toLowerCase(Locale.ROOT), reason));
    finding.metrics().forEach((name, metric) -> console.print("  " + line(name, metric)));
    finding
        .baselines()
        .forEach((name, m) -> console.print("  without the model, " + line(name, m)));
    finding
        .advantages()
        .forEach(
            (name, gain) ->
                console.print(
                    "  "
                        + line(
                            name,
                            new Metric(gain.value(), gain.low(), gain.high(), gain.n(), null))));
  }

  private static String line(String name, Metric metric) {
    if (metric.value() == null) {
      return "%-24s not resolved: %s".formatted(name, metric.reason());
    }
    return metric.low() == null
        ? String.format(Locale.ROOT, "%-24s %.4f  (n = %d)", name, metric.value(), metric.n())
        : String.format(
            Locale.ROOT,
            "%-24s %.4f  (95%% interval %.4f to %.4f, n = %d)",
            name,
            metric.value(),
            metric.low(),
            metric.high(),
            metric.n());
  }
}
