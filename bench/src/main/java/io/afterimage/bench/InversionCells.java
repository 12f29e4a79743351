package io.afterimage.bench;

import static io.afterimage.base.Checks.check;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the trials of {@link InversionTable} came to, a line each in a file, and their table. */
record InversionCells(Path file) {
  /** A line of the file: an attack on the target of a seed. */
  record Cell(
      String attack,
      int seed,
      double seconds,
      long queries,
      double steps,
      double[] perClass,
      double[] forced,
      double[] recognised) {
    static Cell of(
        String attack,
        int seed,
        double seconds,
        long queries,
        double steps,
        Reconstructions judged) {
      double[] recognised = answers(judged, Reconstructions.RECOGNISED);
      return new Cell(
          attack,
          seed,
          seconds,
          queries,
          steps,
          InversionCells.perClass(judged, Reconstructions.RANK),
          InversionCells.perClass(judged, Reconstructions.FORCED_RANK),
          recognised);
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
          shares(fields.get(7)));
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
          "%s\t%d\t%.1f\t%d\t%.1f\t%s\t%s\t%s%n",
          attack,
          seed,
          seconds,
          queries,
          steps,
          field(perClass),
          field(forced),
          field(recognised));
    }

    boolean of(String which, int ofSeed) {
      return attack.equals(which) && seed == ofSeed;
    }
  }

  private List<Cell> all() throws IOException {
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

  /** Prints all attacks, which of them exceed which, and what ablations cost. */
  void print() throws IOException {
    Map<String, List<Cell>> attacks = new LinkedHashMap<>();
    for (Cell cell : all()) {
      attacks.computeIfAbsent(cell.attack(), id -> new ArrayList<>()).add(cell);
    }
    List<Cell> prior = attacks.getOrDefault(InversionTable.PRIOR, List.of());
    check(!prior.isEmpty(), "%s holds no attack that searches a prior", file);
    System.out.println(
        "| attack | attackAccuracy@1 | beyond the prior alone | forced | beyond the prior alone |"
            + " recognised | queries | steps | seconds |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    attacks.forEach((id, cells) -> System.out.println(row(id, cells, prior)));
    System.out.println();
    attacks.keySet().forEach(id -> System.out.println(above(id, attacks)));
    System.out.println();
    for (InversionTrial trial : InversionTrial.ABLATIONS) {
      List<Cell> whole = attacks.get(trial.attack());
      List<Cell> without = attacks.get(trial.name());
      if (whole != null && without != null) {
        System.out.printf(
            "- %s: %s less%n", trial.name(), Percent.of(beyond(whole, without, Cell::perClass)));
      }
    }
  }

  /**
   * The attacks that this one is proven to exceed, each of the pairs by a 95% interval of its own.
   */
  private static String above(String id, Map<String, List<Cell>> attacks) {
    List<Cell> own = Objects.requireNonNull(attacks.get(id));
    String others =
        attacks.entrySet().stream()
            .filter(other -> !other.getKey().equals(id))
            .filter(other -> low(beyond(own, other.getValue(), Cell::perClass)) > 0)
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return "- %s: above %s".formatted(id, others.isEmpty() ? "none" : others);
  }

  /** By how much an attack is right more often than another, on the seeds that both had. */
  private static Metric beyond(
      List<Cell> attack, List<Cell> other, Function<Cell, double[]> figure) {
    return pooled(shared(attack, other), figure)
        .minus(pooled(shared(other, attack), figure))
        .mean();
  }

  private static double low(Metric metric) {
    return Objects.requireNonNull(metric.low());
  }

  private static List<Cell> shared(List<Cell> cells, List<Cell> other) {
    return cells.stream()
        .filter(cell -> other.stream().anyMatch(o -> o.seed() == cell.seed()))
        .toList();
  }

  private static PooledRuns pooled(List<Cell> cells, Function<Cell, double[]> figure) {
    return PooledRuns.of(
        cells.stream()
            .map(cell -> new PooledRuns.Cell(cell.seed(), cell.seed(), figure.apply(cell)))
            .toList());
  }

  private static String row(String id, List<Cell> cells, List<Cell> prior) {
    boolean attack = !id.equals(InversionTable.PRIOR);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %.0f | %.0f | %.0f |",
        id,
        Percent.share(pooled(cells, Cell::perClass)),
        attack ? Percent.of(beyond(cells, prior, Cell::perClass)) : "",
        Percent.share(pooled(cells, Cell::forced)),
        attack ? Percent.of(beyond(cells, prior, Cell::forced)) : "",
        Percent.share(pooled(cells, Cell::recognised)),
        cells.stream().mapToLong(Cell::queries).average().orElseThrow(),
        cells.stream().mapToDouble(Cell::steps).average().orElseThrow(),
        cells.stream().mapToDouble(Cell::seconds).average().orElseThrow());
  }
}
