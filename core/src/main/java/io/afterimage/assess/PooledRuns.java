package io.afterimage.assess;

import static io.afterimage.base.Checks.check;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A figure of an attack over several runs on the same classes: every target seed with every
 * generator seed, or in pairs, no seed twice. Its interval says what other seeds and other classes
 * would give.
 *
 * <p>The variance is that of a bootstrap of target seeds, then of generator seeds, then of classes,
 * each of n drawn n - 1 times (Rao, Wu, JASA 1988), a class with all its runs and a seed with all
 * its classes: runs of one class are not independent people. Of a mean that has a closed form, so
 * nothing is drawn: the variance between the means of the seeds, or of the classes, divided by n.
 * What two of them do together is counted for either: the interval is never too narrow and, where
 * chance alone differs between runs, up to 1.7 times too wide. A pair of seeds counts as one seed.
 * Ends are Student's by the degrees of freedom of the sum (Satterthwaite 1946), since three seeds
 * tell little of how much seeds vary. A single seed shows no variance: then the figure is about
 * this seed.
 */
public final class PooledRuns {
  private final List<Cell> cells;

  private PooledRuns(List<Cell> cells) {
    this.cells = cells;
  }

  /**
   * One run.
   *
   * @param targetSeed that the target was trained with
   * @param generatorSeed that the generator was trained with; any number for attacks without one
   * @param perClass the figure of each class, finite, in the same order in every run
   */
  public record Cell(long targetSeed, long generatorSeed, double[] perClass) {
    public Cell {
      check(perClass.length > 0, "a run has no class");
      for (double value : perClass) {
        check(Double.isFinite(value), "a class's figure must be finite, but is %s", value);
      }
    }

    double mean() {
      return Interval.mean(perClass);
    }
  }

  /**
   * The runs as one figure.
   *
   * @param runs each target seed once with each generator seed, or each seed in one run
   * @throws io.afterimage.base.BadInputException where a pair of seeds is missing or occurs twice,
   *     or runs have different numbers of classes
   */
  public static PooledRuns of(List<Cell> runs) {
    check(!runs.isEmpty(), "there is no run to pool");
    int classes = runs.get(0).perClass().length;
    for (Cell cell : runs) {
      int found = cell.perClass().length;
      check(found == classes, "one run has %d classes, another %d", classes, found);
    }
    long targets = runs.stream().mapToLong(Cell::targetSeed).distinct().count();
    long generators = runs.stream().mapToLong(Cell::generatorSeed).distinct().count();
    List<Cell> sorted =
        runs.stream()
            .sorted(
                Comparator.comparingLong(Cell::targetSeed).thenComparingLong(Cell::generatorSeed))
            .toList();
    for (int i = 1; i < sorted.size(); i++) {
      check(
          !sameSeeds(sorted.get(i - 1), sorted.get(i)),
          "target seed %d and generator seed %d ran twice",
          sorted.get(i).targetSeed(),
          sorted.get(i).generatorSeed());
    }
    check(
        sorted.size() == targets * generators || paired(sorted),
        "%d target seeds and %d generator seeds make %d runs, but there are %d",
        targets,
        generators,
        targets * generators,
        sorted.size());
    return new PooledRuns(sorted);
  }

  /** Whether no seed is in two runs. */
  private static boolean paired(List<Cell> runs) {
    return runs.stream().mapToLong(Cell::targetSeed).distinct().count() == runs.size()
        && runs.stream().mapToLong(Cell::generatorSeed).distinct().count() == runs.size();
  }

  private static boolean sameSeeds(Cell a, Cell b) {
    return a.targetSeed() == b.targetSeed() && a.generatorSeed() == b.generatorSeed();
  }

  /**
   * By how much this figure exceeds another's on the same seeds and classes, run by run and class
   * by class.
   *
   * @throws io.afterimage.base.BadInputException where the other's seeds or classes are others
   */
  public PooledRuns minus(PooledRuns other) {
    boolean paired =
        cells.size() == other.cells.size()
            && classes() == other.classes()
            && IntStream.range(0, cells.size())
                .allMatch(i -> sameSeeds(cells.get(i), other.cells.get(i)));
    check(paired, "runs can be compared only on the same seeds and classes");
    return new PooledRuns(
        IntStream.range(0, cells.size())
            .mapToObj(i -> difference(cells.get(i), other.cells.get(i)))
            .toList());
  }

  private static Cell difference(Cell a, Cell b) {
    double[] differences =
        IntStream.range(0, a.perClass().length)
            .mapToDouble(i -> a.perClass()[i] - b.perClass()[i])
            .toArray();
    return new Cell(a.targetSeed(), a.generatorSeed(), differences);
  }

  /** The mean over runs and classes, with its 95% interval; n counts the classes. */
  public Metric mean() {
    double mean = cells.stream().mapToDouble(Cell::mean).average().orElseThrow();
    List<double[]> levels =
        paired(cells)
            ? List.of(bySeed(Cell::targetSeed), byClass())
            : List.of(bySeed(Cell::targetSeed), bySeed(Cell::generatorSeed), byClass());
    double variance = levels.stream().mapToDouble(PooledRuns::variance).sum();
    if (variance > 0) {
      double squares = levels.stream().mapToDouble(PooledRuns::squarePerDegree).sum();
      double reach = Interval.student(variance * variance / squares) * Math.sqrt(variance);
      return Metric.of(mean, mean - reach, mean + reach, classes());
    }
    double[] alike = DoubleStream.generate(() -> mean).limit(classes()).toArray();
    return Interval.mean(alike, Units.oneRowEach(classes()));
  }

  private int classes() {
    return cells.get(0).perClass().length;
  }

  /** The mean of all runs with each seed. */
  private double[] bySeed(ToLongFunction<Cell> seed) {
    return cells.stream()
        .collect(Collectors.groupingBy(seed::applyAsLong, Collectors.averagingDouble(Cell::mean)))
        .values()
        .stream()
        .mapToDouble(mean -> mean)
        .toArray();
  }

  /** The mean of all runs in each class. */
  private double[] byClass() {
    return IntStream.range(0, classes())
        .mapToDouble(
            c -> cells.stream().mapToDouble(cell -> cell.perClass()[c]).average().orElse(0))
        .toArray();
  }

  /** The variance of the mean over what varies here; 0 of one alone. */
  private static double variance(double[] means) {
    double mean = Interval.mean(means);
    double squares = DoubleStream.of(means).map(m -> (m - mean) * (m - mean)).sum();
    return means.length < 2 ? 0 : squares / (means.length - 1) / means.length;
  }

  private static double squarePerDegree(double[] means) {
    double variance = variance(means);
    return means.length < 2 ? 0 : variance * variance / (means.length - 1);
  }
}
