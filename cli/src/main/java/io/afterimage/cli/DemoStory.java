package io.afterimage.cli;

import io.afterimage.assess.Metric;
import io.afterimage.base.RunRecord;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The demo in words. */
final class DemoStory {
  private static final int FIRST_REASONS = 2;

  private DemoStory() {}

  /** One audit: how good the model is, the verdict, its first reasons, and where to read on. */
  static List<String> of(DemoResult result) {
    Stream<String> reasons =
        result.report().verdict().reasons().stream()
            .limit(FIRST_REASONS)
            .map(reason -> "    - " + reason);
    return Stream.of(
            Stream.of(
                "  right on %s of its members and %s of the others"
                    .formatted(
                        percent(result.accuracyOnMembers()),
                        percent(result.accuracyOnNonMembers())),
                "  " + result.decision()),
            reasons,
            figures(
                "membership AUC " + figure(result.membershipAuc()) + ", behind output defences",
                result.behind()),
            figures(
                "rebuilt pictures that an evaluator recognises; for information, as no class is"
                    + " one person",
                result.recognised()),
            Stream.of(
                "  report       " + result.page(),
                "  audit again  " + RunRecord.line(result.repeat())))
        .flatMap(lines -> lines)
        .toList();
  }

  /** Figures under a title; nothing where there are none. */
  private static Stream<String> figures(String title, Map<String, Metric> figures) {
    return figures.isEmpty()
        ? Stream.of()
        : Stream.concat(
            Stream.of("  " + title),
            figures.entrySet().stream()
                .map(e -> "    %-14s %s".formatted(e.getKey(), figure(e.getValue()))));
  }

  /** Two models of the same task side by side. */
  static List<String> beside(DemoResult before, DemoResult after) {
    return List.of(
        "",
        row("", before.audit().name(), after.audit().name()),
        row("membership AUC", figure(before.membershipAuc()), figure(after.membershipAuc())),
        row(
            "accuracy, members",
            figure(before.accuracyOnMembers()),
            figure(after.accuracyOnMembers())),
        row(
            "accuracy, others",
            figure(before.accuracyOnNonMembers()),
            figure(after.accuracyOnNonMembers())),
        row("gate on that AUC", gate(before), gate(after)),
        row("verdict", before.decision().toString(), after.decision().toString()));
  }

  /** One audit in one line, why, and where its report is. */
  static List<String> summary(DemoResult result) {
    return List.of(
        "  %-26s %s".formatted(result.audit().name(), result.decision()),
        "      " + result.report().verdict().reasons().stream().findFirst().orElse(""),
        "      " + result.page());
  }

  private static String gate(DemoResult result) {
    return result.gate("membership-auc").map(gate -> gate.outcome().toString()).orElse("");
  }

  private static String row(String title, String before, String after) {
    return "  %-18s %-26s %s".formatted(title, before, after);
  }

  private static String percent(Metric share) {
    return share.value() == null
        ? "an unknown share"
        : String.format(Locale.ROOT, "%.1f%%", 100 * share.value());
  }

  private static String figure(Metric metric) {
    return metric.value() == null
        ? "not resolved"
        : String.format(
            Locale.ROOT, "%.3f (%.3f to %.3f)", metric.value(), metric.low(), metric.high());
  }
}
