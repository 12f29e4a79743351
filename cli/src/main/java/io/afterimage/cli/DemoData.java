package io.afterimage.cli;

import io.afterimage.base.OutputFile;
import io.afterimage.base.Run;
import io.afterimage.data.NpzWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The bundled data as a user's own files: split at random, by the seed alone, into the rows that a
 * model is trained on and those that it never sees.
 *
 * @param members the file of the rows to train on
 * @param nonMembers the file of the others
 */
record DemoData(Path members, Path nonMembers) {
  /** Fewer non-members could not show who is found at one false alarm in a hundred. */
  private static final int DIGIT_NONMEMBERS = 1_000;

  private static final int SIDE = 8;
  private static final float BRIGHTEST = 16;

  private static final List<String> MEASURED =
      List.of(
          "radius",
          "texture",
          "perimeter",
          "area",
          "smoothness",
          "compactness",
          "concavity",
          "concave_points",
          "symmetry",
          "fractal_dimension");

  /** What of each cell nucleus in a picture is told: the mean, its standard error, the extreme. */
  private static final List<String> TOLD = List.of("mean", "error", "worst");

  /** Handwritten digits: arrays {@code x} [N, 1, 8, 8], 0 to 1, and {@code y}. */
  static DemoData digits(Path folder, Run run) {
    List<String> rows = lines("digits.csv.gz");
    shuffle(rows, run.random("demo/digits"));
    DemoData files = new DemoData(folder.resolve("members.npz"), folder.resolve("nonmembers.npz"));
    int members = rows.size() - DIGIT_NONMEMBERS;
    writePictures(files.members, rows.subList(0, members));
    writePictures(files.nonMembers, rows.subList(members, rows.size()));
    return files;
  }

  /** Biopsies: thirty measures and the column {@code diagnosis}. Half of the patients each. */
  static DemoData clinic(Path folder, Run run) {
    List<String> rows = lines("breast_cancer.csv");
    List<String> classes = List.of(rows.remove(0).split(",")).subList(2, 4);
    shuffle(rows, run.random("demo/clinic"));
    DemoData files = new DemoData(folder.resolve("members.csv"), folder.resolve("nonmembers.csv"));
    int members = rows.size() / 2;
    writeTable(files.members, rows.subList(0, members), classes);
    writeTable(files.nonMembers, rows.subList(members, rows.size()), classes);
    return files;
  }

  private static List<String> lines(String resource) {
    try (InputStream raw =
            Objects.requireNonNull(DemoData.class.getResourceAsStream("demo/" + resource));
        InputStream plain = resource.endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      return reader.lines().collect(Collectors.toCollection(ArrayList::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fisher and Yates: every order is equally likely. */
  private static void shuffle(List<String> rows, RandomGenerator random) {
    for (int i = rows.size() - 1; i > 0; i--) {
      Collections.swap(rows, i, random.nextInt(i + 1));
    }
  }

  private static void writePictures(Path file, List<String> rows) {
    int pixels = SIDE * SIDE;
    float[] x = new float[rows.size() * pixels];
    int[] y = new int[rows.size()];
    for (int row = 0; row < y.length; row++) {
      int[] cells = Arrays.stream(rows.get(row).split(",")).mapToInt(Integer::parseInt).toArray();
      for (int i = 0; i < pixels; i++) {
        x[row * pixels + i] = cells[i] / BRIGHTEST;
      }
      y[row] = cells[pixels];
    }
    OutputFile.write(
        file,
        out -> {
          try (NpzWriter archive = new NpzWriter(out)) {
            archive.put("x", x, y.length, 1, SIDE, SIDE);
            archive.put("y", y);
          }
        });
  }

  private static void writeTable(Path file, List<String> rows, List<String> classes) {
    Stream<String> columns =
        TOLD.stream().flatMap(told -> MEASURED.stream().map(measure -> measure + "_" + told));
    String head = columns.collect(Collectors.joining(",")) + ",diagnosis\n";
    OutputFile.write(
        file,
        rows.stream().map(row -> named(row, classes)).collect(Collectors.joining("", head, "")));
  }

  /** The row with its class's name for its number, which stands last. */
  private static String named(String row, List<String> classes) {
    int last = row.lastIndexOf(',') + 1;
    return row.substring(0, last) + classes.get(Integer.parseInt(row.substring(last))) + "\n";
  }
}
