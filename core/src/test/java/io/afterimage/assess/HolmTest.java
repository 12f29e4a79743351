package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class HolmTest {
  @Test
  void multipliesByTheNumberOfHypothesesLeft() {
    assertThat(Holm.adjust(new double[] {.01, .04, .03, .005})).containsExactly(.03, .06, .06, .02);
    assertThat(Holm.adjust(new double[] {.6, .9})).containsExactly(1, 1);
    assertThat(Holm.adjust(new double[0])).isEmpty();
  }

  @Test
  void provesSomethingFalseInNoMoreRunsThanItsLevel() {
    int wrong = 0;
    for (int seed = 0; seed < 2000; seed++) {
      RandomGenerator random = Draws.random("holm", seed);
      double[] p = DoubleStream.generate(random::nextDouble).limit(20).toArray();
      wrong += DoubleStream.of(Holm.adjust(p)).anyMatch(q -> q < .05) ? 1 : 0;
    }
    // A correct program fails this in 0.1% of runs.
    assertThat(BinomialDistribution.of(2000, .05).survivalProbability(wrong - 1))
        .isGreaterThan(.001);
  }

  @Test
  void readsAOneSidedPValueOffAnInterval() {
    assertThat(Holm.atMost(.6, Metric.of(.7, .6, .8, 10))).isCloseTo(.025, within(1e-9));
    assertThat(Holm.atMost(.7, Metric.of(.7, .6, .8, 10))).isCloseTo(.5, within(1e-9));
    assertThat(Holm.atMost(.6, Metric.of(1, 1, 1, 10))).isEqualTo(0);
    assertThat(Holm.atMost(1, Metric.of(1, 1, 1, 10))).isEqualTo(1);
    assertThat(Holm.atMost(1, Metric.unresolved(10, "too few"))).isEqualTo(1);
  }
}
