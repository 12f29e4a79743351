package io.afterimage.bench;

import io.afterimage.evidence.Reconstructions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the trials of {@link InversionTable} came to, a line each in a file. */
record InversionCells(Path file) {
  /**
   * A line of the file: an attack on the target of a seed.
   *
   * @param free for each class, the share of its pictures in which the evaluator sees it, where it
   *     may see nobody
   * @param forced the same where it has to name a class
   * @param freeStart the first of the pictures that the attack started from: the prior's alone
   * @param forcedStart the second of these
   * @param recognised 1 for each class whose surest picture shows it
   */
  record Cell(
      String attack,
      int seed,
      double seconds,
      long queries,
      double steps,
      double[] free,
      double[] forced,
      double[] freeStart,
      double[] forcedStart,
      double[] recognised) {
    static Cell of(
        String attack,
        int seed,
        double seconds,
        long queries,
        double steps,
        Reconstructions judged) {
      return new Cell(
          attack,
          seed,
          seconds,
          queries,
          steps,
          perClass(judged, Reconstructions.RANK),
          perClass(judged, Reconstructions.FORCED_RANK),
          perClass(judged, Reconstructions.RANK + Reconstructions.OF_START),
          perClass(judged, Reconstructions.FORCED_RANK + Reconstructions.OF_START),
          answers(judged, Reconstructions.RECOGNISED));
    }

    static Cell of(String line) {
      List<String> fields = List.of(line.split("\t", -1));
      return new Cell(
          fields.get(0),
          Integer.parseInt(fields.get(1)),
          Double.parseDouble(fields.get(2)),
          Long.parseLong(fields.get(3)),
          Double.parseDouble(fields.get(4)),
          shares(fields.get(5)),
          shares(fields.get(6)),
          shares(fields.get(7)),
          shares(fields.get(8)),
          shares(fields.get(9)));
    }

    private static double[] shares(String field) {
      return Arrays.stream(field.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
    }

    private static String field(double[] shares) {
      return Arrays.stream(shares).mapToObj(Double::toString).collect(Collectors.joining(","));
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%s\t%d\t%.1f\t%d\t%.1f\t%s\t%s\t%s\t%s\t%s%n",
          attack,
          seed,
          seconds,
          queries,
          steps,
          field(free),
          field(forced),
          field(freeStart),
          field(forcedStart),
          field(recognised));
    }

    boolean of(String which, int ofSeed) {
      return attack.equals(which) && seed == ofSeed;
    }
  }

  List<Cell> all() throws IOException {
    return Files.exists(file)
        ? Files.readAllLines(file, StandardCharsets.UTF_8).stream().map(Cell::of).toList()
        : List.of();
  }

  boolean has(String attack, int seed) throws IOException {
    return all().stream().anyMatch(cell -> cell.of(attack, seed));
  }

  /** The share of each class's pictures that the evaluator puts into the class, by these ranks. */
  private static double[] perClass(Reconstructions judged, String answer) {
    double[] ranks = answers(judged, answer);
    return Arrays.stream(judged.subjects())
        .mapToDouble(
            subject ->
                IntStream.range(0, ranks.length)
                    .filter(i -> judged.classes()[i] == subject)
                    .mapToDouble(i -> ranks[i] < 1 ? 1 : 0)
                    .average()
                    .orElseThrow())
        .toArray();
  }

  static double[] answers(Reconstructions judged, String name) {
    return Objects.requireNonNull(judged.judged().get(name), () -> judged.unjudged().toString());
  }

  void add(Cell cell) throws IOException {
    System.err.print(cell.line());
    Files.writeString(file, cell.line(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
