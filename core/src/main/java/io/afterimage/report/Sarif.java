package io.afterimage.report;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Severity;
import io.afterimage.assess.Status;
import io.afterimage.base.AttackInfo;
import io.afterimage.policy.Verdict.GateResult;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * report.sarif, SARIF 2.1.0, for code-scanning services: a rule for each gate and each attack, a
 * result for each gate and each finding. Figures and names of gates and attacks alone: no id and no
 * value of a person.
 */
public final class Sarif {
  private Sarif() {}

  private record Log(String version, List<SarifRun> runs) {}

  private record SarifRun(Tool tool, List<Invocation> invocations, List<Result> results) {}

  private record Tool(Driver driver) {}

  private record Driver(String name, String version, List<Rule> rules) {}

  private record Rule(String id, Text shortDescription, Text fullDescription) {}

  private record Invocation(boolean executionSuccessful, String startTimeUtc) {}

  private record Result(
      String ruleId, String kind, String level, Text message, List<Location> locations) {}

  private record Text(String text) {}

  private record Location(PhysicalLocation physicalLocation) {}

  private record PhysicalLocation(ArtifactLocation artifactLocation) {}

  private record ArtifactLocation(String uri) {}

  /** How SARIF sorts a result: what came of the rule, and how bad it is. */
  private record Rating(String kind, String level) {
    static final Rating ERROR = new Rating("fail", "error");
    static final Rating WARNING = new Rating("fail", "warning");
    static final Rating NOTE = new Rating("fail", "note");
    static final Rating PASS = new Rating("pass", "none");
    static final Rating OPEN = new Rating("open", "none");
    static final Rating NOT_APPLICABLE = new Rating("notApplicable", "none");
  }

  /** The text of report.sarif. */
  public static String write(Report report) {
    Driver driver = new Driver(report.tool().name(), report.tool().version(), rules(report));
    SarifRun run =
        new SarifRun(
            new Tool(driver),
            List.of(new Invocation(true, report.run().started())),
            results(report));
    return JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(new Log("2.1.0", List.of(run)))
        + "\n";
  }

  private static List<Rule> rules(Report report) {
    Map<String, Rule> rules = new LinkedHashMap<>();
    for (GateResult gate : report.verdict().gates()) {
      String id = "gate/" + gate.gate();
      rules.put(id, new Rule(id, new Text(gate.title()), new Text("Threshold: " + gate.owner())));
    }
    for (AttackInfo attack : report.attacks()) {
      String id = "attack/" + attack.id();
      rules.put(id, new Rule(id, new Text(attack.title()), new Text(attack.success())));
    }
    for (Finding finding : report.findings()) {
      String id = ruleOf(finding);
      rules.putIfAbsent(id, new Rule(id, new Text(id), new Text(id)));
    }
    return List.copyOf(rules.values());
  }

  private static List<Result> results(Report report) {
    List<Location> model = List.of(location(report.model().name()));
    Stream<Result> gates =
        report.verdict().gates().stream()
            .map(gate -> result("gate/" + gate.gate(), rating(gate), gate.sentence(), model));
    Stream<Result> attacks =
        report.findings().stream()
            .map(finding -> result(ruleOf(finding), rating(finding), message(finding), model));
    return Stream.concat(gates, attacks).toList();
  }

  private static Result result(
      String rule, Rating rating, String message, List<Location> locations) {
    return new Result(rule, rating.kind(), rating.level(), new Text(message), locations);
  }

  private static Location location(String model) {
    String uri = URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    return new Location(new PhysicalLocation(new ArtifactLocation(uri)));
  }

  private static String ruleOf(Finding finding) {
    return "attack/" + finding.attack().split("[/@]", 2)[0];
  }

  private static String message(Finding finding) {
    return finding.status() == Status.RUN
        ? "%s: severity %s"
            .formatted(finding.attack(), finding.severity().name().toLowerCase(Locale.ROOT))
        : "%s did not run: %s"
            .formatted(
                finding.attack(), Objects.requireNonNullElse(finding.reason(), "no reason given"));
  }

  private static Rating rating(GateResult gate) {
    return switch (gate.outcome()) {
      case PASSED -> Rating.PASS;
      case CONDITION -> Rating.WARNING;
      case FAILED -> Rating.ERROR;
      case INSUFFICIENT -> Rating.OPEN;
      case NOT_APPLICABLE -> Rating.NOT_APPLICABLE;
    };
  }

  private static Rating rating(Finding finding) {
    return switch (finding.status()) {
      case RUN -> rating(finding.severity());
      case SKIPPED, FAILED -> Rating.OPEN;
      case NOT_APPLICABLE -> Rating.NOT_APPLICABLE;
    };
  }

  private static Rating rating(Severity severity) {
    return switch (severity) {
      case NONE -> Rating.PASS;
      case LOW -> Rating.NOTE;
      case MEDIUM -> Rating.WARNING;
      case HIGH, CRITICAL -> Rating.ERROR;
    };
  }
}
