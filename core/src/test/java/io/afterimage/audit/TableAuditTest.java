package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.afterimage.assess.Exposure;
import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Status;
import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.policy.Decision;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.report.Report;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Examples;
import io.afterimage.train.ForestGraph;
import io.afterimage.train.Forests;
import io.afterimage.train.Loss;
import io.afterimage.train.Matrix;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models of a small noisy table, audited from files: those that memorised it and those that did
 * not.
 */
@ExtendWith(NoLeakedTensors.class)
class TableAuditTest {
  private static final int ROWS = 1000;
  private static final int COLUMNS = 6;
  private static final String NULL_RECIPE =
      "Trained without the members, the model tells nothing: membership";

  @TempDir Path folder;

  @Test
  void aNetworkThatMemorisedTheRowsIsNotReleasedAndItsRecipeWithoutThemReadsAsNothing()
      throws IOException {
    Report report = audit(network(0.05));
    assertThat(report.verdict().decision()).isEqualTo(Decision.DO_NOT_RELEASE);
    assertThat(control(report, NULL_RECIPE).status())
        .as(control(report, NULL_RECIPE).reason())
        .isEqualTo("passed");
    assertThat(control(report, NULL_RECIPE).reason()).contains("from fresh weights, by Adam");
  }

  @Test
  void aDefenceThatDoesNotHelpLeavesTheDecisionAndOneThatHidesTheScoresLessensTheLeak()
      throws IOException {
    Report report = audit(network(0.05), "round:6,label-only");
    assertThat(report.defences())
        .extracting(Report.Defended::defence)
        .containsExactly("round:6", "label-only");
    assertThat(report.defences().get(0).decision()).isEqualTo(Decision.DO_NOT_RELEASE);
    assertThat(report.defences().get(0).settings()).isEqualTo(Map.of("round", "6"));
    assertThat(auc(report.defences().get(1).findings())).isLessThan(auc(report.findings()));
  }

  @Test
  void treesCannotBeTrainedAgainAndTheReportSaysSo() throws IOException {
    Report.Control control = control(audit(forest()), NULL_RECIPE);
    assertThat(control.status()).isEqualTo("notRun");
    assertThat(control.reason()).contains("no parameters that gradients could train");
  }

  @Test
  void theGatesReadWhatTheFileGivesAway() throws IOException {
    Report report = audit(forest());
    assertThat(report.verdict().gates())
        .filteredOn(gate -> gate.gate().equals("records-per-leaf"))
        .singleElement()
        .satisfies(gate -> assertThat(gate.value()).isBetween(1.0, 1.0 * ROWS));
    assertThat(report.verdict().gates())
        .filteredOn(gate -> gate.gate().equals("rows-stored"))
        .singleElement()
        .satisfies(gate -> assertThat(gate.value()).isZero());
  }

  @Test
  void referenceModelsAreCountedByTheirGateAndNamedByTheCoverage() throws IOException {
    Report report = withReferences(forest());
    assertThat(report.coverage())
        .filteredOn(line -> line.item().equals("Membership inference with reference models"))
        .extracting(Report.Coverage::findings)
        .containsExactly(List.of("membership-r/loss"));
    assertThat(report.verdict().gates())
        .filteredOn(gate -> gate.gate().equals(GateResult.REFERENCES))
        .extracting(GateResult::value)
        .containsExactly(4.0);
  }

