package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of these is one line of error, at once. */
class HostileTablesTest {
  @TempDir Path folder;

  private void refuses(Path path, ReadOptions options, String... parts) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> DataReader.read(Map.of("members", path), options))
                .isInstanceOf(BadInputException.class)
                .message()
                .contains(parts)
                .doesNotContain("\n")
                .hasSizeLessThan(1000));
  }

  private void refuses(String name, byte[] content, String... parts) throws IOException {
    refuses(Files.write(folder.resolve(name), content), ReadOptions.defaults(), parts);
  }

  private void refuses(String name, String content, String... parts) throws IOException {
    refuses(name, content.getBytes(StandardCharsets.UTF_8), parts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.csv",
        "a.tsv",
        "a.jsonl",
        "a.parquet",
        "a.npy",
        "a.npz",
        "train-images-idx3-ubyte"
      })
  void emptyFiles(String name) throws IOException {
    refuses(name, "", "members", "empty");
  }

  @Test
  void filesThatAreNotThere() {
    refuses(folder.resolve("no.csv"), ReadOptions.defaults(), "no.csv", "there is no file");
  }

  @Test
  void filesOfUnknownEnding() throws IOException {
    refuses("a.pickle", "x", "no known ending", ".parquet");
  }

  @Test
  void foldersWithoutPictures() {
    refuses(folder, ReadOptions.defaults(), "holds no sub-folders with pictures");
  }

  @Test
  void foldersNamedAsFiles() throws IOException {
    Files.createDirectory(folder.resolve("a.csv"));
    refuses(folder.resolve("a.csv"), ReadOptions.defaults(), "holds no sub-folders with pictures");
  }

  @Test
  void tablesWithoutRows() throws IOException {
    refuses("a.csv", "x,y\n", "has no rows");
    refuses("b.jsonl", " \n", "has no rows");
    refuses("c.csv", "\n\n\n", "has no rows");
  }

  @Test
  void raggedRowsNameTheLine() throws IOException {
    refuses("a.csv", "x,y\n1,2\n\"a\nb\",2\n1,2,3\n", "line 5 has 3 cells");
    refuses("b.csv", "x,y\r1,2\r1\r", "line 3 has 1 cells");
  }

  @Test
  void columnsOfOneName() throws IOException {
    refuses("a.csv", "x,y,x\n1,2,3\n", "columns 1 and 3 are both called 'x'");
    refuses("b.jsonl", "{\"x\":1,\"x\":2}", "'x' twice");
  }

  @Test
  void quotesThatNeverClose() throws IOException {
    refuses("a.csv", "x,y\n1,\"2\n3,4\n", "quote that opens in line 2 is never closed");
    refuses("b.csv", "x,y\n1,\"2\" 3\n", "line 2", "closing quote");
  }

  @Test
  void cellsOfThirtyMegabytes() throws IOException {
    refuses("a.csv", "x,y\n1," + "z".repeat(30_000_000) + "\n", "line 2", "1,000,000 characters");
    refuses("b.csv", "x,y\n1,\"" + "z\n".repeat(15_000_000), "line 2", "is a quote left open?");
    refuses("c.jsonl", "{\"x\":\"" + "z".repeat(30_000_000) + "\"}", "JSON");
    refuses("d.csv", "z".repeat(30_000_000), "line 1");
  }

  @Test
  void rowsOfManyLargeCells() throws IOException {
    String cell = "z".repeat(900_000) + ",";
    refuses("a.csv", cell.repeat(30) + "\n", "row in line 1");
  }

  @Test
  void nulBytes() throws IOException {
    refuses("a.csv", "x,y\n1,\0\n", "line 2", "NUL");
    refuses("b.jsonl", "{\"x\":\"\\u0000\"}", "NUL");
    refuses("c.csv", "x,y\n1,2\n".getBytes(StandardCharsets.UTF_16LE), "NUL");
  }

  @Test
  void textInNoKnownEncoding() throws IOException {
    refuses("a.csv", "x,y\n1,é\n".getBytes(StandardCharsets.ISO_8859_1), "save it as UTF-8");
    refuses("b.jsonl", "{\"x\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1), "b.jsonl");
  }

  @Test
  void twoHundredThousandColumns() throws IOException {
    refuses("a.csv", "x,".repeat(200_000) + "y\n", "more than 50,000 columns");
    StringBuilder record = new StringBuilder("{\"x\":1");
    for (int i = 0; i < 200_000; i++) {
      record.append(",\"c").append(i).append("\":1");
    }
    refuses("b.jsonl", record.append('}').toString(), "more than 50,000 columns");
  }

  @Test
  void rolesOfDifferentColumns() throws IOException {
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("members", Files.writeString(folder.resolve("a.csv"), "x,y\n1,2\n"));
    files.put("nonmembers", Files.writeString(folder.resolve("b.csv"), "x,z\n1,2\n"));
    assertThatThrownBy(() -> DataReader.read(files, ReadOptions.defaults()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nonmembers (b.csv) has no column 'y', which members (a.csv) has");
  }

  @ParameterizedTest
  @CsvSource({"inf", "-Infinity", "1e999"})
  void infiniteNumbersNameColumnAndLine(String number) throws IOException {
    refuses("a.csv", "x,y\n1,2\n1," + number + "\n", "column 'y'", number, "line 3");
  }

  @Test
  void textInColumnsThatMustHoldNumbers() throws IOException {
    Path path = Files.writeString(folder.resolve("a.csv"), "x,y\n1,2\na,3\n");
    refuses(
        path,
        ReadOptions.builder().kinds(Map.of("x", ColumnKind.NUMERIC)).build(),
        "column 'x' must hold numbers",
        "'a' in line 3");
    refuses(
        path,
        ReadOptions.builder().label("x").regression(true).build(),
        "column 'x' must hold numbers");
  }

  @Test
  void columnsThatAreNotThereOrTakenTwice() throws IOException {
    Path path = Files.writeString(folder.resolve("a.csv"), "x,y\n1,2\n");
    refuses(path, ReadOptions.builder().label("z").build(), "--label", "'z'", "'x'");
    refuses(path, ReadOptions.builder().label("x").sensitive("x").build(), "already taken");
  }

  @Test
  void labelsThatAreNotAmongTheUsersClasses() throws IOException {
    Path path = Files.writeString(folder.resolve("a.csv"), "x,y\n1,2\n");
    Path classes = Files.writeString(folder.resolve("classes.txt"), "a\nb\n");
    refuses(path, ReadOptions.builder().label("y").classes(classes).build(), "'2'", "--classes");
  }

  @Test
  void truncatedGzip() throws IOException {
    byte[] whole = gzip("x,y\n" + "1,2\n".repeat(1000));
    refuses("a.csv.gz", Arrays.copyOf(whole, whole.length / 2), "complete?");
  }

  @Test
  void gzipBombs() throws IOException {
    Path path = folder.resolve("a.csv.gz");
    byte[] line = "\n".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out =
        new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(path)))) {
      for (int i = 0; i < 80; i++) {
        out.write(line);
      }
    }
    refuses(path, ReadOptions.defaults(), "expands to more than 200 times");
  }

  @Test
  void jsonThatIsNoFlatTable() throws IOException {
    refuses("a.jsonl", "{\"x\":1}\n{\"x\":{\"y\":1}}", "record 2", "'x'");
    refuses("b.jsonl", "{\"x\":1}\n{\"x\":", "JSON");
    refuses("c.jsonl", "[".repeat(100_000), "JSON");
    refuses("d.jsonl", "{\"x\":1} 7", "record 2 is no JSON object");
    refuses("e.jsonl", "{\"x\":1}\n{x:2}", "record 2");
    refuses("f.jsonl", "{\"x\":" + "9".repeat(1_000_000) + "}", "JSON");
  }

  @Test
  void parquetThatIsNone() throws Exception {
    refuses("a.parquet", "PAR1 and then some text that is none PAR1", "Parquet");
    Path whole = folder.resolve("whole.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT i AS x, [i] AS list FROM range(10000) t(i)) TO '" + whole + "'");
    }
    byte[] bytes = Files.readAllBytes(whole);
    refuses("b.parquet", Arrays.copyOf(bytes, bytes.length / 2), "Parquet");
    refuses("c.parquet", bytes, "column 'list'", "flat");
    refuses("d*.parquet", bytes, "rename");
  }

  @Test
  void htmlAndControlCharactersInNamesStayInOneLine() throws IOException {
    refuses("a.csv", "\"<b>\nx\",\"<b>\nx\"\n1,2\n", "columns 1 and 2");
  }

  private static byte[] gzip(String text) throws IOException {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
