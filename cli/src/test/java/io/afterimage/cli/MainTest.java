package io.afterimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.data.NpzWriter;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command line as a user meets it: what it prints, what it writes, how it ends. */
class MainTest {
  private static final Path FIXTURES =
      Path.of(System.getProperty("afterimage.root"), "core/src/test/resources/fixtures");

  @TempDir private Path folder;

  private static Ended run(String... arguments) {
    return Ended.of(arguments);
  }

  @Test
  void inspectsAModel() {
    Ended ended = run("inspect", FIXTURES.resolve("sklearn-logistic.onnx").toString(), "--json");
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("\"operators\"", "\"GRADIENTS\"", "\"batch\"");
  }

  @Test
  void saysByWhatAPipelineHasGradientsThoughNoAttackCanUseThem() {
    String model = FIXTURES.resolve("sklearn-columns.onnx").toString();
    Ended text = run("inspect", model);
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out())
        .contains("GRADIENTS  no\n")
        .contains("it has 4 inputs, and attacks on gradients and inner values take one of numbers")
        .contains("by parameters: yes; by inputs: hours (age, job, sex: no real numbers)\n");
    assertThat(run("inspect", model, "--json").out())
        .containsPattern(
            "\"gradients\" : \\{\\s+\"parameters\" : true,\\s+\"inputs\" : \\[ \"hours\" ]");
  }

  @Test
  void verifiesTheInterpreterOfAModel() {
    String model = FIXTURES.resolve("torch-mlp.onnx").toString();
    Ended text = run("inspect", model, "--verify");
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out())
        .contains("all scored, interpreted and differentiable\n")
        .contains("the interpreter agrees with ONNX Runtime")
        .contains("its gradients agree with finite differences");
    Ended json = run("inspect", model, "--verify", "--json");
    assertThat(json.out())
        .contains("\"maxRelative\" : ", "\"gradientMaxRelative\" : ", "\"rows\" : 8");
  }

  @Test
  void saysWhyGradientsCannotBeCompared() {
    Ended ended = run("inspect", FIXTURES.resolve("sklearn-knn.onnx").toString(), "--verify");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out())
        .containsPattern("Equal +3 +yes +yes +no +its output is true or false")
        .containsPattern(
            "verify +on 8 drawn rows the interpreter agrees .*gradients were not compared");
  }

  @Test
  void whatCouldNotBeComparedIsNotVerified() {
    GraphBuilder g = new GraphBuilder("unknown");
    g.input("x", ElementType.FLOAT, "N", 4);
    g.output(g.node("FooBar", "x").to("y"), ElementType.FLOAT, "N", 4);
    Path file = folder.resolve("unknown.onnx");
    g.build().write(file);
    Ended ended = run("inspect", file.toString(), "--verify");
    assertThat(ended.code()).isEqualTo(ExitCode.INTERNAL);
    assertThat(ended.out()).contains("nothing was compared", "FooBar");
  }

  @Test
  void verifiesOnGivenArrays() throws IOException {
    Path file = folder.resolve("x.npz");
    try (NpzWriter npz = new NpzWriter(Files.newOutputStream(file))) {
      npz.put("X", new float[] {5, 3.4f, 1.5f, 0.2f, 6, 3, 5, 2}, 2, 4);
    }
    String model = FIXTURES.resolve("sklearn-logistic.onnx").toString();
    Ended ended = run("inspect", model, "--inputs", file.toString());
    assertThat(ended.out()).contains("on 2 given rows the interpreter agrees");
    Ended missing = run("inspect", model, "--inputs", folder.resolve("y.npz").toString());
    assertThat(missing.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(missing.err().strip()).hasLineCount(1).contains("y.npz");
  }

  @Test
  void auditsAModelAndWritesEveryReport() throws IOException {
    Path members = irises("members.csv", 1, 60);
    Path others = irises("others.csv", 2, 60);
    Path out = folder.resolve("run");
    Ended ended =
        run(
            "audit",
            "--model",
            FIXTURES.resolve("sklearn-logistic.onnx").toString(),
            "--members",
            members.toString(),
            "--nonmembers",
            others.toString(),
            "--label",
            "species",
            "--defend",
            "round:1,label-only",
            "--out",
            out.toString());
    assertThat(ended.code()).as(ended.err()).isIn(3, 5);
    assertThat(ended.out()).contains("Decision:", "Not shown:");
    for (String file : List.of("report.html", "report.json", "junit.xml", "report.sarif")) {
      assertThat(out.resolve(file)).isNotEmptyFile();
    }
    assertThat(Files.readString(out.resolve("report.json"))).contains("membership-threshold/loss");

    Ended again = run("report", out.toString(), "--quiet");
    assertThat(again.code()).as(again.err()).isZero();
  }

  @Test
  void auditsAModelThatAnswersLabelsAlone() throws IOException {
    Path classes = Files.write(folder.resolve("classes"), List.of("0", "1", "2", "3"));
    Ended ended =
        run(
            "audit",
            "--model",
            FIXTURES.resolve("odd-label-only.onnx").toString(),
            "--members",
            irises("members.csv", 1, 60).toString(),
            "--nonmembers",
            irises("others.csv", 2, 60).toString(),
            "--label",
            "species",
            "--classes",
            classes.toString(),
            "--controls-budget",
            "0",
            "--out",
            folder.resolve("run").toString());
    assertThat(ended.code()).as(ended.err()).isIn(3, 4, 5);
  }

  @Test
  void auditsWhatASpecFileSays() throws IOException {
    irises("members.csv", 1, 60);
    irises("others.csv", 2, 60);
    Path spec =
        Files.writeString(
            folder.resolve("spec.yaml"),
            """
            model: %s
            members: members.csv
            nonmembers: others.csv
            label: species
            attacks: [membership-threshold]
            defend: [round:1, label-only]
            query-budget: 100
            controls-budget: 0
            out: run
            """
                .formatted(Irises.MODEL));
    Ended ended = run("audit", spec.toString(), "--out", folder.resolve("mine").toString());
    assertThat(ended.code()).as(ended.err()).isIn(3, 5);
    assertThat(folder.resolve("run")).doesNotExist();
    assertThat(Files.readString(folder.resolve("mine/report.json")))
        .contains("membership-threshold/loss", "\"blind\"", "label-only");
  }

  @Test
  void theHelpOfAnAttackEndsWithItsSettings() {
    CommandLine line = Main.line(Console.of(System.out, System.err));
    CommandLine attack = Objects.requireNonNull(line.getSubcommands().get("attack"));
    String usual = attack.getUsageMessage();
    line.parseArgs("attack", "mi-face", "--help");
    String settings = attack.getUsageMessage().substring(usual.length());
    assertThat(attack.getUsageMessage()).startsWith(usual);
    assertThat(settings).contains("mi-face", "--patience a whole number", "Default: 100.");
    assertThat(run("attack", "--list").out()).contains(settings.strip());
  }

  @Test
  void whatIsReadInTheFileIsListedAndMountedAsAnAttackIs() throws IOException {
    assertThat(run("attack", "--list").out()).contains("membership-structural: reads in the");
    Ended ended =
        run(
            "attack",
            "membership-structural",
            "--model",
            Irises.MODEL.toString(),
            "--members",
            irises("members.csv", 1, 60).toString(),
            "--nonmembers",
            irises("others.csv", 2, 60).toString(),
            "--label",
            "species",
            "--out",
            folder.resolve("run").toString());
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
    assertThat(ended.out()).contains("membership-structural (run").contains("rowsStored");
  }

  @Test
  void anAttackThatFailedSaysWhyAndEndsWithTwo() {
    Ended ended =
        run(
            "attack",
            "membership-r",
            "--model",
            Irises.MODEL.toString(),
            "--members",
            irises("members.csv", 1, 60).toString(),
            "--nonmembers",
            irises("others.csv", 2, 60).toString(),
            "--label",
            "species",
            "--references",
            "2",
            "--architecture",
            "lenet",
            "--controls-budget",
            "0s",
            "--out",
            folder.resolve("run").toString());
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ended.out().lines())
        .first()
        .asString()
        .startsWith("membership-r (failed: --architecture lenet does not fit these rows: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attack membership-structural --model none.onnx --steps 3 | nothing to set",
        "audit | give either --model",
        "audit --model none.onnx --members a.csv | none.onnx",
        "audit --model none.onnx --query-budget 0 | --query-budget",
        "audit --model none.onnx --policy lax | lax",
        "audit --model none.onnx --exposure everyone | --exposure",
        "audit --model none.onnx --controls-budget soon | --controls-budget",
        "audit --model none.onnx --set steps | --set",
        "audit --membres a.csv | --members",
        "attack mi-nothing --model none.onnx | mi-nothing",
        "report nowhere | nowhere",
        "inspect | MODEL.onnx",
        "frobnicate | frobnicate"
      })
  void answersBadUsageInOneLine(String arguments, String named) {
    Ended ended = run(arguments.split(" "));
    assertThat(ended.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ended.err().strip()).hasLineCount(1).contains(named).doesNotContain("\tat ");
  }

  @Test
  void refusesMembersThatAreTheNonMembers() {
    String rows = irises("rows.csv", 1, 30).toString();
    Ended ended =
        run(
            "audit",
            "--model",
            FIXTURES.resolve("sklearn-logistic.onnx").toString(),
            "--members",
            rows,
            "--nonmembers",
            rows,
            "--label",
            "species",
            "--out",
            folder.resolve("run").toString());
    assertThat(ended.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ended.err()).contains("the same rows");
  }

  private Path irises(String name, long seed, int rows) {
    return Irises.file(folder.resolve(name), seed, rows);
  }
}
