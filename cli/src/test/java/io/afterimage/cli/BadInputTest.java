package io.afterimage.cli;

import static io.afterimage.cli.BadFiles.ZIP;
import static io.afterimage.cli.BadFiles.bomb;
import static io.afterimage.cli.BadFiles.cycle;
import static io.afterimage.cli.BadFiles.external;
import static io.afterimage.cli.BadFiles.head;
import static io.afterimage.cli.BadFiles.lines;
import static io.afterimage.cli.BadFiles.named;
import static io.afterimage.cli.BadFiles.nested;
import static io.afterimage.cli.BadFiles.node;
import static io.afterimage.cli.BadFiles.renamed;
import static io.afterimage.cli.BadFiles.replaced;
import static io.afterimage.cli.BadFiles.withNode;
import static io.afterimage.cli.BadFiles.withTensor;
import static io.afterimage.cli.BadFiles.write;
import static io.afterimage.cli.BadFiles.yaml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.cli.BadFiles.Wrong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a user can get wrong ends with exit code 2 and one line that names what, where and what
 * to do: within seconds, without a stack trace, and without a report.
 */
class BadInputTest {
  private static final Duration SECONDS = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private static void assertRefused(Ended ended, Instant started, String... named) {
    assertThat(ended.code()).as(ended.err() + ended.out()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ended.err().strip())
        .hasLineCount(1)
        .startsWith("afterimage: ")
        .contains(named)
        .doesNotContain("internal error", "\tat ", "Exception");
    assertThat(ended.err().length()).as(ended.err()).isLessThan(700);
    assertThat(Duration.between(started, Instant.now())).isLessThan(SECONDS);
  }

