package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableReaderTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static DataReader.Loaded read(Path members, ReadOptions options) {
    return DataReader.read(Map.of("members", members), options);
  }

  private static Dataset members(Path path, ReadOptions options) {
    return read(path, options).get("members");
  }

  private static List<String> texts(Dataset rows, String column) {
    Column found = rows.column(column);
    return IntStream.range(0, rows.rows())
        .mapToObj(row -> String.valueOf(found.text(row)))
        .toList();
  }

  @Test
  void infersOneKindAndOneDictionaryOverAllRoles() throws IOException {
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("members", file("a.csv", "x,c,y\n1,b,2\n2,a,10\n"));
    files.put("nonmembers", file("b.csv", "c,y,x\nz,10,oops\n,2,3\n"));
    DataReader.Loaded loaded = DataReader.read(files, ReadOptions.builder().label("y").build());
    Column.Categorical x = (Column.Categorical) loaded.get("members").column("x");
    assertThat(x.dictionary()).containsExactly("1", "2", "3", "oops");
    Column.Categorical c = (Column.Categorical) loaded.get("nonmembers").column("c");
    assertThat(c.dictionary()).containsExactly("a", "b", "z");
    assertThat(c.codes()).containsExactly(2, -1);
    assertThat(loaded.get("members").classes()).containsExactly(0, 1);
    assertThat(loaded.get("nonmembers").classes()).containsExactly(1, 0);
    assertThat(((Column.Categorical) loaded.get("members").column("y")).dictionary())
        .as("labels that are numbers stand in their order")
        .containsExactly("2", "10");
  }

  @Test
  void codesDoNotDependOnTheOrderOfRows() throws IOException {
    ReadOptions options = ReadOptions.builder().label("y").build();
    Dataset one = members(file("a.csv", "y\nb\na\nc\n"), options);
    Dataset other = members(file("b.csv", "y\nc\nb\na\n"), options);
    assertThat(one.classes()).containsExactly(1, 0, 2);
    assertThat(other.classes()).containsExactly(2, 1, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void linesEndAsTheyLike(String end) throws IOException {
    String text = String.join(end, "x,t", "1,\"a" + end + "b\"", "", "2,\"say \"\"so\"\"\"", "");
    Dataset rows = members(file("a.csv", text), ReadOptions.defaults());
    assertThat(texts(rows, "x")).containsExactly("1", "2");
    assertThat(texts(rows, "t")).containsExactly("a" + end + "b", "say \"so\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void byteOrderMarksTellTheEncoding(String charset) throws IOException {
    byte[] bytes = "\ufeffnaïve,t\n1,𝄞é\n".getBytes(Charset.forName(charset));
    Path path = Files.write(folder.resolve("a.csv"), bytes);
    Dataset rows = members(path, ReadOptions.defaults());
    assertThat(texts(rows, "naïve")).containsExactly("1");
    assertThat(texts(rows, "t")).containsExactly("𝄞é");
  }

  @Test
  void textStaysAsItStandsUnlessTrimmed() throws IOException {
    Path path = file("a.csv", "t,n,y\n A ,' 1', no.\nB , 2,no\n".replace("'", ""));
    Dataset asIs = members(path, ReadOptions.builder().label("y").build());
    assertThat(texts(asIs, "t")).containsExactly(" A ", "B ");
    assertThat(((Column.Numeric) asIs.column("n")).values()).containsExactly(1, 2);
    assertThat(texts(asIs, "y")).containsExactly(" no.", "no");
    Dataset trimmed = members(path, ReadOptions.builder().label("y").trim(true).build());
    assertThat(texts(trimmed, "t")).containsExactly("A", "B");
    assertThat(texts(trimmed, "y")).containsExactly("no", "no");
  }

  @Test
  void labelsThatAreProbablyOneGiveANoticeThatNamesTrim() throws IOException {
    Path path = file("a.csv", "x,y\n1,yes\n2, Yes.\n3,no\n");
    List<String> notices = read(path, ReadOptions.builder().label("y").build()).notices();
    assertThat(notices).singleElement().asString().contains("--trim", "'yes'", "' Yes.'");
    ReadOptions trimmed = ReadOptions.builder().label("y").trim(true).build();
    assertThat(read(file("b.csv", "x,y\n1,yes\n2, yes.\n"), trimmed).notices()).isEmpty();
  }

  @Test
  void emptyCellsAndNanAreMissing() throws IOException {
    Dataset rows =
        members(file("a.csv", "n,t\n1,\nnan,a\n,\"\"\n-2.5e3,b\n"), ReadOptions.defaults());
    assertThat(((Column.Numeric) rows.column("n")).values())
        .containsExactly(1, Double.NaN, Double.NaN, -2500);
    assertThat(texts(rows, "t")).containsExactly("null", "a", "null", "b");
  }

  @Test
  void textsMayMeanMissing() throws IOException {
    Path path = file("a.csv", "n\n1\nNA\n2\n");
    assertThat(read(path, ReadOptions.defaults()).notices())
        .singleElement()
        .asString()
        .contains("'NA' in line 3", "--missing");
    Dataset rows = members(path, ReadOptions.builder().missing("NA").build());
    assertThat(((Column.Numeric) rows.column("n")).values()).containsExactly(1, Double.NaN, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x1F", "1f", "1d", "1_000", "1,5", ".", "e5", "1e", "+", "١", "1 2"})
  void whatOnlyLooksLikeANumberIsText(String text) {
    assertThat(Numbers.kind(text)).isEqualTo(Numbers.Kind.TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "+.5", "5.", "1e5", "1.5E-300", " 7 ", "007"})
  void decimalNumbersAreNumbers(String text) {
    assertThat(Numbers.value(text)).isEqualTo(Double.parseDouble(text));
  }

  @Test
  void labelsAreClassesUnlessTheModelRegresses() throws IOException {
    Path path = file("a.csv", "x,y\n1,0.5\n2,1.5\n");
    assertThat(members(path, ReadOptions.builder().label("y").build()).column("y"))
        .isInstanceOf(Column.Categorical.class);
    assertThat(members(path, ReadOptions.builder().label("y").regression(true).build()).column("y"))
        .isInstanceOf(Column.Numeric.class);
  }

  /** A table with so many labels, each of them twice. */
  private Path labels(int count, IntFunction<String> label) throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < 2 * count; i++) {
      text.append(i).append(',').append(label.apply(i % count)).append('\n');
    }
    return file("labels.csv", text.toString());
  }

  @Test
  void labelsWithFractionsAndMoreThanTwentyValuesAreAQuantity() throws IOException {
    ReadOptions options = ReadOptions.builder().label("y").build();
    assertThat(members(labels(20, i -> i + ".5"), options).column("y"))
        .isInstanceOf(Column.Categorical.class);
    DataReader.Loaded many = read(labels(21, i -> i + ".5"), options);
    assertThat(((Column.Numeric) many.get("members").column("y")).get(20)).isEqualTo(20.5);
    assertThat(many.notices())
        .singleElement()
        .asString()
        .contains("label 'y'", "quantity", "--categorical y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%d", "%d.0"})
  void wholeLabelsAreClassesHoweverManyAndThatIsSaid(String form) throws IOException {
    ReadOptions options = ReadOptions.builder().label("y").build();
    DataReader.Loaded thirty = read(labels(30, form::formatted), options);
    assertThat(((Column.Categorical) thirty.get("members").column("y")).dictionary()).hasSize(30);
    assertThat(thirty.notices()).singleElement().asString().contains("label 'y'", "--numeric y");
    assertThat(read(labels(20, form::formatted), options).notices()).isEmpty();
  }

  @Test
  void labelsOfTextAreClassesHoweverMany() throws IOException {
    DataReader.Loaded names =
        read(labels(30, i -> i == 0 ? "none" : i + ".5"), ReadOptions.builder().label("y").build());
    assertThat(((Column.Categorical) names.get("members").column("y")).dictionary()).hasSize(30);
    assertThat(names.notices()).isEmpty();
  }

  @Test
  void theUserHasTheLastWordOnWhatALabelIs() throws IOException {
    Path fractions = labels(21, i -> i + ".5");
    ReadOptions named =
        ReadOptions.builder().label("y").kinds(Map.of("y", ColumnKind.CATEGORICAL)).build();
    assertThat(members(fractions, named).column("y")).isInstanceOf(Column.Categorical.class);
    Path classes =
        Files.write(
            folder.resolve("classes.txt"), IntStream.range(0, 21).mapToObj(i -> i + ".5").toList());
    ReadOptions listed = ReadOptions.builder().label("y").classes(classes).build();
    assertThat(members(fractions, listed).column("y")).isInstanceOf(Column.Categorical.class);
    ReadOptions measured =
        ReadOptions.builder().label("y").kinds(Map.of("y", ColumnKind.NUMERIC)).build();
    assertThat(members(labels(30, Integer::toString), measured).column("y"))
        .isInstanceOf(Column.Numeric.class);
  }

  private Path archive(double[] labels) throws IOException {
    Path path = folder.resolve("rows.npz");
    try (NpzWriter writer = new NpzWriter(Files.newOutputStream(path))) {
      writer.put("x", new float[labels.length * 2], labels.length, 2);
      writer.put("y", labels);
    }
    return path;
  }

  @Test
  void labelsInAnArchiveOfArraysFollowTheSameRule() throws IOException {
    double[] fractions = IntStream.range(0, 30).mapToDouble(i -> i + 0.25).toArray();
    ReadOptions options = ReadOptions.builder().label("y").build();
    assertThat(members(archive(fractions), options).column("y")).isInstanceOf(Column.Numeric.class);
    double[] whole = IntStream.range(0, 30).asDoubleStream().toArray();
    assertThat(members(archive(whole), options).column("y")).isInstanceOf(Column.Categorical.class);
  }

  @Test
  void sensitiveColumnsOfAtMostTwentyValuesAreCategorical() throws IOException {
    StringBuilder text = new StringBuilder("few,many\n");
    for (int i = 0; i < 100; i++) {
      text.append(i % 20).append(',').append(i % 21).append('\n');
    }
    Dataset rows =
        members(
            file("a.csv", text.toString()), ReadOptions.builder().sensitive("few", "many").build());
    assertThat(rows.column("few")).isInstanceOf(Column.Categorical.class);
    assertThat(rows.column("many")).isInstanceOf(Column.Numeric.class);
    assertThat(rows.schema().names(Role.SENSITIVE)).containsExactly("few", "many");
  }

  @Test
  void idsKeepTheirText() throws IOException {
    ReadOptions options = ReadOptions.builder().rowId("id").person("p").build();
    Dataset rows = members(file("a.csv", "id,p,x\n007,1,1\n8,1,2\n"), options);
    assertThat(rows.id(0)).isEqualTo("007");
    assertThat(rows.person(1)).isEqualTo("1");
    assertThat(rows.units()).containsExactly(0, 0);
    assertThat(rows.schema().inputs()).containsExactly("x");
  }

  @Test
  void kindsCanBeOverriddenAndColumnsIgnored() throws IOException {
    ReadOptions options =
        ReadOptions.builder().kinds(Map.of("g", ColumnKind.CATEGORICAL)).ignored("free").build();
    Dataset rows = members(file("a.csv", "g,free,x\n11,a,1\n12,b,2\n"), options);
    assertThat(texts(rows, "g")).containsExactly("11", "12");
    assertThat(rows.column("g")).isInstanceOf(Column.Categorical.class);
    assertThat(rows.columns()).extracting(Column::name).containsExactly("g", "x");
  }

  @Test
  void tablesWithoutHeaderNumberTheirColumns() throws IOException {
    Dataset rows =
        members(file("a.csv", "1,a\n2,b\n"), ReadOptions.builder().header(false).build());
    assertThat(rows.columns()).extracting(Column::name).containsExactly("c1", "c2");
    assertThat(rows.rows()).isEqualTo(2);
  }

  @Test
  void aHeaderOfNumbersGivesANotice() throws IOException {
    assertThat(read(file("a.csv", "1,a\n2,b\n"), ReadOptions.defaults()).notices())
        .singleElement()
        .asString()
        .contains("--header none");
  }

  @Test
  void tabsSemicolonsAndGzipAreRead() throws IOException {
    assertThat(texts(members(file("a.tsv", "x\tt\n1\ta,b\n"), ReadOptions.defaults()), "t"))
        .containsExactly("a,b");
    assertThat(texts(members(file("b.csv", "x;t\n1;a\n"), ReadOptions.defaults()), "t"))
        .containsExactly("a");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("x,t\n1,a\n".getBytes(StandardCharsets.UTF_8));
    }
    Path packed = Files.write(folder.resolve("c.csv.gz"), bytes.toByteArray());
    assertThat(texts(members(packed, ReadOptions.defaults()), "t")).containsExactly("a");
  }

  @Test
  void jsonLinesKeepDigitsAndTellTextFromNumbers() throws IOException {
    Path path =
        file(
            "a.jsonl",
            """
            {"x": 1.50, "g": "11", "b": true}
            {"g": "12", "b": null, "x": 2, "late": 3}
            """);
    Dataset rows = members(path, ReadOptions.defaults());
    assertThat(((Column.Numeric) rows.column("x")).values()).containsExactly(1.5, 2);
    assertThat(rows.column("g")).isInstanceOf(Column.Categorical.class);
    assertThat(texts(rows, "b")).containsExactly("true", "null");
    assertThat(texts(rows, "late")).containsExactly("null", "3");
  }

  @Test
  void aJsonArrayIsATableToo() throws IOException {
    assertThat(
            texts(members(file("a.json", "[{\"x\":1},\n{\"x\":2}]"), ReadOptions.defaults()), "x"))
        .containsExactly("1", "2");
  }

  @Test
  void parquetTellsTextFromNumbersAndKeepsValues() throws Exception {
    Path path = folder.resolve("a.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM (VALUES (1, 0.1::DOUBLE, '11', true), (2, NULL, '12', NULL))"
              + " t(i, d, g, b)) TO '"
              + path
              + "' (FORMAT parquet)");
    }
    Dataset rows = members(path, ReadOptions.defaults());
    assertThat(((Column.Numeric) rows.column("i")).values()).containsExactly(1, 2);
    assertThat(((Column.Numeric) rows.column("d")).values()).containsExactly(0.1, Double.NaN);
    assertThat(rows.column("g")).isInstanceOf(Column.Categorical.class);
    assertThat(texts(rows, "b")).containsExactly("true", "null");
  }

  @Test
  void classesStandInTheOrderOfTheUsersFile() throws IOException {
    Path classes = file("classes.txt", "dog\ncat\n\n");
    ReadOptions options = ReadOptions.builder().label("y").classes(classes).build();
    assertThat(members(file("a.csv", "x,y\n1,cat\n2,dog\n"), options).classes())
        .containsExactly(1, 0);
  }
}
