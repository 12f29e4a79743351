package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Metric;
import io.afterimage.attack.fixture.Warfarin;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Split;
import io.afterimage.graph.OnnxModel;
import io.afterimage.report.Report;
import io.afterimage.train.LeastSquares;
import io.afterimage.train.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fredrikson et al. 2014 as an audit: a linear model of the warfarin dose gives the genotypes away,
 * if one only compares with the most common one; not beside what imputation makes of the rest of
 * the record. Three quarters of the patients are members.
 */
@Tag("slow")
class WarfarinAuditTest {
  private static final Run RUN = Run.of(7);
  private static final ReadOptions READING =
      ReadOptions.builder().label("dose").regression(true).sensitive("vkorc1", "cyp2c9").build();

  /** Which patients are drawn as members moves the share among all of them by a point. */
  private static final double SPLIT = 0.015;

  /** Deviations that a drawn share is away once in 1,000 draws. */
  private static final double SELDOM = 3.3;

  @TempDir private static Path folder;
  private static Map<String, Finding> findings = Map.of();
  private static String page = "";

  @BeforeAll
  static void audit() throws IOException {
    Split split = Warfarin.split(Warfarin.read("vkorc1"), RUN);
    Path members = Warfarin.write(folder.resolve("members.csv"), split.members());
    Path others = Warfarin.write(folder.resolve("others.csv"), split.nonMembers());
    Path model = folder.resolve("dose.onnx");
    dose(DataReader.read(Map.of("members", members), READING).get("members")).write(model);
    Path out = folder.resolve("run");
    AuditSpec spec =
        AuditSpec.ofModel(model)
            .members(members)
            .nonMembers(others)
            .reading(READING)
            .out(out)
            .build();
    Report report = Audit.run(spec, RUN, line -> {});
    findings =
        report.findings().stream().collect(Collectors.toMap(Finding::attack, found -> found));
    page = text(Files.readString(out.resolve("report.html")));
  }

  /** What people read of a page: what stands between its tags. */
  private static String text(String html) {
    String body = html.substring(html.indexOf("<body"));
    return body.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
  }

  private static OnnxModel dose(Dataset patients) {
    Encoder encoder = Encoder.fit(patients);
    Matrix table = new Matrix(encoder.encode(patients), encoder.width());
    double[] doses = ((Column.Numeric) patients.column("dose")).values();
    return LeastSquares.fit(table, doses, LeastSquares.DEFAULT_RIDGE).model(encoder);
  }

  @Test
  void vkorc1IsGuessedAsThePaperSaysAndImputedBetterWithoutTheModel() {
    Finding finding = finding("vkorc1");
    guesses(finding, 0.56);
    assertThat(baseline(finding, "majority")).isCloseTo(0.37, within(SPLIT));
    assertThat(baseline(finding, "alone:race")).isCloseTo(0.60, within(SPLIT));
    assertThat(baseline(finding, "other-attributes")).isCloseTo(0.59, within(SPLIT));
    assertThat(baseline(finding, "other-attributes+response")).isCloseTo(0.66, within(SPLIT));
    readsAsNoAdvantage(finding);
  }

  @Test
  void cyp2c9IsGuessedNoBetterThanItsMajority() {
    Finding finding = finding("cyp2c9");
    guesses(finding, 0.75);
    assertThat(baseline(finding, "majority")).isCloseTo(0.75, within(SPLIT));
    readsAsNoAdvantage(finding);
  }

  @Test
  void theReportSaysInPlainWordsThatTheModelTeachesNothing() {
    assertThat(page)
        .contains(
            "The model teaches an adversary nothing about vkorc1 beyond what the other attributes"
                + " and the true response already tell.")
        .contains("The model teaches an adversary nothing about cyp2c9 beyond what ");
  }

  private static void readsAsNoAdvantage(Finding finding) {
    Advantage overBaseline = finding.advantage("overBaseline").orElseThrow();
    assertThat(overBaseline.low()).isLessThanOrEqualTo(0);
    assertThat(overBaseline.high()).isLessThan(0.05);
    Advantage memorised = finding.advantage("membersOverNonmembers").orElseThrow();
    assertThat(memorised.low()).isLessThanOrEqualTo(0);
  }

  private static Finding finding(String attribute) {
    return Objects.requireNonNull(findings.get("attribute-map/" + attribute));
  }

  /** As many of all patients, and of members and others as far as the draw of them allows. */
  private static void guesses(Finding finding, double share) {
    assertThat(value(finding, "accuracy")).isCloseTo(share, within(SPLIT));
    for (String role : List.of("members", "nonmembers")) {
      Metric accuracy = finding.metric("accuracy@" + role).orElseThrow();
      double deviation = Math.sqrt(share * (1 - share) / accuracy.n());
      assertThat(value(finding, "accuracy@" + role)).isCloseTo(share, within(SELDOM * deviation));
    }
  }

  private static double value(Finding finding, String metric) {
    return finding.metric(metric).map(Metric::value).orElseThrow();
  }

  private static double baseline(Finding finding, String name) {
    return Objects.requireNonNull(Objects.requireNonNull(finding.baselines().get(name)).value());
  }
}
