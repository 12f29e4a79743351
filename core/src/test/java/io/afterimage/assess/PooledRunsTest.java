package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.assess.PooledRuns.Cell;
import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PooledRunsTest {
  private static final int CLASSES = 5;
  private static final int SEEDS = 3;

  /** Mean 3, standard error sqrt(2.5 / 5), Student's 97.5% quantile of 4 degrees 2.776445. */
  @Test
  void wherePeopleAloneDifferItIsStudentsIntervalOverPeople() {
    List<Cell> cells = cells((t, g, c) -> c + 1);
    Metric mean = PooledRuns.of(cells).mean();
    assertThat(mean.value()).isCloseTo(3, within(1e-12));
    assertThat(mean.low()).isCloseTo(3 - 2.776445 * Math.sqrt(.5), within(1e-5));
    assertThat(mean.high()).isCloseTo(3 + 2.776445 * Math.sqrt(.5), within(1e-5));
    assertThat(mean.n()).isEqualTo(CLASSES);
  }

  /** Mean 2, standard error sqrt(1 / 3), Student's 97.5% quantile of 2 degrees 4.302653. */
  @Test
  void whereSeedsAloneDifferItIsStudentsIntervalOverSeeds() {
    double reach = 4.302653 * Math.sqrt(1 / 3.);
    Metric targets = PooledRuns.of(cells((t, g, c) -> t)).mean();
    assertThat(targets.low()).isCloseTo(1 - reach, within(1e-5));
    Metric generators = PooledRuns.of(cells((t, g, c) -> g)).mean();
    assertThat(generators.high()).isCloseTo(1 + reach, within(1e-5));
  }

  /** Each of n drawn n - 1 times, again and again: the variance that the closed form gives. */
  @Test
  void theVarianceIsThatOfDrawingSeedsAndClassesAnew() {
    Random random = new Random(3);
    double[] target = random.doubles(SEEDS).toArray();
    double[] people = random.doubles(CLASSES).toArray();
    Metric mean = PooledRuns.of(cells((t, g, c) -> target[t] + people[c])).mean();
    double reach = mean.interval().high() - Interval.mean(target) - Interval.mean(people);
    double drawnVariance = resampled(target, random) + resampled(people, random);
    double a = resampled(target, random);
    double b = resampled(people, random);
    double degrees = (a + b) * (a + b) / (a * a / (SEEDS - 1) + b * b / (CLASSES - 1));
    // 100,000 draws know a variance to half a percent.
    assertThat(reach / Interval.student(degrees))
        .isCloseTo(Math.sqrt(drawnVariance), within(.01 * Math.sqrt(drawnVariance)));
  }

  private static double resampled(double[] values, Random random) {
    double[] means = new double[100_000];
    Arrays.setAll(
        means,
        i ->
            random
                .ints(values.length - 1, 0, values.length)
                .mapToDouble(j -> values[j])
                .average()
                .orElseThrow());
    double deviation = Bootstrap.deviation(means);
    return deviation * deviation;
  }

  /** Fewer than 89 of 100 would fail a correct program in 0.4% of runs. */
  @Test
  void coversTheMeanOverAllSeedsAndPeople() {
    Coverage.covers(100, 0, seed -> pooled(seed, 1, 1, 1, .2));
    Coverage.covers(100, 0, seed -> pooled(seed, .1, .1, 1, .2));
    Coverage.covers(100, 0, seed -> pooled(seed, 1, 0, 0, .2));
    Coverage.covers(100, 0, seed -> pooled(seed, 0, 0, 0, 1));
  }

  /** The same of pairs of seeds. */
  @Test
  void coversTheMeanOverAllPairsAndPeople() {
    Coverage.covers(100, 0, seed -> PooledRuns.of(pairs(seed, 1, 1)).mean());
    Coverage.covers(100, 0, seed -> PooledRuns.of(pairs(seed, 1, .1)).mean());
    Coverage.covers(100, 0, seed -> PooledRuns.of(pairs(seed, .1, 1)).mean());
  }

  /** Normal effects of these sizes, of pairs and people, and of each figure by itself. */
  private static List<Cell> pairs(int seed, double pair, double people) {
    Random random = new Random(seed);
    double[] ofPeople = random.doubles(CLASSES).map(u -> people * random.nextGaussian()).toArray();
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < SEEDS; i++) {
      double ofPair = pair * random.nextGaussian();
      double[] each =
          Arrays.stream(ofPeople).map(own -> ofPair + own + .2 * random.nextGaussian()).toArray();
      cells.add(new Cell(i, i, each));
    }
    return cells;
  }

  @Test
  void aDifferenceIsTakenRunByRunAndClassByClass() {
    PooledRuns one = PooledRuns.of(cells((t, g, c) -> 10 * t + 7 * g + c + .1 * c));
    PooledRuns other = PooledRuns.of(cells((t, g, c) -> 10 * t + 7 * g + c));
    Metric gain = one.minus(other).mean();
    assertThat(gain.value()).isCloseTo(.2, within(1e-9));
    assertThat(gain.low()).isCloseTo(.2 - 2.776445 * Math.sqrt(.025 / 5), within(1e-5));
  }

  /** Standard error sqrt(1 / 3), Student's 97.5% quantile of 2 degrees 4.302653. */
  @Test
  void pairsOfSeedsCountOnce() {
    List<Cell> pairs =
        IntStream.range(0, SEEDS)
            .mapToObj(seed -> new Cell(seed, 10 - seed, new double[] {seed, seed, seed}))
            .toList();
    Metric mean = PooledRuns.of(pairs).mean();
    assertThat(mean.value()).isCloseTo(1, within(1e-12));
    assertThat(mean.high()).isCloseTo(1 + 4.302653 * Math.sqrt(1 / 3.), within(1e-5));
  }

  @Test
  void theOrderOfTheRunsChangesNothing() {
    List<Cell> cells = cells((t, g, c) -> Math.sin(9 * t + 5 * g + c));
    List<Cell> backwards = new ArrayList<>(cells);
    java.util.Collections.reverse(backwards);
    assertThat(PooledRuns.of(backwards).mean()).isEqualTo(PooledRuns.of(cells).mean());
  }

  @Test
  void alikeSharesAreCertainOfPeopleOnly() {
    Metric mean = PooledRuns.of(cells((t, g, c) -> 0)).mean();
    assertThat(mean.high()).isCloseTo(Interval.clopperPearson(0, 5, .05).high(), within(1e-12));
  }

  @Test
  void refusesRunsThatAreNoGrid() {
    Cell one = new Cell(1, 1, new double[] {.5, .5});
    Cell two = new Cell(2, 2, new double[] {.5, .5});
    refused(List.of(), "no run");
    refused(List.of(one, one), "target seed 1 and generator seed 1 ran twice");
    refused(
        List.of(one, two, new Cell(1, 2, two.perClass())),
        "2 target seeds and 2 generator seeds make 4 runs, but there are 3");
    refused(List.of(one, new Cell(2, 1, new double[] {1})), "one run has 2 classes, another 1");
    assertThatThrownBy(() -> PooledRuns.of(List.of(one)).minus(PooledRuns.of(List.of(two))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("same seeds and classes");
    assertThatThrownBy(() -> new Cell(1, 1, new double[] {Double.NaN}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("must be finite, but is NaN");
    assertThatThrownBy(() -> new Cell(1, 1, new double[0])).hasMessageContaining("no class");
  }

  private static void refused(List<Cell> cells, String message) {
    assertThatThrownBy(() -> PooledRuns.of(cells))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  /** Normal effects of these sizes, of targets, generators, people and each figure by itself. */
  private static Metric pooled(
      int seed, double target, double generator, double people, double each) {
    Random random = new Random(seed);
    double[] ofTarget = random.doubles(SEEDS).map(u -> target * random.nextGaussian()).toArray();
    double[] ofGenerator =
        random.doubles(SEEDS).map(u -> generator * random.nextGaussian()).toArray();
    double[] ofPeople = random.doubles(CLASSES).map(u -> people * random.nextGaussian()).toArray();
    return PooledRuns.of(
            cells(
                (t, g, c) ->
                    ofTarget[t] + ofGenerator[g] + ofPeople[c] + each * random.nextGaussian()))
        .mean();
  }

  private interface Figure {
    double of(int target, int generator, int person);
  }

  private static List<Cell> cells(Figure figure) {
    List<Cell> cells = new ArrayList<>();
    for (int t = 0; t < SEEDS; t++) {
      for (int g = 0; g < SEEDS; g++) {
        double[] perClass = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
          perClass[c] = figure.of(t, g, c);
        }
        cells.add(new Cell(t, g, perClass));
      }
    }
    return cells;
  }
}