  @Test
  void groupsAreComparedAndWhereNonMembersAreTooFewTheRecipeIsJudged() throws IOException {
    Report report = withReferences(network(0.05));
    assertThat(report.findings())
        .filteredOn(finding -> finding.attack().equals("membership-r@recipe/loss"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).contains("4 models took its place");
              assertThat(finding.metric("tpr@0.1").orElseThrow().resolved()).isTrue();
            });
    Report.Membership beside = Objects.requireNonNull(report.membership());
    assertThat(beside.prior()).isEqualTo(0.2);
    assertThat(beside.exposures()).containsKey("membership-r/loss");
    assertThat(Objects.requireNonNull(beside.exposures().get("membership-r/loss")).groups())
        .extracting(Exposure.Group::attribute, Exposure.Group::group)
        .containsExactlyInAnyOrder(tuple("label", "0"), tuple("label", "1"));
    assertThat(beside.fit().gap().get("accuracy")).isNotNull();
    assertThat(folder.resolve("run/report.html")).content().contains("The recipe: models");
  }

  @Test
  void modelsOfAnotherGraphSayNothingOfTheRecipe() throws IOException {
    assertThat(withReferences(forest()).findings())
        .extracting(Finding::attack)
        .contains("membership-r/loss")
        .doesNotContain("membership-r@recipe/loss");
  }

  private Report withReferences(Path model) throws IOException {
    AuditSpec spec =
        spec(model)
            .attack("membership-r")
            .setting("membership-r", "references", "4")
            .setting("membership-r", "epochs", "2")
            .prior(0.2)
            .out(folder.resolve("run"))
            .build();
    return Audit.run(spec, Run.of(1), remark -> {});
  }

  @Test
  void theFileIsAFindingOfItsOwnThatTheGatesDoNotReadTwice() throws IOException {
    AuditSpec spec =
        spec(forest()).attack("membership-structural").out(folder.resolve("run")).build();
    Report report = Audit.run(spec, Run.of(1), remark -> {});
    Finding finding = structural(report);
    assertThat(finding.status()).isEqualTo(Status.RUN);
    assertThat(finding.queries()).isZero();
    assertThat(report.verdict().gates())
        .filteredOn(gate -> gate.gate().equals("records-per-leaf"))
        .extracting(GateResult::value)
        .containsExactly(finding.metric("recordsPerLeaf").map(Metric::value).orElseThrow());
    assertThat(report.verdict().gates())
        .extracting(GateResult::finding)
        .doesNotContain(finding.attack());
    assertThat(report.coverage())
        .filteredOn(line -> line.item().equals("Training rows stored in the model"))
        .extracting(Report.Coverage::status)
        .containsExactly("run");
    assertThat(folder.resolve("run/evidence/membership-structural.json")).exists();
  }

  @Test
  void anAdversaryWithScoresAloneReadsNoFileAndTheGatesAreAnsweredAllTheSame() throws IOException {
    AuditSpec spec =
        spec(forest())
            .access(Access.SCORES)
            .attack("membership-structural")
            .out(folder.resolve("run"))
            .build();
    Report report = Audit.run(spec, Run.of(1), remark -> {});
    assertThat(structural(report).status()).isEqualTo(Status.NOT_APPLICABLE);
    assertThat(structural(report).reason()).contains("the adversary has SCORES");
    assertThat(folder.resolve("run/evidence/membership-structural.json")).doesNotExist();
    assertThat(report.verdict().gates())
        .filteredOn(gate -> gate.gate().equals("rows-stored"))
        .extracting(GateResult::value)
        .containsExactly(0.0);
  }

  private static Finding structural(Report report) {
    return report.findings().stream()
        .filter(finding -> finding.attack().equals("membership-structural"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void onlyTheOutputThatIsReadHasAMeaning() throws IOException {
    assertThat(audit(forest()).model().outputs())
        .hasSizeGreaterThan(1)
        .filteredOn(output -> output.meaning() != null)
        .singleElement()
        .extracting(Report.Value::type)
        .asString()
        .contains("float");
  }

  @Test
  void aBudgetTooSmallToTrainAgainIsSaid() throws IOException {
    Path model = network(0.05);
    AuditSpec spec =
        spec(model).controlsBudget(Duration.ofMillis(1)).out(folder.resolve("run")).build();
    Report.Control control = control(Audit.run(spec, Run.of(1), remark -> {}), NULL_RECIPE);
    assertThat(control.status()).isEqualTo("notRun");
    assertThat(control.reason()).contains("--controls-budget");
  }

  @Test
  void anAccessIsWhatTheAdversaryHasAndNoMore() throws IOException {
    Report report =
        Audit.run(
            spec(network(0.5)).access(Access.LABEL).out(folder.resolve("run")).build(),
            Run.of(1),
            remark -> {});
    assertThat(report.threat().access()).isEqualTo("LABEL");
  }

  @Test
  void aPopulationOfTrainingRowsVoidsWhatItServesAndThatOfARoleIsRefused() throws IOException {
    Path mixed = folder.resolve("population.csv");
    String members = Files.readString(table("members"));
    String others = Files.readString(table("others"));
    Files.writeString(mixed, members + others.substring(others.indexOf('\n') + 1));
    Report report =
        Audit.run(
            spec(forest()).population(mixed).out(folder.resolve("run")).build(),
            Run.of(1),
            remark -> {});
    Report.Control control = control(report, "The population shares no rows with --members");
    assertThat(control.status()).isEqualTo("failed");
    assertThat(control.reason()).startsWith("1000 rows of --members stand in --population");
    assertThat(control(report, "The population shares no rows with --nonmembers").status())
        .isEqualTo("passed");
    assertThat(report.verdict().decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    Path again = table("nonmembers");
    AuditSpec same = spec(forest()).population(again).out(folder.resolve("other")).build();
    assertThatThrownBy(() -> Audit.run(same, Run.of(1), remark -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--population and --nonmembers hold the same rows");
  }

  @Test
  void anAccessThatCannotBeHadIsRefused() throws IOException {
    AuditSpec ofTrees = spec(forest()).access(Access.GRADIENTS).out(folder.resolve("run")).build();
    assertThatThrownBy(() -> Audit.run(ofTrees, Run.of(1), remark -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--access GRADIENTS cannot be had");
  }

  private static Report.Control control(Report report, String name) {
    return report.controls().stream()
        .filter(control -> control.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static double auc(List<Finding> findings) {
    return findings.stream()
        .flatMap(finding -> finding.metric("auc").stream())
        .mapToDouble(metric -> Objects.requireNonNullElse(metric.value(), 0.0))
        .max()
        .orElseThrow();
  }

  private Report audit(Path model) throws IOException {
    return Audit.run(spec(model).out(folder.resolve("run")).build(), Run.of(1), remark -> {});
  }

  private Report audit(Path model, String defences) throws IOException {
    return Audit.run(
        spec(model).defend(defences).out(folder.resolve("run")).build(), Run.of(1), remark -> {});
  }

  private AuditSpec.Builder spec(Path model) throws IOException {
    return AuditSpec.ofModel(model)
        .members(table("members"))
        .nonMembers(table("nonmembers"))
        .reading(ReadOptions.builder().label("label").build())
        .attack("membership-threshold");
  }

  /** A network trained until its mean loss on the members is as low as this. */
  private Path network(double loss) {
    Shape row = new Shape(COLUMNS);
    OnnxModel fresh = Architectures.mlp(2, 256).over(row, Run.of(2));
    Rows rows = rows("members");
    Path file = folder.resolve("model.onnx");
    Trainer.train(
            fresh,
            Examples.ofClasses(Architecture.INPUT, rows.x(), row, rows.y()),
            Loss.crossEntropy(fresh),
            Optimiser.Adam.of(0.01),
            Trainer.Settings.of(600, 50).until(loss),
            Run.of(3))
        .model()
        .write(file);
    return file;
  }

  private Path forest() {
    Rows rows = rows("members");
    Path file = folder.resolve("model.onnx");
    ForestGraph.write(
            Forests.grow(
                new Matrix(rows.x(), COLUMNS),
                rows.y(),
                2,
                Forests.Settings.forest(20, COLUMNS),
                Run.of(4)),
            List.of("0", "1"))
        .write(file);
    return file;
  }

  private Path table(String role) throws IOException {
    Rows rows = rows(role);
    StringBuilder csv = new StringBuilder("a,b,c,d,e,f,label\n");
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        csv.append(rows.x()[row * COLUMNS + column]).append(',');
      }
      csv.append(rows.y()[row]).append('\n');
    }
    return Files.writeString(folder.resolve(role + ".csv"), csv);
  }

  private record Rows(float[] x, int[] y) {}

  /** The label is the sign of the first column, wrong in 3 of 10 rows. */
  private static Rows rows(String role) {
    RandomGenerator random = Run.of(6).random(role);
    float[] x = new float[ROWS * COLUMNS];
    int[] y = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        x[row * COLUMNS + column] = (float) random.nextGaussian();
      }
      boolean positive = x[row * COLUMNS] > 0;
      y[row] = positive ^ random.nextDouble() < 0.3 ? 1 : 0;
    }
    return new Rows(x, y);
  }
}