  // ---- options

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--query-budget 0 | --query-budget",
        "--query-budget -5 | --query-budget",
        "--query-budget 1.5 | --query-budget",
        "--query-budget 99999999999999999999 | --query-budget",
        "--query-budget | --query-budget",
        "--controls-budget -1 | --controls-budget",
        "--controls-budget soon | --controls-budget",
        "--controls-budget 99999999h | --controls-budget",
        "--seed x | --seed",
        "--seed 99999999999999999999 | --seed",
        "--threads 0 | --threads",
        "--threads -3 | --threads",
        "--threads 100000 | --threads",
        "--threads two | --threads",
        "--defend round:99 | --defend round:99",
        "--defend round:-1 | --defend round:-1",
        "--defend round:x | --defend round:x",
        "--defend round | --defend round",
        "--defend nonsense | --defend nonsense",
        "--defend round:2,,top-k:1 | --defend",
        "--defend top-k:0 | --defend top-k:0",
        "--defend label-only:3 | --defend label-only:3",
        "--defend gaussian:-0.1 | --defend gaussian",
        "--defend gaussian:NaN | --defend gaussian",
        "--defend laplace:Infinity | --defend laplace",
        "--defend temperature:0 | --defend temperature",
        "--access total | --access",
        "--attacks mi-nothing | mi-nothing",
        "--set steps=1 | --set",
        "--set mi-face.steps | --set",
        "--set mi-face.stepz=1 | stepz",
        "--set mi-face.steps=0 | steps",
        "--set mi-face.steps=many | steps",
        "--set mi-nothing.steps=1 | mi-nothing",
        "--policy lax | lax",
        "--exposure everyone | --exposure",
        "--output probabilities=odds | odds",
        "--output nothing=logits | nothing",
        "--output probabilities | --output",
        "--label species | --label",
        "--sensitive colour | colour",
        "--person colour | colour",
        "--id colour | colour",
        "--numeric colour | colour",
        "--categorical colour | colour",
        "--ignore colour | colour",
        "--numeric a --categorical a | --numeric",
        "--header maybe | --header",
        "--classes nowhere.txt | nowhere.txt",
        "--range 1 | --range",
        "--range 1,0 | --range",
        "--range 0,inf | --range",
        "--range dark,light | --range",
        "--mean 1 | --std",
        "--mean NaN --std 1 | --mean",
        "--mean 0 --std 0 | --std",
        "--layout chwn | --layout",
        "--population nowhere.csv | nowhere.csv",
        "--evaluation nowhere.csv | nowhere.csv",
        "--predictions a.csv,b.csv | --predictions",
        "--queries 5 | --queries",
        "--out | --out",
        "--members a.csv --members b.csv | --members",
      })
  void optionsOutOfBounds(String typed, String named) {
    Instant started = Instant.now();
    List<String> arguments = audit(members(), others());
    arguments.addAll(List.of(typed.split(" ")));
    assertRefused(Ended.of(arguments.toArray(String[]::new)), started, named);
    assertThat(folder.resolve("run/report.json")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attack | name an attack",
        "attack mi-nothing | mi-nothing",
        "attack mi-face --steps 0 | steps",
        "attack mi-face --steps | --steps",
        "attack mi-face --steps many | steps",
        "attack mi-face --stepz 5 | stepz",
        "attack mi-face 5 | what is 5",
        "attack mi-search --query-budget 0 | --query-budget",
        "report | RUN",
        "report nowhere | nowhere",
        "report nowhere --reveal=7 | reveal",
        "inspect nowhere.onnx | nowhere.onnx",
        "inspect | MODEL.onnx",
        "inspect a.onnx b.onnx | b.onnx",
        "audit --nonsense | --nonsense",
        "audit nowhere.yaml | nowhere.yaml",
        "demo --nonsense | --nonsense",
        "frobnicate | frobnicate",
        "--nonsense | --nonsense",
      })
  void commandsWithoutWhatTheyNeed(String typed, String named) {
    List<String> arguments = new ArrayList<>(List.of(typed.split(" ")));
    if (arguments.get(0).equals("attack") && arguments.size() > 1) {
      arguments.addAll(
          List.of("--model", Irises.MODEL.toString(), "--members", members().toString()));
      arguments.addAll(List.of("--label", "species", "--out", folder.resolve("run").toString()));
    }
    Instant started = Instant.now();
    assertRefused(Ended.of(arguments.toArray(String[]::new)), started, named);
  }

  private Path members() {
    return Irises.file(folder.resolve("members.csv"), 1, 60);
  }

  private Path others() {
    return Irises.file(folder.resolve("others.csv"), 2, 60);
  }

  private List<String> audit(Path members, Path nonmembers) {
    return new ArrayList<>(
        List.of(
            "audit",
            "--model",
            Irises.MODEL.toString(),
            "--members",
            members.toString(),
            "--nonmembers",
            nonmembers.toString(),
            "--label",
            "species",
            "--out",
            folder.resolve("run").toString()));
  }

  // ---- models

  static Stream<Wrong> models() {
    return Stream.of(
        new Wrong(
            "cut off", f -> write(f, head(Irises.MODEL, 300)), "m.onnx", "cut off or damaged"),
        new Wrong("empty", f -> write(f, new byte[0]), "m.onnx"),
        new Wrong("text", f -> write(f, "age,income\n1,2\n".getBytes(UTF_8)), "m.onnx", "not"),
        new Wrong("a zip", f -> write(f, new byte[] {'P', 'K', 3, 4, 0, 0}), "m.onnx"),
        new Wrong("zeros", f -> write(f, new byte[5000]), "m.onnx"),
        new Wrong("a folder", f -> f, "no model file"),
        new Wrong("absent", f -> f.resolve("no.onnx"), "no.onnx"),
        new Wrong("a cycle", f -> write(f, cycle()), "m.onnx", "cycle"),
        new Wrong("data missing", f -> write(f, external("weights.bin")), "weights.bin"),
        new Wrong("data outside", f -> write(f, external("../weights.bin")), "../weights.bin"),
        new Wrong("data at root", f -> write(f, external("/etc/passwd")), "/etc/passwd"),
        new Wrong("data by a link", BadFiles::link, "away.bin"),
        new Wrong("over 2 GB", BadFiles::sparse, "m.onnx", "2147483660 bytes"),
        new Wrong("nested thousands deep", f -> write(f, nested(5000)), "m.onnx", "nested"),
        new Wrong(
            "a custom operator",
            f -> write(f, withNode(node("Spin", "y", "x").toBuilder().setDomain("my.ops"))),
            "Spin",
            "my.ops"),
        new Wrong(
            "a negative dimension", f -> write(f, withTensor(-2, 4)), "spare", "dimension of -2"),
        new Wrong(
            "an absurd dimension",
            f -> write(f, withTensor(1L << 40, 4)),
            "spare",
            "1099511627776"),
        new Wrong(
            "a tensor shorter than its shape", f -> write(f, withTensor(3, 4)), "spare", "3"));
  }

  // By name, and by content under another name.
  static Stream<Wrong> otherFormats() {
    return Stream.of(
        new Wrong("a .pkl", f -> named(f, "m.pkl", "?"), "m.pkl", "skl2onnx.to_onnx"),
        new Wrong("a .joblib", f -> named(f, "m.joblib", "?"), "m.joblib", "skl2onnx.to_onnx"),
        new Wrong("a .pt", f -> named(f, "m.pt", "?"), "m.pt", "torch.onnx.export"),
        new Wrong("a .h5", f -> named(f, "m.h5", "?"), "m.h5", "tf2onnx.convert --keras"),
        new Wrong("a .keras", f -> named(f, "m.keras", ZIP), "m.keras", "tf2onnx.convert --keras"),
        new Wrong(
            "a .safetensors",
            f -> named(f, "m.safetensors", "?"),
            "m.safetensors",
            "torch.onnx.export"),
        new Wrong("a pickle", f -> renamed(f, "\u0080\u0004\u0095"), "pickle", "skl2onnx.to_onnx"),
        new Wrong("a compressed joblib", f -> renamed(f, "x\u009c\u0001"), "skl2onnx.to_onnx"),
        new Wrong(
            "PyTorch's archive",
            f -> renamed(f, ZIP + "m/data.pkl"),
            "PyTorch",
            "torch.onnx.export"),
        new Wrong(
            "PyTorch's old file",
            f -> renamed(f, "\u0080\u0002\u008a\nl\u00fc\u009cF"),
            "PyTorch",
            "torch.onnx.export"),
        new Wrong("HDF5", f -> renamed(f, "\u0089HDF\r\n"), "Keras", "tf2onnx.convert --keras"),
        new Wrong(
            "Keras's archive",
            f -> renamed(f, ZIP + "metadata.json"),
            "Keras",
            "tf2onnx.convert --keras"),
        new Wrong(
            "safetensors",
            f -> renamed(f, "@\0\0\0\0\0\0\0{\"__metadata__\":"),
            "weights without their graph",
            "torch.onnx.export"));
  }

  @ParameterizedTest
  @MethodSource("otherFormats")
  void otherFormatsAreAnsweredWithTheCommandThatExportsThem(Wrong wrong) throws IOException {
    Path model = wrong.made().in(folder);
    Instant started = Instant.now();
    assertRefused(Ended.of("inspect", model.toString()), started, wrong.named());
  }

  @ParameterizedTest
  @MethodSource("models")
  void modelFiles(Wrong wrong) throws IOException {
    Path model = wrong.made().in(folder);
    Instant started = Instant.now();
    assertRefused(Ended.of("inspect", model.toString()), started, wrong.named());
    List<String> arguments = audit(members(), others());
    arguments.set(2, model.toString());
    assertRefused(Ended.of(arguments.toArray(String[]::new)), started, wrong.named());
  }

  // ---- tables

  static Stream<Wrong> tables() {
    return Stream.of(
        new Wrong("a column less", BadFiles::narrow, "members"),
        new Wrong("other columns", f -> replaced(f, "a,b,c,d", "a,b,c,e"), "members"),
        new Wrong("ragged", f -> lines(f, 20, "1,2,3"), "members", "line 22"),
        new Wrong("unknown label", f -> lines(f, 20, "5,3,1.5,0.2,rose"), "rose", "--classes"),
        new Wrong("no label", f -> lines(f, 20, "5,3,1.5,0.2,"), "no label"),
        new Wrong("NaN", f -> lines(f, 20, "NaN,3,1.5,0.2,0"), "NaN"),
        new Wrong("infinite", f -> lines(f, 20, "inf,3,1.5,0.2,0"), "inf"),
        new Wrong("too large for float", f -> lines(f, 20, "1e300,3,1.5,0.2,0"), "members:20"),
        new Wrong("missing cell", f -> lines(f, 20, ",3,1.5,0.2,0"), "missing"),
        new Wrong("no rows", f -> lines(f, 0), "members"),
        new Wrong("nothing", f -> Files.write(f.resolve("m.csv"), new byte[0]), "m.csv"),
        new Wrong("one row", f -> lines(f, 1), "members"),
        new Wrong("200,000 columns", BadFiles::wide, "m.csv", "columns"),
        new Wrong("a cell of 30 MB", BadFiles::longCell, "m.csv"),
        new Wrong("NUL bytes", f -> lines(f, 20, "5,3\0,1.5,0.2,0"), "NUL"),
        new Wrong("an unclosed quote", f -> lines(f, 20, "\"5,3,1.5,0.2,0"), "quote"),
        new Wrong("binary", f -> Files.write(f.resolve("m.csv"), new byte[9999]), "m.csv"),
        new Wrong("a model", f -> Files.copy(Irises.MODEL, f.resolve("m.csv")), "m.csv"),
        new Wrong("unknown format", f -> Files.write(f.resolve("m.doc"), new byte[9]), "m.doc"),
        new Wrong(
            "cut Parquet",
            f -> Files.write(f.resolve("m.parquet"), "PAR1".getBytes(UTF_8)),
            "m.parquet"),
        new Wrong("bad JSON", f -> Files.writeString(f.resolve("m.jsonl"), "{\"a\": 1"), "m.jsonl"),
        new Wrong("an NPZ bomb", BadFiles::npzBomb, "m.npz"),
        new Wrong("an NPY that lies", BadFiles::npyBomb, "m.npy"),
        new Wrong("a gzip bomb", BadFiles::gzipBomb, "m.csv.gz"),
        new Wrong("the members again", f -> Irises.file(f.resolve("m.csv"), 2, 60), "same rows"),
        new Wrong("the members in another order", BadFiles::shuffled, "same rows"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void tableFiles(Wrong wrong) throws IOException {
    Path members = wrong.made().in(folder);
    Instant started = Instant.now();
    Path others = members.toString().contains(".np") ? members : others();
    Ended ended = Ended.of(audit(members, others).toArray(String[]::new));
    assertRefused(ended, started, wrong.named());
    assertThat(folder.resolve("run/report.json")).doesNotExist();
  }

  // ---- pictures

  static Stream<Wrong> pictures() {
    return Stream.of(
        new Wrong("of two sizes", f -> BadFiles.pictures(f, 8, 9), "8 high and 8 wide", "9 high"),
        new Wrong("of another size than the model's", f -> BadFiles.pictures(f, 9, 9), "9"),
        new Wrong("a huge claim", BadFiles::hugeClaim, "60000"),
        new Wrong("cut off", BadFiles::cutPicture, "b.png"),
        new Wrong("no pictures", f -> Files.createDirectories(f.resolve("m/0")), "m"),
        new Wrong("no classes", f -> Files.createDirectories(f.resolve("m")), "m"),
        new Wrong("coloured", BadFiles::coloured, "--convert-colours"));
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void pictureFolders(Wrong wrong) throws IOException {
    wrong.made().in(folder);
    BadFiles.pictures(folder.resolve("fine"), 8, 8);
    List<String> arguments = audit(folder.resolve("m"), folder.resolve("fine/m"));
    arguments.set(2, Irises.MODEL.resolveSibling("torch-lenet.onnx").toString());
    arguments.removeAll(List.of("--label", "species"));
    Instant started = Instant.now();
    assertRefused(Ended.of(arguments.toArray(String[]::new)), started, wrong.named());
  }

  // ---- YAML

  static Stream<Wrong> specs() {
    return Stream.of(
        new Wrong("a bomb", f -> yaml(f, bomb()), "line", "anchors"),
        new Wrong("a tag", f -> yaml(f, "model: !!javax.script.ScriptEngineManager [x]"), "tags"),
        new Wrong("deep", f -> yaml(f, "[".repeat(5000)), "nested"),
        new Wrong("a large file", f -> yaml(f, "#".repeat(2 << 20)), "bytes"),
        new Wrong("a key twice", f -> yaml(f, "model: a\nmodel: b"), "model"),
        new Wrong("an unknown key", f -> yaml(f, "modell: a"), "modell"),
        new Wrong("a wrong type", f -> yaml(f, "query-budget: many"), "query-budget"),
        new Wrong("out of bounds", f -> yaml(f, "query-budget: 0"), "query-budget"),
        new Wrong("no YAML", f -> yaml(f, "model: [a"), "YAML"),
        new Wrong(
            "not UTF-8", f -> Files.write(f.resolve("s.yaml"), new byte[] {(byte) 0xff}), "UTF-8"),
        new Wrong("nothing", f -> yaml(f, ""), "s.yaml"));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void specAndPolicyFiles(Wrong wrong) throws IOException {
    String file = wrong.made().in(folder).toString();
    Instant started = Instant.now();
    assertRefused(Ended.of("audit", file), started, wrong.named());
    List<String> arguments = audit(members(), others());
    arguments.addAll(List.of("--policy", file));
    assertRefused(Ended.of(arguments.toArray(String[]::new)), started, "s.yaml");
  }

  // ---- where the run goes

  static Stream<Wrong> outs() {
    return Stream.of(
        new Wrong("a file", f -> Files.writeString(f.resolve("taken"), "x"), "taken"),
        new Wrong(
            "under a file", f -> Files.writeString(f.resolve("file"), "x").resolve("run"), "file"),
        new Wrong("where nobody may write", f -> Path.of("/proc/afterimage"), "/proc/afterimage"),
        new Wrong("another run", BadFiles::finished, "--out"));
  }

  @ParameterizedTest
  @MethodSource("outs")
  void foldersThatCannotBeWritten(Wrong wrong) throws IOException {
    List<String> arguments = audit(members(), others());
    arguments.set(arguments.size() - 1, wrong.made().in(folder).toString());
    Instant started = Instant.now();
    assertRefused(Ended.of(arguments.toArray(String[]::new)), started, wrong.named());
  }

  // ---- resources

  static Stream<Wrong> greedy() {
    return Stream.of(
        new Wrong("200,000 columns", BadFiles::wide, "m.csv", "columns"),
        new Wrong("a cell of 30 MB", BadFiles::longCell, "m.csv"),
        new Wrong("an NPZ bomb", BadFiles::npzBomb, "m.npz"),
        new Wrong("an NPY that lies", BadFiles::npyBomb, "m.npy"),
        new Wrong("a gzip bomb", BadFiles::gzipBomb, "m.csv.gz"),
        new Wrong("a huge picture", BadFiles::hugeClaim, "60000"));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("greedy")
  void staysWithinLittleMemory(Wrong wrong) throws Exception {
    Path members = wrong.made().in(folder);
    Path read = members.toString().endsWith(".png") ? folder.resolve("m") : members;
    List<String> arguments = audit(read, members.toString().contains(".csv") ? others() : read);
    Instant started = Instant.now();
    assertRefused(Forked.run("-Xmx256m", arguments), started, wrong.named());
  }

  @Test
  void aFullDisk() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    Assumptions.assumeTrue(
        Forked.succeeds("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", disk.toString()),
        "no right to mount a small disk");
    try {
      List<String> arguments = audit(members(), others());
      arguments.set(arguments.size() - 1, disk.resolve("run").toString());
      Ended ended = Ended.of(arguments.toArray(String[]::new));
      assertThat(ended.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(ended.err().strip().lines().toList())
          .last()
          .asString()
          .contains("cannot write", "No space left", "--out");
      assertThat(disk.resolve("run/report.json")).doesNotExist();
    } finally {
      Forked.succeeds("umount", disk.toString());
    }
  }
}
