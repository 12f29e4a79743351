package io.afterimage.report.page;

import gg.jte.Content;
import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Status;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.RunRecord;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import io.afterimage.report.Report;
import io.afterimage.report.Report.Defended;
import io.afterimage.report.chart.IntervalBar;
import io.afterimage.report.chart.RocChart;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the templates ask of a report.
 *
 * @param galleries pictures by the finding's attack; empty unless they are to be revealed
 */
record Page(Report report, Map<String, Gallery> galleries) {
  private static final String STRUCTURAL = "membership-structural";

  Summary summary() {
    return Summary.of(report.verdict());
  }

  /** Findings of this family that ran, the strongest first where they can be ordered. */
  List<Finding> findings(Family family) {
    Stream<Finding> run =
        report.findings().stream()
            .filter(f -> f.family() == family && f.status() == Status.RUN)
            .filter(f -> !f.attack().equals(STRUCTURAL));
    return (family == Family.MEMBERSHIP
            ? run.sorted(Comparator.comparingDouble(Page::main).reversed())
            : run)
        .toList();
  }

  /** What was read in the model's file; null where it was not. */
  @Nullable Finding structural() {
    return report.findings().stream()
        .filter(f -> f.attack().equals(STRUCTURAL) && f.status() == Status.RUN)
        .findFirst()
        .orElse(null);
  }

  private static double value(@Nullable Metric metric) {
    return metric == null || metric.value() == null ? -1 : metric.value();
  }

  /** What the attack of a finding does, in plain words; empty where the report does not say. */
  String title(Finding finding) {
    return report.attacks().stream()
        .filter(attack -> id(finding).equals(attack.id()))
        .map(AttackInfo::title)
        .findFirst()
        .orElse("");
  }

  /**
   * Findings of attacks that did not run though others of their family did; where none did, the
   * family's line of the matrix says why.
   */
  List<Finding> idle() {
    return report.findings().stream()
        .filter(f -> f.status() != Status.RUN && !findings(f.family()).isEmpty())
        .filter(f -> !f.attack().equals(STRUCTURAL)) // it has a line of its own
        .toList();
  }

  /** Why the attack of a finding did not run. */
  Content why(Finding finding) {
    return Options.unbroken(Objects.requireNonNullElse(finding.reason(), ""));
  }

  /** Findings with records or classes that are more exposed than others. */
  List<Finding> exposing() {
    return strongest(report.findings()).values().stream()
        .filter(f -> !f.worst().isEmpty())
        .toList();
  }

  /**
   * Whether a class is one person, so that a picture of a class is a picture of someone: where it
   * is not, nothing gates on what is rebuilt.
   */
  boolean classesArePeople() {
    return report.verdict().gates().stream()
        .anyMatch(
            gate ->
                gate.gate().equals("inversion-recognised")
                    && gate.outcome() != Outcome.NOT_APPLICABLE);
  }

  /** By its name each attack's finding; of one with several signals, that of the greatest AUC. */
  private static Map<String, Finding> strongest(List<Finding> findings) {
    Map<String, Finding> strongest = new LinkedHashMap<>();
    for (Finding finding : findings) {
      String name = finding.family() == Family.MEMBERSHIP ? id(finding) : finding.attack();
      strongest.merge(name, finding, (one, other) -> main(other) > main(one) ? other : one);
    }
    return strongest;
  }

  private static double main(Finding finding) {
    return value(finding.metrics().get(Names.telling(finding.family()).get(0)));
  }

  /** The attack's id, without the signal or attribute behind it. */
  private static String id(Finding finding) {
    return finding.attack().split("/", 2)[0];
  }

  /** The gates, gravest outcome first. */
  List<GateResult> gates() {
    return report.verdict().gates().stream()
        .sorted(Comparator.comparingInt(gate -> -Summary.gravity(gate)))
        .toList();
  }

  /** Reasons of the verdict beyond the sentences of its gates. */
  List<String> otherReasons() {
    List<String> told = report.verdict().gates().stream().map(GateResult::sentence).toList();
    return report.verdict().reasons().stream().filter(reason -> !told.contains(reason)).toList();
  }

  Content bar(GateResult gate) {
    return IntervalBar.gate(
        Names.heading(gate.title())
            + ": what was measured against the acceptable (A) and the intolerable (B)",
        Names.atChance(gate.gate()),
        Names.moreIsBetter(gate.gate()),
        gate.acceptable(),
        gate.intolerable(),
        gate.value(),
        gate.low(),
        gate.high());
  }

  /** The ROC curves of the membership attacks, strongest first. */
  Content roc(List<Finding> findings) {
    Report.RoleData nonMembers = report.data().get("nonmembers");
    return RocChart.of(
        findings.stream()
            .filter(f -> !f.roc().isEmpty())
            .map(f -> new RocChart.Curve(Names.shortened(Names.subject(f)), f.roc()))
            .toList(),
        nonMembers == null ? 0 : nonMembers.people());
  }

  /** An advantage as a bar, on one axis for all of these findings. */
  Content bar(Finding finding, Map.Entry<String, Advantage> named, List<Finding> findings) {
    Advantage advantage = named.getValue();
    return IntervalBar.gain(
        Names.subject(finding) + ": " + Names.advantage(named.getKey(), advantage.baseline()),
        ends(findings).min().orElse(0),
        ends(findings).max().orElse(1),
        advantage.value(),
        advantage.low(),
        advantage.high());
  }

  private static DoubleStream ends(List<Finding> findings) {
    return findings.stream()
        .flatMap(f -> f.advantages().values().stream())
        .flatMap(a -> Stream.of(a.low(), a.high()))
        .filter(Objects::nonNull)
        .mapToDouble(end -> Math.max(-1, end));
  }

  /** The names of all figures in both maps, in order of first appearance. */
  List<String> names(Map<String, Metric> one, Map<String, Metric> other) {
    return Stream.of(one, other).map(Map::keySet).flatMap(Collection::stream).distinct().toList();
  }

  /** What a defence did to one figure of an attack. */
  record Change(
      String attack,
      String metric,
      Finding after,
      @Nullable Figure before,
      @Nullable Figure behind) {}

  /**
   * The main figures of every attack behind a defence, beside those without it. Of an attack with
   * several signals, the strongest on each side.
   */
  List<Change> changes(Defended defended) {
    Map<String, Finding> before = strongest(report.findings());
    Map<String, Finding> behind = strongest(defended.findings());
    return behind.entrySet().stream()
        .flatMap(e -> changes(e.getKey(), before.get(e.getKey()), e.getValue()))
        .toList();
  }

  private static Stream<Change> changes(String attack, @Nullable Finding before, Finding after) {
    Map<String, Metric> figures = before == null ? Map.of() : before.metrics();
    return Names.telling(after.family()).stream()
        .filter(name -> after.metrics().containsKey(name) || after.status() != Status.RUN)
        .limit(after.status() == Status.RUN ? 2 : 1)
        .map(
            name ->
                new Change(
                    attack,
                    name,
                    after,
                    Figure.of(name, figures),
                    Figure.of(name, after.metrics())));
  }

  /** The libraries and their versions, by name. */
  Collection<String> libraries() {
    return new TreeSet<>(report.tool().libraries().keySet());
  }

  /** The words typed, quoted so that a shell reads them again as they were. */
  String command() {
    return RunRecord.line(report.run().command());
  }
}
