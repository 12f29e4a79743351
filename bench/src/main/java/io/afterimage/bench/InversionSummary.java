package io.afterimage.bench;

import io.afterimage.assess.Metric;
import io.afterimage.assess.PooledRuns;
import io.afterimage.bench.InversionCells.Cell;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tables of what the trials of {@link InversionTable} came to. */
final class InversionSummary {
  private final Map<String, List<Cell>> trials;

  InversionSummary(List<Cell> cells) {
    this.trials = cells.stream().collect(Collectors.groupingBy(Cell::attack));
  }

  void print() {
    List<String> attacks =
        InversionTrial.named(List.of()).stream()
            .map(InversionTrial::name)
            .filter(trials::containsKey)
            .sorted()
            .toList();
    System.out.println(
        "| attack | attackAccuracy@1 | its start | beyond it | forced | its start | beyond it |"
            + " recognised | queries | steps | seconds |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
    attacks.forEach(id -> System.out.println(row(id, of(id))));
    System.out.println();
    attacks.forEach(id -> System.out.println(above(id, attacks)));
    System.out.println();
    ablations();
  }

  private static String row(String id, List<Cell> cells) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.0f | %.0f | %.0f |",
        id,
        besideStart(cells, Cell::free, Cell::freeStart),
        besideStart(cells, Cell::forced, Cell::forcedStart),
        Percent.share(pooled(cells, Cell::recognised)),
        cells.stream().mapToLong(Cell::queries).average().orElseThrow(),
        cells.stream().mapToDouble(Cell::steps).average().orElseThrow(),
        cells.stream().mapToDouble(Cell::seconds).average().orElseThrow());
  }

  private static String besideStart(
      List<Cell> cells, Function<Cell, double[]> figure, Function<Cell, double[]> ofStart) {
    PooledRuns found = pooled(cells, figure);
    PooledRuns start = pooled(cells, ofStart);
    return String.format(
        Locale.ROOT,
        "%s | %.1f%% | %s",
        Percent.share(found),
        100 * Objects.requireNonNull(start.mean().value()),
        Percent.of(found.minus(start).mean()));
  }

  /**
   * The attacks that this one is proven to exceed, each of the pairs by a 95% interval of its own.
   */
  private String above(String id, List<String> attacks) {
    String others =
        attacks.stream()
            .filter(other -> !other.equals(id))
            .filter(
                other -> Objects.requireNonNull(beyond(of(id), of(other), Cell::free).low()) > 0)
            .collect(Collectors.joining(", "));
    return "- %s: above %s".formatted(id, others.isEmpty() ? "none" : others);
  }

  private void ablations() {
    System.out.println(
        "| attack, without | attackAccuracy@1 | whole | less | forced, less | seeds |");
    System.out.println("|---|---|---|---|---|---|");
    for (InversionTrial trial : InversionTrial.ABLATIONS) {
      List<Cell> whole = of(trial.attack());
      List<Cell> without = of(trial.name());
      if (!shared(whole, without).isEmpty()) {
        System.out.printf(
            "| %s | %s | %s | %s | %s | %d |%n",
            trial.name(),
            Percent.share(pooled(shared(without, whole), Cell::free)),
            Percent.share(pooled(shared(whole, without), Cell::free)),
            Percent.of(beyond(whole, without, Cell::free)),
            Percent.of(beyond(whole, without, Cell::forced)),
            shared(whole, without).size());
      }
    }
  }

  private List<Cell> of(String trial) {
    return trials.getOrDefault(trial, List.of());
  }

  /** By how much an attack is right more often than another, on the seeds that both had. */
  private static Metric beyond(
      List<Cell> attack, List<Cell> other, Function<Cell, double[]> figure) {
    return pooled(shared(attack, other), figure)
        .minus(pooled(shared(other, attack), figure))
        .mean();
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
}
