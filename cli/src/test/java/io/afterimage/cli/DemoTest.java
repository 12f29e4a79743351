package io.afterimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.DataReader.Loaded;
import io.afterimage.data.Dataset;
import io.afterimage.data.Overlap;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Shape;
import io.afterimage.report.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo as a user meets it. */
class DemoTest {
  @TempDir private Path folder;

  private record Ended(int code, String out, String err) {}

  private static Ended demo(String... options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] words = new String[options.length + 1];
    words[0] = "demo";
    System.arraycopy(options, 0, words, 1, options.length);
    int code =
        Main.run(
            Console.of(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)),
            words);
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  @Tag("slow")
  void aLeakingModelIsToldFromOneTrainedWithCare() throws IOException {
    Path out = folder.resolve("demo");
    Ended ended = demo("--out", out.toString(), "--json", "--quiet");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
    JsonNode audits = JsonMapper.shared().readTree(ended.out()).get("audits");
    assertThat(audits.valueStream().map(audit -> audit.get("name").asString()))
        .containsExactly("digit recogniser", "clinical model, hurried", "clinical model, careful");
    for (JsonNode audit : audits) {
      Path run = Path.of(audit.get("report").asString()).resolveSibling("");
      assertThat(run).isDirectoryContaining("glob:**/report.html").startsWith(out);
      assertThat(RunFolder.load(run).report().verdict().decision().toString())
          .isEqualTo(audit.get("decision").asString());
      assertThat(audit.get("membershipAucBehind").propertyNames()).hasSize(3);
    }
    assertThat(auc(audits.get(1), "low")).isGreaterThan(auc(audits.get(2), "high"));
    assertThat(auc(audits.get(1), "low")).isGreaterThan(labelOnly(audits.get(1), "high"));
    assertThat(audits.get(0).get("recognised").propertyNames())
        .containsExactlyInAnyOrder("feature-inversion", "mi-face", "mi-search");
    assertThat(Files.readString(out.resolve("digits/model-audit/report.html"))).contains("<img ");
  }

  private static double auc(JsonNode audit, String end) {
    return audit.get("membershipAuc").get(end).asDouble();
  }

  private static double labelOnly(JsonNode audit, String end) {
    return audit.get("membershipAucBehind").get("label-only").get(end).asDouble();
  }

  @Test
  void digitsAreReadAsPicturesAndNoneIsInBothRoles() {
    Loaded rows = read(DemoData.digits(folder, Run.of(1)), "y");
    Dataset members = rows.get("members");
    assertThat(members.rows()).isEqualTo(797);
    assertThat(rows.get("nonmembers").rows()).isEqualTo(1_000);
    assertThat(((Column.Array) members.inputs().get(0)).shape()).isEqualTo(new Shape(1, 8, 8));
    assertThat(Overlap.between(members, rows.get("nonmembers")).rows()).isZero();
  }

  @Test
  void patientsHaveTheirDiagnosisByNameAndNoneIsInBothRoles() {
    Loaded rows = read(DemoData.clinic(folder, Run.of(1)), "diagnosis");
    Dataset members = rows.get("members");
    assertThat(members.rows() + rows.get("nonmembers").rows()).isEqualTo(569);
    assertThat(members.inputs()).hasSize(30).allMatch(Column.Numeric.class::isInstance);
    assertThat(((Column.Categorical) members.label().orElseThrow()).dictionary())
        .containsExactlyInAnyOrder("malignant", "benign");
    assertThat(Overlap.between(members, rows.get("nonmembers")).rows()).isZero();
  }

  @Test
  void anotherSeedGivesAnotherSplitAndTheSameSeedTheSame() throws IOException {
    byte[] one = Files.readAllBytes(DemoData.clinic(folder, Run.of(1)).members());
    assertThat(DemoData.clinic(folder, Run.of(1)).members()).hasBinaryContent(one);
    assertThat(Files.readAllBytes(DemoData.clinic(folder, Run.of(2)).members())).isNotEqualTo(one);
  }

  private static Loaded read(DemoData data, String label) {
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("members", data.members());
    files.put("nonmembers", data.nonMembers());
    return DataReader.read(files, ReadOptions.builder().label(label).build());
  }

  @Test
  void aFolderThatHoldsSomethingIsLeftAlone() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine.txt"), "mine");
    Ended ended = demo("--out", folder.toString());
    assertThat(ended.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ended.err().strip()).hasLineCount(1).contains("not empty", "--out");
    assertThat(folder.toFile().list()).containsExactly("mine.txt");
    assertThat(mine).hasContent("mine");
  }

  @Test
  void aFileInTheWayIsBadInput() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    for (String out : List.of(file.toString(), file.resolve("below").toString())) {
      Ended ended = demo("--out", out);
      assertThat(ended.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(ended.err().strip()).hasLineCount(1).contains("cannot write", "--out");
    }
  }
}
