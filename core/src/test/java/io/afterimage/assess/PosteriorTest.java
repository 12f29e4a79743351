package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PosteriorTest {
  @Test
  void coversAChanceThatDoesNotChangeAmongNeighbours() {
    Coverage.covers(400, .75, seed -> drawn(seed, 200, 200, .5));
  }

  @Test
  void movesToThePriorByBayesRule() {
    // Of high scorers .75 are members where half are: odds of 3, at a prior of 0.1 odds of 1 / 3.
    Coverage.covers(400, .25, seed -> drawn(seed, 200, 200, .1));
  }

  @Test
  void doesNotDependOnHowManyOfEachRoleWereGiven() {
    Coverage.covers(400, .75, seed -> drawn(seed, 120, 360, .5));
  }

  /** High scores for three quarters of the members and a quarter of the others, else low ones. */
  private static Metric drawn(int seed, int members, int nonMembers, double prior) {
    RandomGenerator random = Draws.random("posterior", seed);
    double[] ofMembers = scores(random, members, .75);
    ofMembers[0] = 5.5; // amid the high ones
    Signal signal = new Signal(ofMembers, scores(random, nonMembers, .25));
    return new Posterior(signal, people("m", members), people("n", nonMembers), prior)
        .ofMember(0, Interval.MISS);
  }

  private static double[] scores(RandomGenerator random, int rows, double high) {
    return random
        .doubles(rows)
        .map(u -> u < high ? 5 + random.nextDouble() : random.nextDouble())
        .toArray();
  }

  @Test
  void doesNotReadThePersonsOwnRows() {
    double[] members = new double[100];
    Arrays.fill(members, 0, 50, 9);
    People oneAndFifty =
        new People(
            ids("m", 100),
            IntStream.range(0, 100).mapToObj(row -> row < 50 ? "one" : "m" + row).toList(),
            new int[0]);
    Signal signal = new Signal(members, new double[100]);
    Metric chance =
        new Posterior(signal, oneAndFifty, people("n", 100), .5).ofMember(0, Interval.MISS);
    assertThat(chance.value()).as("all others score 0, members or not").isCloseTo(.5, within(1e-9));
    assertThat(chance.n()).isEqualTo(150);
  }

  @Test
  void countsEverybodyWhoTies() {
    double[] members = new double[60];
    Arrays.fill(members, 1);
    double[] nonMembers = new double[60];
    Arrays.fill(nonMembers, 0, 20, 1);
    Metric chance =
        new Posterior(new Signal(members, nonMembers), people("m", 60), people("n", 60), .5)
            .ofMember(7, Interval.MISS);
    assertThat(chance.n()).isEqualTo(79);
    assertThat(chance.value())
        .as("all members, a third of the others")
        .isCloseTo(.75, within(1e-9));
  }

  @Test
  void asksOnlyForRanks() {
    double[] members = Draws.normal(Draws.random("ranks", 1), 90, 1);
    double[] others = Draws.normal(Draws.random("ranks", 2), 70, 0);
    for (int row = 0; row < 90; row++) {
      assertThat(of(members, others, row))
          .isEqualTo(of(exponentials(members), exponentials(others), row));
    }
  }

  private static Metric of(double[] members, double[] others, int row) {
    return new Posterior(
            new Signal(members, others),
            people("m", members.length),
            people("n", others.length),
            .5)
        .ofMember(row, Interval.MISS);
  }

  private static double[] exponentials(double[] values) {
    return Arrays.stream(values).map(Math::exp).toArray();
  }

  @Test
  void saysNothingOfFewerThanTwentyOthers() {
    Metric few = of(new double[10], new double[10], 0);
    assertThat(few.resolved()).isFalse();
    assertThat(Objects.requireNonNull(few.reason())).contains("20", "19");
    assertThat(of(new double[11], new double[10], 0).resolved()).isTrue();
  }

  private static People people(String role, int count) {
    return new People(ids(role, count), ids(role, count), new int[0]);
  }

  private static List<String> ids(String role, int count) {
    return IntStream.range(0, count).mapToObj(row -> role + row).toList();
  }
}
