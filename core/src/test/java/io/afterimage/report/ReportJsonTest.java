package io.afterimage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.assess.Exposure;
import io.afterimage.assess.Finding;
import io.afterimage.assess.Fit;
import io.afterimage.assess.Leakage;
import io.afterimage.assess.Metric;
import io.afterimage.assess.SampleLimits;
import io.afterimage.assess.ScoreHistogram;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.BadInputException;
import io.afterimage.base.RunRecord;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.policy.Verdict;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ReportJsonTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private final Report report = SampleReport.report();

  @Test
  void whatIsWrittenIsReadBackUnchanged() {
    assertThat(ReportJson.read(ReportJson.write(report), "report.json"))
        .usingRecursiveComparison()
        .isEqualTo(report);
  }

  @Test
  void namesAreSpelledAsTheSchemaSays() {
    JsonNode tree = MAPPER.readTree(ReportJson.write(report));
    assertThat(tree.at("/schema").asString()).isEqualTo("afterimage/report/1");
    assertThat(tree.at("/findings/0/family").asString()).isEqualTo("membership");
    assertThat(tree.at("/findings/0/access").asString()).isEqualTo("SCORES");
    assertThat(tree.at("/findings/0/severity").asString()).isEqualTo("medium");
    assertThat(tree.at("/findings/8/status").asString()).isEqualTo("skipped");
    assertThat(tree.at("/verdict/decision").asString()).isEqualTo("DO_NOT_RELEASE");
    assertThat(tree.at("/verdict/gates/6/outcome").asString()).isEqualTo("notApplicable");
  }

  @Test
  void whatIsNotResolvedIsNullWithItsReason() {
    JsonNode metric = MAPPER.readTree(ReportJson.write(report)).at("/findings/0/metrics/tpr@0.001");
    assertThat(metric.get("value").isNull()).isTrue();
    assertThat(metric.get("n").asInt()).isEqualTo(2400);
    assertThat(metric.get("reason").asString())
        .isEqualTo("needs 10,000 non-members; there are 2,400");
  }

  @Test
  void fieldsStandInTheOrderOfTheRecords() {
    JsonNode tree = MAPPER.readTree(ReportJson.write(report));
    assertThat(tree.propertyNames()).containsExactlyElementsOf(components(Report.class));
    assertThat(tree.at("/findings/0").propertyNames())
        .containsExactlyElementsOf(components(Finding.class));
    assertThat(tree.at("/findings/0/metrics").propertyNames())
        .containsExactly("auc", "tpr@0.001", "tpr@0.01", "tpr@0.1", "ppv", "epsilonLowerBound");
  }

  @ParameterizedTest
  @MethodSource("parts")
  void theSchemaKnowsExactlyTheComponentsOfTheRecord(Class<?> part) {
    JsonNode schema =
        MAPPER
            .readTree(Resources.text("afterimage-report-1.schema.json"))
            .at("/$defs/" + part.getSimpleName());
    assertThat(new TreeSet<>(schema.get("properties").propertyNames()))
        .isEqualTo(new TreeSet<>(components(part)));
    assertThat(schema.get("required").valueStream().map(JsonNode::asString))
        .containsExactlyInAnyOrderElementsOf(components(part));
  }

  static Stream<Class<?>> parts() {
    return Stream.concat(
        Stream.of(
            Report.class,
            RunRecord.class,
            Finding.class,
            Metric.class,
            AttackInfo.class,
            Verdict.class,
            Verdict.GateResult.class,
            Reconstructions.CurvePoint.class,
            Leakage.class,
            Leakage.LeakagePoint.class,
            Exposure.class,
            Fit.class,
            SampleLimits.class,
            ScoreHistogram.class),
        Stream.of(Report.class, Finding.class, Exposure.class)
            .flatMap(c -> Arrays.stream(c.getDeclaredClasses()))
            .filter(Class::isRecord));
  }

  private static List<String> components(Class<?> part) {
    return Arrays.stream(part.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void endlessNumbersAreNeverWritten(double value) {
    Report broken = withUtility(Map.of("accuracy", new Metric(value, 0., 1., 9, null)));
    assertThatThrownBy(() -> ReportJson.write(broken))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/utility/members/accuracy/value");
  }

  @Test
  void aMissingFigureWithoutAReasonIsNeverWritten() {
    Report broken = withUtility(Map.of("accuracy", new Metric(null, null, null, 9, null)));
    assertThatThrownBy(() -> ReportJson.write(broken))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/utility/members/accuracy/reason");
  }

  private Report withUtility(Map<String, Metric> members) {
    return new Report(
        report.schema(),
        report.tool(),
        report.run(),
        report.model(),
        report.data(),
        report.threat(),
        new Report.Utility(members, Map.of()),
        report.findings(),
        report.controls(),
        report.defences(),
        report.coverage(),
        report.verdict(),
        report.attacks(),
        report.rebuilt(),
        report.membership(),
        report.notes());
  }

  static Stream<Consumer<ObjectNode>> damages() {
    return Stream.of(
        tree -> tree.put("schema", "afterimage/report/2"),
        tree -> tree.remove("verdict"),
        tree -> tree.put("verdcit", 1),
        tree -> at(tree, "/verdict").put("decision", "RELEASED"),
        tree -> at(tree, "/verdict").put("decision", "release"),
        tree -> at(tree, "/findings/0").put("family", "MEMBERSHIP"),
        tree -> at(tree, "/findings/0").put("status", "skipped").putNull("reason"),
        tree -> at(tree, "/findings/0/metrics/auc").put("value", "0.6"),
        tree -> at(tree, "/findings/0/metrics/auc").putNull("value"),
        tree -> at(tree, "/findings/0/metrics/auc").put("n", -1),
        tree -> at(tree, "/findings/0/roc/0").put("tpr", 1.5),
        tree -> at(tree, "/membership").put("prior", 0),
        tree -> at(tree, "/membership/exposures").putNull("membership-threshold/loss"),
        tree -> scores(tree).withArray("members").remove(0),
        tree -> at(tree, "/rebuilt/mi-search").put("seen", "CONFIDENCE"),
        tree -> at(tree, "/rebuilt/mi-search/leakage/points/0").put("queries", -1),
        tree -> at(tree, "/run").put("seed", 1e300),
        tree -> at(tree, "/run").put("threads", 5_000_000_000L),
        tree -> at(tree, "/controls/0").put("status", "ok"));
  }

  private static ObjectNode scores(JsonNode tree) {
    return at(tree, "/membership/exposures/membership-threshold~1modified-entropy/scores");
  }

  private static ObjectNode at(JsonNode tree, String pointer) {
    return (ObjectNode) tree.at(pointer);
  }

  @ParameterizedTest
  @MethodSource("damages")
  void aDamagedReportIsRefusedInOneLine(Consumer<ObjectNode> damage) {
    ObjectNode tree = (ObjectNode) MAPPER.readTree(ReportJson.write(report));
    damage.accept(tree);
    assertRefused(tree.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "null", "{} {}", "{\"schema\": 1e999}", "{\"a\":1,\"a\":2}"})
  void whatIsNoReportIsRefusedInOneLine(String text) {
    assertRefused(text);
  }

  @Test
  void aDeepNestIsRefusedInOneLine() {
    assertRefused("[".repeat(1_000_000));
  }

  @Test
  void aNumberWithoutEndIsRefusedInOneLine() {
    assertRefused(
        ReportJson.write(report).replaceFirst("\"seconds\" : [0-9.]+", "\"seconds\" : 1e999"));
  }

  private static void assertRefused(String text) {
    assertThatThrownBy(() -> ReportJson.read(text, "report.json"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("report.json is not a report of schema afterimage/report/1: ")
        .hasMessageNotContaining("\n");
  }
}
