package io.afterimage.cli;

import io.afterimage.assess.Metric;
import io.afterimage.base.RunRecord;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The demo in words. */
final class DemoStory {
  private static final int FIRST_REASONS = 2;

  private DemoStory() {}

  /** One audit: what was trained, the verdict, its first reasons, and where to read on. */
  static List<String> of(DemoResult result) {
    Stream<String> head =
        Stream.of(
            "",
            result.audit().name() + ": " + result.audit().about(),
            "  right on %s of its members and %s of the others"
                .formatted(
                    percent(result.accuracyOnMembers()), percent(result.accuracyOnNonMembers())),
            "  " + result.decision());
    Stream<String> reasons =
        result.report().verdict().reasons().stream()
            .limit(FIRST_REASONS)
            .map(reason -> "    - " + reason);
    Stream<String> tail =
        Stream.of(
            "  behind output defences, membership AUC "
                + figure(result.membershipAuc())
                + " becomes",
            "    " + behind(result.behind()),
            "  report:     " + result.page(),
            "  audit again: " + RunRecord.line(result.repeat()));
    return Stream.of(head, reasons, tail).flatMap(lines -> lines).toList();
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
        row("verdict", before.decision().toString(), after.decision().toString()));
  }

  /** One audit in one line, why, and where its report is. */
  static List<String> summary(DemoResult result) {
    return List.of(
        "  %-26s %s".formatted(result.audit().name(), result.decision()),
        "      " + result.report().verdict().reasons().stream().findFirst().orElse(""),
        "      " + result.page());
  }

  private static String row(String title, String before, String after) {
    return "  %-18s %-26s %s".formatted(title, before, after);
  }

  private static String behind(Map<String, Metric> defences) {
    return defences.entrySet().stream()
        .map(entry -> entry.getKey() + " " + figure(entry.getValue()))
        .collect(Collectors.joining(", "));
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
