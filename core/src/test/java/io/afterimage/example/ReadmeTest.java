package io.afterimage.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.ReadOptions;
import io.afterimage.report.Report;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeakedTensors.class)
class ReadmeTest {
  private static final Path EXAMPLE =
      Path.of("src/test/java/io/afterimage/example/AuditYourOwnModel.java");

  @TempDir Path folder;

  @Test
  void theExampleInTheReadmeIsTheOneThatIsCompiled() throws IOException {
    List<String> lines =
        Files.readAllLines(EXAMPLE).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
    List<String> example =
        lines.subList(lines.indexOf("// README") + 1, lines.lastIndexOf("// README"));
    List<String> readme =
        Files.readAllLines(Path.of("../README.md")).stream().map(String::strip).toList();
    assertThat(example).hasSize(11);
    assertThat(readme).containsSequence(example);
  }

  @Test
  void theExampleAudits() throws IOException {
    Path train = table("train");
    Dataset rows =
        DataReader.read(Map.of("members", train), ReadOptions.builder().label("income").build())
            .get("members");
    Path model = folder.resolve("model.onnx");
    Architectures.softmax(2).over(Encoder.fit(rows), Run.of(1)).write(model);
    Path out = folder.resolve("audit");
    Report report = AuditYourOwnModel.audit(model, train, table("test"), out);
    assertThat(report.findings()).extracting("attack").contains("attribute-map/marital");
    assertThat(report.defences()).hasSize(2);
    assertThat(report.controls())
        .filteredOn(c -> c.name().startsWith("Trained without the members"))
        .extracting(Report.Control::status)
        .containsExactly("passed", "passed");
    assertThat(out.resolve("report.html")).exists();
  }

  private Path table(String name) throws IOException {
    RandomGenerator random = Run.of(2).random(name);
    StringBuilder csv = new StringBuilder("age,hours,marital,income\n");
    for (int row = 0; row < 300; row++) {
      csv.append(20 + random.nextInt(50)).append(',').append(random.nextInt(60)).append(',');
      csv.append(random.nextBoolean() ? "married" : "single").append(',');
      csv.append(random.nextInt(2)).append('\n');
    }
    return Files.writeString(folder.resolve(name + ".csv"), csv);
  }
}
