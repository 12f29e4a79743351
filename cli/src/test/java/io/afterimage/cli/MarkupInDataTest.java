package io.afterimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import tools.jackson.databind.json.JsonMapper;

/** Names of columns and classes are a stranger's text: no report takes them for markup. */
class MarkupInDataTest {
  private static final String COLUMN = "<script>alert('x')</script>";
  private static final String CLASS = "<img src=x onerror=alert(1)>";

  @TempDir private Path folder;

  @Test
  void isEscapedInEveryReport() throws Exception {
    Path run = folder.resolve("run");
    Ended ended =
        Ended.of(
            "audit",
            "--model",
            Irises.MODEL.toString(),
            "--members",
            hostile("members.csv", 1).toString(),
            "--nonmembers",
            hostile("others.csv", 2).toString(),
            "--label",
            "]]>species&amp;",
            "--sensitive",
            COLUMN,
            "--classes",
            Files.writeString(folder.resolve("classes"), CLASS + "\nb\nc\n").toString(),
            "--controls-budget",
            "0",
            "--reveal",
            "--out",
            run.toString());
    assertThat(ended.code()).as(ended.err()).isIn(0, 3, 4, 5);
    String json = Files.readString(run.resolve("report.json"));
    assertThat(json).contains(COLUMN); // it did come that far
    assertThat(Files.readString(run.resolve("report.html")))
        .doesNotContain(COLUMN, "<script>alert", "<img src=x");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(Files.readString(run.resolve("junit.xml")))));
    assertThat(JsonMapper.builder().build().readTree(Files.readString(run.resolve("report.sarif"))))
        .isNotNull();
  }

  /** Irises with a third of the first column's numbers made one of three texts' codes. */
  private Path hostile(String name, long seed) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("\"" + COLUMN + "\",b,c,d,]]>species&amp;");
    List<String> labels = List.of("\"" + CLASS + "\"", "b", "c");
    Irises.lines(seed, 90).stream().skip(1).forEach(line -> lines.add(hostile(line, labels)));
    return Files.write(folder.resolve(name), lines);
  }

  private static String hostile(String line, List<String> labels) {
    String[] cells = line.split(",");
    cells[0] = Long.toString(Math.round(Double.parseDouble(cells[0])));
    cells[4] = labels.get(Integer.parseInt(cells[4]));
    return String.join(",", cells);
  }
}
