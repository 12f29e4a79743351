package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.assess.EpsilonClaim;
import io.afterimage.assess.Finding;
import io.afterimage.assess.Status;
import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.ReadOptions;
import io.afterimage.policy.Decision;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import io.afterimage.report.Report;
import io.afterimage.report.RunFolder;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.Blueprint;
import io.afterimage.train.CanarySpec;
import io.afterimage.train.Network;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Recipe;
import io.afterimage.train.Training;
import io.afterimage.train.TrainingSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Canaries from their training to the verdict. */
@ExtendWith(NoLeakedTensors.class)
class OneRunTest {
  private static final int ROWS = 300;
  private static final int COLUMNS = 20;
  private static final EpsilonClaim ONE = new EpsilonClaim(1, 1e-5);

  @TempDir private Path folder;

  /** Numbers, and a label that says which of two groups of them is greater in sum. */
  private Path table(String name, long seed, int rows) {
    RandomGenerator random = Run.of(seed).random("table");
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder();
    for (int c = 0; c < COLUMNS; c++) {
      head.append("x").append(c).append(',');
    }
    lines.add(head + "label");
    for (int row = 0; row < rows; row++) {
      StringBuilder line = new StringBuilder();
      double difference = 0;
      for (int c = 0; c < COLUMNS; c++) {
        double x = random.nextGaussian();
        difference += c % 2 == 0 ? x : -x;
        line.append(String.format(Locale.ROOT, "%.4f,", x));
      }
      lines.add(line + (difference > 0 ? "even" : "odd"));
    }
    try {
      return Files.write(folder.resolve(name), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder with a model that was trained with these canaries. */
  private Path trained(CanarySpec canaries, Optimiser optimiser, int epochs) {
    Path out = folder.resolve("trained");
    TrainingSpec plain =
        new TrainingSpec(
            new Network.OfBlueprint(
                Blueprint.MLP, new Blueprint.Sizes(List.of(128), 0, 0, 0, 0, 0, false), List.of()),
            Map.of(TrainingSpec.MEMBERS, table("members.csv", 1, ROWS)),
            ReadOptions.builder().label("label").build(),
            Optional.empty(),
            Recipe.of(optimiser, epochs),
            Optional.empty(),
            out,
            false,
            List.of("train"));
    Training.run(plain.with(canaries), Run.of(5), remark -> {});
    return out;
  }

  private AuditSpec.Builder spec(Path trained) {
    return AuditSpec.ofModel(trained.resolve("model.onnx"))
        .members(folder.resolve("members.csv"))
        .nonMembers(table("others.csv", 2, 100))
        .reading(ReadOptions.builder().label("label").build())
        .attack("membership-one-run")
        .canaries(trained)
        .out(folder.resolve("run"));
  }

  private static Report audit(AuditSpec spec) {
    return Audit.run(spec, Run.of(7), remark -> {});
  }

  private static Finding finding(Report report, String attack) {
    return report.findings().stream()
        .filter(f -> f.attack().equals(attack))
        .findFirst()
        .orElseThrow();
  }

  private static double bound(Report report, String mechanism) {
    Finding finding = finding(report, "membership-one-run/" + mechanism);
    return Objects.requireNonNull(
        finding.metric("epsilonLowerBound").orElseThrow().value(), finding.reason());
  }

  private static GateResult claim(Report report) {
    return report.verdict().gates().stream()
        .filter(gate -> gate.gate().equals(GateResult.CLAIM))
        .findFirst()
        .orElseThrow();
  }

  private CanarySpec kind(String name) {
    return switch (name) {
      case "mislabelled" -> new CanarySpec.Mislabelled(200);
      case "dirac" -> new CanarySpec.Dirac(400, 30);
      default -> new CanarySpec.Own(wrong(table("own.csv", 9, 200)));
    };
  }

  /** The same rows under the other label. */
  private static Path wrong(Path table) {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(table));
      lines.replaceAll(
          line ->
              line.endsWith("even") ? line.replace("even", "odd") : line.replace(",odd", ",even"));
      return Files.write(table, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mislabelled", "dirac", "own"})
  void plainTrainingContradictsAClaimOfOne(String name) {
    Path trained = trained(kind(name), Optimiser.Adam.of(0.01), 60);
    Report report = audit(spec(trained).claim(ONE).build());
    assertThat(bound(report, "any-mechanism")).isGreaterThan(1);
    assertThat(bound(report, "gaussian-mechanism")).isGreaterThan(1);
    GateResult claim = claim(report);
    assertThat(claim.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(claim.sentence()).startsWith("The claim is contradicted: epsilon is at least ");
    assertThat(report.verdict().decision()).isEqualTo(Decision.DO_NOT_RELEASE);
    assertThat(report.verdict().reasons()).first().isEqualTo(claim.sentence());
    RunFolder saved = RunFolder.load(folder.resolve("run"));
    assertThat(saved.report()).isEqualTo(report);
    assertThat(saved.page())
        .content()
        .contains(
            "The claim is contradicted",
            "how private the training",
            "gaussian mechanism",
            "ε at least");
  }

  /** A training that hardly moves the weights tells no canary from another. */
  @Test
  void aTrainingThatLearnsNothingIsConsistentWithAnyClaim() {
    Path trained =
        trained(new CanarySpec.Mislabelled(200), new Optimiser.Sgd(1e-9, 0, false, 0), 1);
    Report report = audit(spec(trained).claim(ONE).build());
    assertThat(claim(report).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(claim(report).sentence()).startsWith("The claim is consistent with the audit");
    assertThat(bound(report, "any-mechanism")).isLessThan(.5);
    assertThat(report.verdict().decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    assertThat(report.verdict().notShown()).anyMatch(line -> line.contains("proves nothing"));
  }

  @Test
  void fewCanariesSayHowManyWouldDo() {
    Path trained = trained(new CanarySpec.Mislabelled(20), Optimiser.Adam.of(0.01), 60);
    Report report = audit(spec(trained).claim(new EpsilonClaim(3, 1e-5)).build());
    assertThat(claim(report).outcome()).isEqualTo(Outcome.INSUFFICIENT);
    assertThat(claim(report).sentence())
        .startsWith("There is too little data to say")
        .contains("it takes at least")
        .contains("canaries, all guessed right");
    assertThat(report.verdict().reasons()).contains(claim(report).sentence());
  }

  @Test
  void withoutAClaimTheBoundStandsInTheReportAlone() {
    Path trained = trained(new CanarySpec.Mislabelled(100), Optimiser.Adam.of(0.01), 60);
    Report report = audit(spec(trained).setting("membership-one-run", "guesses", "50").build());
    assertThat(finding(report, "membership-one-run/any-mechanism").reason())
        .contains("100 canaries were trained on", " of 50 guesses were right; at delta 1e-5");
    assertThat(report.verdict().gates()).noneMatch(gate -> gate.gate().equals(GateResult.CLAIM));
    assertThat(report.coverage())
        .filteredOn(line -> line.item().equals("Epsilon bounded from below by canaries"))
        .extracting(Report.Coverage::status)
        .containsExactly("run");
  }

  /** As many of each side as of the other would make one coin tell of another. */
  @Test
  void aShortBudgetAsksAboutCanariesWhateverTheirCoins() {
    Path trained = trained(new CanarySpec.Mislabelled(200), Optimiser.Adam.of(0.01), 2);
    Set<Integer> beyondHalf = new HashSet<>();
    for (int budget : new int[] {20, 30, 40, 50}) {
      Report report =
          audit(spec(trained).queryBudget(budget).out(folder.resolve("run" + budget)).build());
      Finding finding = finding(report, "membership-one-run/any-mechanism");
      assertThat(finding.queries()).isEqualTo(budget);
      String told = String.valueOf(finding.reason());
      assertThat(told).contains(" of " + budget + " canaries were trained on");
      beyondHalf.add(2 * Integer.parseInt(told.split(" ", 2)[0]) - budget);
    }
    assertThat(beyondHalf).isNotEqualTo(Set.of(0));
  }

  @Test
  void gradientsAreNotLookedForByWhoHasNoWeights() {
    Path trained = trained(new CanarySpec.Dirac(400, 30), Optimiser.Adam.of(0.01), 2);
    Report report = audit(spec(trained).access(Access.SCORES).claim(ONE).build());
    assertThat(finding(report, "membership-one-run").status()).isEqualTo(Status.NOT_APPLICABLE);
    assertThat(claim(report).outcome()).isEqualTo(Outcome.INSUFFICIENT);
    assertThat(claim(report).sentence())
        .isEqualTo(
            "The claim of epsilon 1 at delta 1e-5 was not tested: its canaries are looked for"
                + " in the weights; the adversary has SCORES.");
  }

  @Test
  void saysWhatIsWrongWithTheCanaries() throws IOException {
    Path own = table("own.csv", 9, 50);
    Path trained = trained(new CanarySpec.Own(own), Optimiser.Adam.of(0.01), 1);
    AuditSpec.Builder spec = spec(trained);
    Files.writeString(own, "x0,label\n1,odd\n");
    assertThatThrownBy(() -> audit(spec.build()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("own.csv, which is gone or was changed");
    Path record = trained.resolve("canaries.json");
    Files.writeString(
        record, Files.readString(record).replaceFirst("\"model\" : \"....", "\"model\" : \"0000"));
    assertThatThrownBy(() -> audit(spec.out(folder.resolve("second")).build()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--canaries: these are canaries of another model");
    assertThatThrownBy(() -> audit(spec.canaries(folder).out(folder.resolve("third")).build()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--canaries: there is no ");
    assertThatThrownBy(() -> AuditSpec.ofModel(trained.resolve("model.onnx")).claim(ONE).build())
        .hasMessageStartingWith("--claim is tested on canaries");
    assertThatThrownBy(() -> AuditSpec.ofPredictions(own, own).canaries(trained).build())
        .hasMessage("--canaries needs --model, not --predictions");
  }
}
