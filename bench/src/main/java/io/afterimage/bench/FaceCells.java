package io.afterimage.bench;

import static io.afterimage.evidence.Reconstructions.BASELINE_PERMUTED_LABELS;
import static io.afterimage.evidence.Reconstructions.BASELINE_POPULATION_MEAN;
import static io.afterimage.evidence.Reconstructions.BASELINE_START;
import static io.afterimage.evidence.Reconstructions.EVALUATOR_FOOLING_NOISE;
import static io.afterimage.evidence.Reconstructions.RECOGNISED;

import io.afterimage.assess.Metric;
import io.afterimage.assess.PooledRuns;
import io.afterimage.evidence.Reconstructions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The figures of {@link FaceTable}, kept in a file, one line for each attack on each target. */
final class FaceCells {
  /** Pictures without the target, and noise that fools it: what is rebuilt exceeds all of them. */
  private static final List<String> BASELINES =
      List.of(
          BASELINE_START,
          BASELINE_POPULATION_MEAN,
          BASELINE_PERMUTED_LABELS,
          EVALUATOR_FOOLING_NOISE);

  private final Path file;

  FaceCells(Path file) {
    this.file = file;
  }

  /**
   * A line.
   *
   * @param steps that a picture took, their mean
   * @param seconds of all people at once
   * @param queries a person
   * @param recognised each person: 1 or 0
   * @param baselines the same of each of {@link #BASELINES}
   */
  record Cell(
      String recogniser,
      String attack,
      long seed,
      double steps,
      double seconds,
      double queries,
      double[] recognised,
      List<double[]> baselines) {
    static Cell of(
        String recogniser,
        String attack,
        long seed,
        double steps,
        double seconds,
        double queries,
        Reconstructions judged) {
      return new Cell(
          recogniser,
          attack,
          seed,
          steps,
          seconds,
          queries,
          OrlFaces.answers(judged, RECOGNISED),
          BASELINES.stream().map(name -> OrlFaces.answers(judged, name)).toList());
    }

    private static Cell of(String line) {
      List<String> fields = List.of(line.split("\t", -1));
      List<double[]> shares = fields.stream().skip(6).map(Cell::shares).toList();
      return new Cell(
          fields.get(0),
          fields.get(1),
          Long.parseLong(fields.get(2)),
          Double.parseDouble(fields.get(3)),
          Double.parseDouble(fields.get(4)),
          Double.parseDouble(fields.get(5)),
          shares.get(0),
          shares.subList(1, shares.size()));
    }

    private static double[] shares(String digits) {
      return digits.chars().mapToDouble(digit -> digit - '0').toArray();
    }

    private static String digits(double[] shares) {
      return Arrays.stream(shares)
          .mapToObj(share -> share > 0 ? "1" : "0")
          .collect(Collectors.joining());
    }

    private String line() {
      String rest = baselines.stream().map(Cell::digits).collect(Collectors.joining("\t"));
      return String.format(
          Locale.ROOT,
          "%s\t%s\t%d\t%.1f\t%.1f\t%.1f\t%s\t%s%n",
          recogniser,
          attack,
          seed,
          steps,
          seconds,
          queries,
          digits(recognised),
          rest);
    }
  }

  private List<Cell> all() throws IOException {
    return Files.exists(file)
        ? Files.readAllLines(file, StandardCharsets.UTF_8).stream().map(Cell::of).toList()
        : List.of();
  }

  /** Whether the file holds this line. */
  boolean has(String recogniser, String attack, long seed) throws IOException {
    return all().stream()
        .anyMatch(
            cell ->
                cell.recogniser().equals(recogniser)
                    && cell.attack().equals(attack)
                    && cell.seed() == seed);
  }

  void add(Cell cell) throws IOException {
    System.err.print(cell.line());
    Files.writeString(file, cell.line(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Prints a row for each attack on each recogniser, pooled over seeds. */
  void print() throws IOException {
    Map<List<String>, List<Cell>> rows = new LinkedHashMap<>();
    for (Cell cell : all()) {
      List<String> key = List.of(cell.recogniser(), cell.attack());
      rows.computeIfAbsent(key, which -> new ArrayList<>()).add(cell);
    }
    System.out.println(
        "| target | attack | recognised | best baseline | above it | reads | steps | queries a"
            + " person | seconds, all 40 |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    rows.forEach((key, cells) -> System.out.println(row(key, cells)));
  }

  private static String row(List<String> key, List<Cell> cells) {
    PooledRuns recognised = pooled(cells, -1);
    int best =
        IntStream.range(0, BASELINES.size())
            .boxed()
            .max(Comparator.comparingDouble(b -> value(pooled(cells, b).mean())))
            .orElseThrow();
    PooledRuns baseline = pooled(cells, best);
    Metric above = recognised.minus(baseline).mean();
    boolean rebuilt = Objects.requireNonNull(above.low()) > 0;
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s, %.1f%% | %s | %s | %.0f | %.0f | %.0f |",
        key.get(0),
        key.get(1),
        Percent.share(recognised),
        BASELINES.get(best).replaceFirst(".*/", ""),
        100 * value(baseline.mean()),
        Percent.of(above),
        rebuilt ? "rebuilt" : "not rebuilt",
        cells.stream().mapToDouble(Cell::steps).average().orElseThrow(),
        cells.stream().mapToDouble(Cell::queries).average().orElseThrow(),
        cells.stream().mapToDouble(Cell::seconds).average().orElseThrow());
  }

  /** Of a baseline, or of the attack itself where that is negative. */
  private static PooledRuns pooled(List<Cell> cells, int baseline) {
    return PooledRuns.of(
        cells.stream()
            .map(
                cell ->
                    new PooledRuns.Cell(
                        cell.seed(),
                        0,
                        baseline < 0 ? cell.recognised() : cell.baselines().get(baseline)))
            .toList());
  }

  private static double value(Metric metric) {
    return Objects.requireNonNull(metric.value());
  }
}
