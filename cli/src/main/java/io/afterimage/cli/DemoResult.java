package io.afterimage.cli;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.base.Family;
import io.afterimage.base.RunRecord;
import io.afterimage.policy.Decision;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.report.Report;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of one of the demo's audits.
 *
 * @param repeat the words that run the same audit into another folder
 */
record DemoResult(DemoAudit audit, Report report, List<String> repeat) {

  /**
   * The result for programs.
   *
   * @param membershipAuc of the strongest signal
   * @param membershipAucBehind the same behind each output defence
   * @param recognised by inversion attack, the share of its pictures that an evaluator recognises
   * @param report the path of report.html
   * @param repeat the command that runs the same audit again
   */
  record Told(
      String name,
      Decision decision,
      List<String> reasons,
      Metric membershipAuc,
      Map<String, Metric> membershipAucBehind,
      Map<String, Metric> recognised,
      Metric accuracyOnMembers,
      Metric accuracyOnNonMembers,
      String report,
      String repeat) {}

  Told told() {
    return new Told(
        audit.name(),
        decision(),
        report.verdict().reasons(),
        membershipAuc(),
        behind(),
        recognised(),
        accuracyOnMembers(),
        accuracyOnNonMembers(),
        page().toString(),
        RunRecord.line(repeat));
  }

  Decision decision() {
    return report.verdict().decision();
  }

  /** What came of the gate of this name. */
  Optional<GateResult> gate(String name) {
    return report.verdict().gates().stream().filter(gate -> gate.gate().equals(name)).findFirst();
  }

  Path page() {
    return audit.out().resolve("report.html").toAbsolutePath().normalize();
  }

  Metric accuracyOnMembers() {
    return Objects.requireNonNull(report.utility().members().get("accuracy"));
  }

  Metric accuracyOnNonMembers() {
    return Objects.requireNonNull(report.utility().nonmembers().get("accuracy"));
  }

  /** The AUC of the signal that tells members best, by the lower end of its interval. */
  Metric membershipAuc() {
    return strongest(report.findings());
  }

  /** The same behind each output defence, by its name. */
  Map<String, Metric> behind() {
    Map<String, Metric> behind = new LinkedHashMap<>();
    report
        .defences()
        .forEach(defended -> behind.put(defended.defence(), strongest(defended.findings())));
    return behind;
  }

  /** Of each inversion attack, the share of rebuilt pictures that an evaluator recognises. */
  Map<String, Metric> recognised() {
    Map<String, Metric> recognised = new LinkedHashMap<>();
    report.findings().stream()
        .filter(finding -> finding.family() == Family.INVERSION)
        .forEach(
            finding ->
                finding
                    .metric("recognised")
                    .ifPresent(share -> recognised.put(finding.attack(), share)));
    return recognised;
  }

  private static Metric strongest(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.family() == Family.MEMBERSHIP)
        .flatMap(finding -> finding.metric("auc").stream())
        .filter(auc -> auc.low() != null)
        .max(Comparator.comparingDouble(auc -> Objects.requireNonNull(auc.low())))
        .orElseGet(() -> Metric.unresolved(0, "no membership attack ran"));
  }
}
