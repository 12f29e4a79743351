package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads tables that are many times larger than the heap, in a process of their own. */
class LargeTableTest {
  private static final int COLUMNS = 12;

  @TempDir Path folder;

  /** Reads the table and prints what the test expects to see. */
  static final class Reading {
    private Reading() {}

    public static void main(String[] arguments) {
      ReadOptions options = ReadOptions.builder().label("y").build();
      Dataset rows =
          DataReader.read(Map.of("members", Path.of(arguments[0])), options).get("members");
      Column.Numeric first = (Column.Numeric) rows.column("x0");
      Column.Categorical label = (Column.Categorical) rows.column("y");
      double sum = 0;
      int[] counts = new int[2];
      for (int row = 0; row < rows.rows(); row++) {
        sum += first.get(row);
        counts[label.code(row)]++;
      }
      System.out.printf("%d %.0f %d%n", rows.rows(), sum, counts[1]);
    }
  }

  @Test
  @Tag("slow")
  void threeHundredMegabytesInAHeapOfSixtyFour() throws Exception {
    readsInSmallHeap(300L << 20);
  }

  @Test
  @Tag("nightly")
  void twoGigabytesInAHeapOfSixtyFour() throws Exception {
    readsInSmallHeap(2L << 30);
  }

  private void readsInSmallHeap(long bytes) throws Exception {
    Path table = folder.resolve("large.csv");
    long rows = write(table, bytes);
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-Djava.io.tmpdir=" + folder,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Reading.class.getName(),
                    table.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(15, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as("ended in time").isTrue();
    assertThat(Files.readString(output).strip())
        .isEqualTo("%d %d %d".formatted(rows, rows * (rows - 1) / 2, rows / 2));
    assertThat(folder).isDirectoryNotContaining("glob:**.columns");
  }

  /** Row i holds i in its first column, and every second row is of the second class. */
  private static long write(Path table, long bytes) throws IOException {
    long rows = 0;
    try (BufferedWriter out = Files.newBufferedWriter(table, StandardCharsets.US_ASCII)) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < COLUMNS; c++) {
        line.append('x').append(c).append(',');
      }
      out.append(line.append("city,y\n"));
      for (long written = line.length(); written < bytes; written += line.length()) {
        line.setLength(0);
        line.append(rows).append(',');
        for (int c = 1; c < COLUMNS; c++) {
          line.append((rows * 7919 + c * 104_729L) % 1_000_003 / 1000.0).append(',');
        }
        line.append("city ").append(rows % 1000).append(rows % 2 == 0 ? ",no\n" : ",yes\n");
        out.append(line);
        rows++;
      }
    }
    return rows;
  }
}
