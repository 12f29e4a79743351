package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/** Holds intervals against the truth over many seeds. */
final class Coverage {
  /** How often a correct program fails each of these checks. */
  private static final double FALSE_ALARM = 0.004;

  private Coverage() {}

  /**
   * A 95% interval covers the truth as often as a binomial allows, at a false alarm rate of 0.4%:
   * in at least 89 of 100 seeds, 368 of 400.
   */
  static void covers(int seeds, double truth, IntFunction<Metric> interval) {
    atLeast(seeds, covered(seeds, truth, interval));
  }

  /** It is also no wider than it must be: it misses now and then. */
  static void coversExactly(int seeds, double truth, IntFunction<Metric> interval) {
    int covered = covered(seeds, truth, interval);
    atLeast(seeds, covered);
    assertThat(correct(seeds).survivalProbability(covered - 1))
        .as("no more than a correct program: %d of %d seeds", covered, seeds)
        .isGreaterThan(FALSE_ALARM);
  }

  private static void atLeast(int seeds, int covered) {
    assertThat(correct(seeds).cumulativeProbability(covered))
        .as("as many as a correct program: %d of %d seeds", covered, seeds)
        .isGreaterThan(FALSE_ALARM);
  }

  private static BinomialDistribution correct(int seeds) {
    return BinomialDistribution.of(seeds, 0.95);
  }

  private static int covered(int seeds, double truth, IntFunction<Metric> interval) {
    return (int)
        IntStream.range(0, seeds)
            .mapToObj(interval)
            .map(Metric::interval)
            .filter(ends -> ends.low() <= truth && truth <= ends.high())
            .count();
  }
}
