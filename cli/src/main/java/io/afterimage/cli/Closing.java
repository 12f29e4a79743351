package io.afterimage.cli;

import io.afterimage.report.Report;
import io.afterimage.report.page.Summary;
import java.nio.file.Path;
import java.util.List;

/**
 * What a person sees at the end of an audit: the report's three lines, the reasons, where it lies.
 */
final class Closing {
  private Closing() {}

  static void print(Report report, Path out, Console console) {
    Summary summary = Summary.of(report.verdict());
    console.print("");
    console.print("Decision: " + report.verdict().decision() + " " + summary.decision());
    console.print("Worst finding: " + summary.worst());
    console.print("Not shown: " + summary.notShown());
    list(console, "Reasons", report.verdict().reasons());
    list(console, "Conditions", report.verdict().conditions());
    failedControls(report, console);
    console.print("");
    console.print("Report: " + out.resolve("report.html").toAbsolutePath().normalize());
  }

  private static void list(Console console, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      console.print(title + ":");
      lines.forEach(line -> console.print("  - " + line));
    }
  }

  private static void failedControls(Report report, Console console) {
    report.controls().stream()
        .filter(control -> control.status().equals("failed"))
        .forEach(
            control ->
                console.print("Control failed: " + control.name() + ": " + control.reason()));
  }
}
