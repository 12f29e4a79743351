package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.assess.Finding;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.NpzWriter;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.policy.Decision;
import io.afterimage.report.Report;
import io.afterimage.report.RunFolder;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Examples;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Forty people, each a pattern of their own under noise, and a recogniser of them: audited from
 * files, as a stranger would.
 */
@ExtendWith(NoLeakedTensors.class)
class PeopleAuditTest {
  private static final int PEOPLE = 40;
  private static final int SIDE = 12;
  private static final Shape SHAPE = new Shape(1, SIDE, SIDE);

  @TempDir Path folder;

  @Test
  void peopleWhomTheModelKnowsAreRecognisedAndTheModelIsNotReleased() throws IOException {
    Report report = audit(model(IntStream.range(0, 4 * PEOPLE).map(row -> row % PEOPLE).toArray()));
    Finding finding = miFace(report);
    assertThat(finding.baselines()).containsKeys("start", "population-mean", "permuted-labels");
    assertThat(low(finding)).isGreaterThan(0.09);
    assertThat(report.verdict().decision()).isEqualTo(Decision.DO_NOT_RELEASE);
    assertThat(report.controls())
        .filteredOn(control -> control.name().endsWith("mi-face"))
        .singleElement()
        .extracting(Report.Control::status)
        .isEqualTo("passed");
    RunFolder saved = RunFolder.load(folder.resolve("run"));
    assertThat(saved.evidence().pictures("mi-face").orElseThrow().panels()).hasSize(3);
    assertThat(Files.readString(saved.page())).doesNotContain("data:image/png");
  }

  @Test
  void aModelOfPermutedLabelsShowsNobody() throws IOException {
    int[] strangers = Run.of(9).random("strangers").ints(4L * PEOPLE, 0, PEOPLE).toArray();
    Finding finding = miFace(audit(model(strangers)));
    // Chance recognises 1 of 40; above 6 would come about in fewer than 1 of 10,000 runs.
    assertThat(finding.metric("recognised").orElseThrow().value()).isLessThanOrEqualTo(6 / 40.0);
    assertThat(low(finding)).isLessThanOrEqualTo(0.09);
  }

  /** Before any attack, and in the same words for all of them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "160|1|9|rows of population are 1x9x9, but those of members are 1x12x12",
        "160|3|12|rows of population are 3x12x12, but those of members are 1x12x12",
        "1|1|12|--population has 1 rows; give at least two",
        "0|1|12|population (population.npz): array 'x' of shape [0, 1, 12, 12]"
      },
      quoteCharacter = '`')
  void aPopulationThatDoesNotFitIsRefused(int rows, int channels, int side, String message)
      throws IOException {
    Path model = folder.resolve("fresh.onnx");
    Architectures.softmax(PEOPLE).over(SHAPE, Run.of(2)).write(model);
    Path population = folder.resolve("population.npz");
    try (NpzWriter archive = new NpzWriter(Files.newOutputStream(population))) {
      archive.put("x", new float[rows * channels * side * side], rows, channels, side, side);
      archive.put("y", IntStream.range(0, rows).map(row -> row % PEOPLE).toArray());
    }
    AuditSpec spec =
        AuditSpec.ofModel(model)
            .members(pictures("members", 4))
            .nonMembers(pictures("nonmembers", 4))
            .population(population)
            .out(folder.resolve("run"))
            .build();
    assertThatThrownBy(() -> Audit.run(spec, Run.of(1), remark -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(message);
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private static Finding miFace(Report report) {
    return report.findings().stream()
        .filter(finding -> finding.attack().equals("mi-face"))
        .findFirst()
        .orElseThrow();
  }

  private static double low(Finding finding) {
    return Objects.requireNonNull(finding.advantage("overBaseline").orElseThrow().low());
  }

  private Report audit(Path model) throws IOException {
    AuditSpec spec =
        AuditSpec.ofModel(model)
            .members(pictures("members", 4))
            .nonMembers(pictures("nonmembers", 4))
            .evaluation(pictures("evaluation", 6))
            .classIsPerson(true)
            .attack("mi-face")
            .setting("mi-face", "steps", "400")
            .out(folder.resolve("run"))
            .build();
    return Audit.run(spec, Run.of(1), remark -> {});
  }

  private Path model(int[] labels) {
    OnnxModel fresh = Architectures.softmax(PEOPLE).over(SHAPE, Run.of(2));
    float[] pixels = pixels("members", labels.length);
    OnnxModel trained =
        Trainer.train(
                fresh,
                Examples.ofClasses(Architecture.INPUT, pixels, SHAPE, labels),
                Loss.crossEntropy(fresh),
                Optimiser.Adam.of(0.01),
                Trainer.Settings.of(200, 32).until(0.05),
                Run.of(3))
            .model();
    Path file = folder.resolve("model.onnx");
    trained.write(file);
    return file;
  }

  private Path pictures(String role, int each) throws IOException {
    Path file = folder.resolve(role + ".npz");
    int rows = each * PEOPLE;
    try (NpzWriter archive = new NpzWriter(Files.newOutputStream(file))) {
      archive.put("x", pixels(role, rows), rows, 1, SIDE, SIDE);
      archive.put("y", IntStream.range(0, rows).map(row -> row % PEOPLE).toArray());
    }
    return file;
  }

  /** The pictures of a role: row after row, the people in turn. */
  private static float[] pixels(String role, int rows) {
    float[] pixels = new float[rows * SHAPE.size()];
    RandomGenerator noise = Run.of(4).random(role);
    for (int row = 0; row < rows; row++) {
      RandomGenerator pattern = Run.of(5).random("person/" + row % PEOPLE);
      for (int i = 0; i < SHAPE.size(); i++) {
        double value = 0.2 + 0.6 * (pattern.nextBoolean() ? 1 : 0) + 0.15 * noise.nextGaussian();
        pixels[row * SHAPE.size() + i] = (float) Math.min(1, Math.max(0, value));
      }
    }
    return pixels;
  }
}
