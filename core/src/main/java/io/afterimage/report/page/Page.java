package io.afterimage.report.page;

import gg.jte.Content;
import io.afterimage.assess.Exposure;
import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Finding.Worst;
import io.afterimage.assess.Metric;
import io.afterimage.assess.RecipeAssessor;
import io.afterimage.assess.ScoreHistogram;
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
import java.util.ArrayList;
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
  private static final String ONE_RUN = "membership-one-run";

  Summary summary() {
    return Summary.of(report.verdict());
  }

  /** Findings of this family that ran, the strongest first where they can be ordered. */
  List<Finding> findings(Family family) {
    Stream<Finding> run =
        report.findings().stream()
            .filter(f -> f.family() == family && f.status() == Status.RUN)
            .filter(f -> !standsApart(f));
    return (family == Family.MEMBERSHIP
            ? run.sorted(Comparator.comparingDouble(Page::main).reversed())
            : run)
        .toList();
  }

  /** Findings of membership that tell members of this model from others, the strongest first. */
  List<Finding> membership() {
    return findings(Family.MEMBERSHIP).stream()
        .filter(f -> f.metrics().containsKey("auc") && !RecipeAssessor.isOne(f.attack()))
        .toList();
  }

  /** Of each attack the strongest signal under models that took this one's place. */
  List<Finding> recipe() {
    return strongest(
        findings(Family.MEMBERSHIP).stream()
            .filter(f -> RecipeAssessor.isOne(f.attack()))
            .toList());
  }

  /** What was read in the model's file; null where it was not. */
  @Nullable Finding structural() {
    return report.findings().stream()
        .filter(f -> f.attack().equals(STRUCTURAL) && f.status() == Status.RUN)
        .findFirst()
        .orElse(null);
  }

  /** What canaries said of epsilon, a finding a kind of mechanism; empty where there are none. */
  List<Finding> oneRun() {
    return report.findings().stream()
        .filter(f -> f.isOf(ONE_RUN) && f.status() == Status.RUN)
        .toList();
  }

  /** Whether a finding has a section, and a line of the matrix, of its own. */
  private static boolean standsApart(Finding finding) {
    return finding.isOf(STRUCTURAL) || finding.isOf(ONE_RUN);
  }

  private static double value(@Nullable Metric metric) {
    return metric == null || metric.value() == null ? -1 : metric.value();
  }

  /** What the attack of a finding does, in plain words; empty where the report does not say. */
  String title(Finding finding) {
    return report.attacks().stream()
        .filter(attack -> Names.id(finding).equals(attack.id()))
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
        .filter(f -> !standsApart(f))
        .toList();
  }

  /** Why the attack of a finding did not run. */
  Content why(Finding finding) {
    return Options.unbroken(Objects.requireNonNullElse(finding.reason(), ""));
  }

  /** Findings with classes, or records of other families, that are more exposed than others. */
  List<Finding> exposing() {
    return strongestByName(report.findings()).values().stream()
        .filter(f -> !otherWorst(f).isEmpty())
        .toList();
  }

  /** Who is exposed by a finding, but for suspects and for classes that stand among the groups. */
  List<Worst> otherWorst(Finding finding) {
    boolean grouped = finding.family() == Family.MEMBERSHIP && compared() != null;
    return finding.worst().stream()
        .filter(worst -> !Suspect.isOne(worst))
        .filter(worst -> !(grouped && worst.kind().equals("class")))
        .toList();
  }

  /** The records whose membership attacks give away, those first that most attacks name. */
  List<Suspect> suspects() {
    return Suspect.of(strongest(membership()));
  }

  /** Of each attack the strongest signal, in the order of the findings. */
  List<Finding> strongest(List<Finding> findings) {
    return List.copyOf(strongestByName(findings).values());
  }

  /** How the groups of people fared under the strongest attack; null where none was compared. */
  @Nullable Compared compared() {
    return exposures(strongest(membership())).entrySet().stream()
        .filter(e -> !e.getValue().groups().isEmpty() || !e.getValue().tooFew().isEmpty())
        .map(e -> Compared.of(e.getKey(), e.getValue()))
        .findFirst()
        .orElse(null);
  }

  private Map<String, Exposure> exposures(List<Finding> findings) {
    Report.Membership beside = report.membership();
    Map<String, Exposure> exposures = new LinkedHashMap<>();
    for (Finding finding : findings) {
      Exposure exposure = beside == null ? null : beside.exposures().get(finding.attack());
      if (exposure != null) {
        exposures.put(finding.attack(), exposure);
      }
    }
    return exposures;
  }

  /** How the scores of these findings spread, by attack. */
  Map<String, ScoreHistogram> spread(List<Finding> findings) {
    Map<String, ScoreHistogram> spread = new LinkedHashMap<>();
    exposures(findings)
        .forEach(
            (attack, exposure) -> {
              if (!exposure.scores().members().isEmpty()) {
                spread.put(attack, exposure.scores());
              }
            });
    return spread;
  }

  /** The figures of membership attacks that have a column; the finest where one resolves it. */
  List<String> membershipColumns(List<Finding> findings) {
    boolean finest =
        findings.stream()
            .anyMatch(f -> f.metric("tpr@0.0001").filter(Metric::resolved).isPresent());
    List<String> columns =
        List.of("auc", "tpr@0.0001", "tpr@0.001", "tpr@0.01", "tpr@0.1", "tprMinusFpr", "ppv");
    return columns.stream()
        .filter(name -> findings.stream().anyMatch(f -> f.metrics().containsKey(name)))
        .filter(name -> finest || !name.equals("tpr@0.0001"))
        .toList();
  }

  /** How attacks ran, in words, and which ran so. */
  Map<String, List<String>> notes(List<Finding> findings) {
    Map<String, List<String>> notes = new LinkedHashMap<>();
    for (Finding finding : findings) {
      if (finding.reason() != null) {
        notes.computeIfAbsent(finding.reason(), note -> new ArrayList<>()).add(Names.id(finding));
      }
    }
    return notes;
  }

  /** Why figures of these names are not resolved, each reason once. */
  List<String> unresolved(List<Finding> findings, List<String> names) {
    return findings.stream()
        .flatMap(
            f ->
                names.stream()
                    .flatMap(
                        name ->
                            Stream.of(f.metrics().get(name), f.baselines().get(Names.blind(name)))))
        .filter(Objects::nonNull)
        .map(Metric::reason)
        .filter(Objects::nonNull)
        .distinct()
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
  private static Map<String, Finding> strongestByName(List<Finding> findings) {
    Map<String, Finding> strongest = new LinkedHashMap<>();
    for (Finding finding : findings) {
      String name = finding.family() == Family.MEMBERSHIP ? Names.id(finding) : finding.attack();
      strongest.merge(name, finding, (one, other) -> main(other) > main(one) ? other : one);
    }
    return strongest;
  }

  private static double main(Finding finding) {
    return value(finding.metrics().get(Names.telling(finding.family()).get(0)));
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
        drawn(findings).stream().map(Finding::roc).toList(),
        nonMembers == null ? 0 : nonMembers.people());
  }

  /** The findings whose curves are drawn. */
  List<Finding> drawn(List<Finding> findings) {
    return findings.stream().filter(f -> !f.roc().isEmpty()).limit(RocChart.MOST_CURVES).toList();
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
    Map<String, Finding> before = strongestByName(report.findings());
    Map<String, Finding> behind = strongestByName(defended.findings());
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
