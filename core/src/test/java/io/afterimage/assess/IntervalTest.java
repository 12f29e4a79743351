package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class IntervalTest {
  @Test
  void endsWhereTheBinomialLeavesHalfTheErrorOutside() {
    for (int successes = 1; successes < 20; successes++) {
      Interval ends = Interval.clopperPearson(successes, 20, .05);
      assertThat(BinomialDistribution.of(20, ends.high()).cumulativeProbability(successes))
          .isCloseTo(.025, within(1e-9));
      assertThat(BinomialDistribution.of(20, ends.low()).survivalProbability(successes - 1))
          .isCloseTo(.025, within(1e-9));
    }
  }

  @Test
  void knowsWhatZeroEventsProve() {
    assertThat(Interval.clopperPearson(0, 1000, .05).high()).isCloseTo(3.68 / 1000, within(1e-5));
    assertThat(Interval.clopperPearson(1000, 1000, .05).low())
        .isCloseTo(1 - 3.68 / 1000, within(1e-5));
    assertThat(Power.ruleOfThree(1000)).isEqualTo(.003);
  }

  @Test
  void countsAPersonWhoseRowsAreAlikeOnce() {
    double[] rows = new double[500];
    for (int row = 0; row < 100; row++) {
      rows[row] = 1;
    }
    Metric byPerson = Interval.share(rows, Draws.persons(50, 10));
    Interval ofPersons = Interval.clopperPearson(10, 50, .05);
    assertThat(byPerson.value()).isEqualTo(.2);
    assertThat(byPerson.n()).isEqualTo(50);
    assertThat(byPerson.low()).isCloseTo(ofPersons.low(), within(1e-3));
    assertThat(byPerson.high()).isCloseTo(ofPersons.high(), within(1e-3));
    assertThat(Interval.share(new double[500], Draws.persons(50, 10)).high())
        .as("no event in 50 people, whatever their rows")
        .isCloseTo(Interval.clopperPearson(0, 50, .05).high(), within(1e-9));
  }

  @Test
  void coversAShareWhosePeopleDiffer() {
    Coverage.covers(
        400,
        .5,
        seed -> {
          RandomGenerator random = Draws.random("share", seed);
          double[] rows = Draws.clustered(random, 80, 5, 0);
          for (int row = 0; row < rows.length; row++) {
            rows[row] = rows[row] > 0 ? 1 : 0;
          }
          return Interval.share(rows, Draws.persons(80, 5));
        });
  }

  @Test
  void coversAMean() {
    Coverage.coversExactly(
        400,
        2,
        seed ->
            Interval.mean(
                Draws.clustered(Draws.random("mean", seed), 30, 4, 2), Draws.persons(30, 4)));
  }

  @Test
  void coversADifferenceOfSmallShares() {
    Coverage.covers(
        400,
        .1,
        seed -> {
          RandomGenerator random = Draws.random("difference", seed);
          return new Decision(
                  Draws.coins(random, 60, .15),
                  Units.oneRowEach(60),
                  Draws.coins(random, 80, .05),
                  Units.oneRowEach(80))
              .tprMinusFpr();
        });
  }

  @Test
  void saysThatThereIsNothingToCount() {
    assertThat(Interval.share(new double[0], Units.oneRowEach(0)).resolved()).isFalse();
    assertThat(Interval.mean(new double[] {1}, Units.oneRowEach(1)).reason()).contains("2 people");
  }
}
