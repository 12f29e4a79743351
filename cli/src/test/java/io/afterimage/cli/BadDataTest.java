package io.afterimage.cli;

import static io.afterimage.cli.BadFiles.lines;
import static io.afterimage.cli.BadFiles.replaced;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.afterimage.cli.BadFiles.Wrong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables and pictures that cannot be read, do not fit the model, or grow in memory. */
class BadDataTest extends Refusals {
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
        new Wrong("the members again", f -> Irises.file(f.resolve("m.csv"), 2, 60), "same rows"),
        new Wrong("the members in another order", BadFiles::shuffled, "same rows"));
  }

  /** Small files that are large once they are read. */
  static Stream<Wrong> bombs() {
    return Stream.of(
        new Wrong("200,000 columns", BadFiles::wide, "m.csv", "columns"),
        new Wrong("a cell of 30 MB", BadFiles::longCell, "m.csv"),
        new Wrong("an NPZ bomb", BadFiles::npzBomb, "m.npz"),
        new Wrong("an NPY that lies", BadFiles::npyBomb, "m.npy"),
        new Wrong("a gzip bomb", BadFiles::gzipBomb, "m.csv.gz"));
  }

  @ParameterizedTest
  @MethodSource({"tables", "bombs"})
  void tableFiles(Wrong wrong) throws IOException {
    Path members = wrong.made().in(folder);
    assertRefused(audit(members), wrong.named());
  }

  private List<String> audit(Path members) {
    boolean numbersAlone = members.toString().contains(".np") || Files.isDirectory(members);
    Path others = numbersAlone ? members : others();
    return audit(Irises.MODEL, members, others, folder.resolve("run"));
  }

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
    Path model = Irises.MODEL.resolveSibling("torch-lenet.onnx");
    List<String> arguments =
        audit(model, folder.resolve("m"), folder.resolve("fine/m"), folder.resolve("run"));
    arguments.removeAll(List.of("--label", "species"));
    assertRefused(arguments, wrong.named());
  }

  static Stream<Wrong> hugePicture() {
    return Stream.of(new Wrong("a huge picture", BadDataTest::hugeClaim, "60000"));
  }

  private static Path hugeClaim(Path folder) throws IOException {
    BadFiles.hugeClaim(folder);
    return folder.resolve("m");
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource({"bombs", "hugePicture"})
  void staysWithinLittleMemory(Wrong wrong) throws Exception {
    Path members = wrong.made().in(folder);
    Instant started = Instant.now();
    assertRefused(Forked.run("-Xmx256m", audit(members)), started, wrong.named());
  }
}
