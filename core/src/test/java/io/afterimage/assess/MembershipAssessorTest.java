package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.assess.Finding.Worst;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MembershipAssessorTest {
  private static final AttackInfo ATTACK =
      new AttackInfo(
          "membership-threshold",
          "calls members whom the model is sure of",
          "",
          Family.MEMBERSHIP,
          Access.SCORES,
          "",
          false,
          "");
  private static final Ran RAN = new Ran(ATTACK, 700, 1.5, null);
  private static final Run RUN = Run.of(7);

  @Test
  void makesOneFindingASignalWithEveryMetricOfTheFamily() {
    Map<String, Signal> signals = new LinkedHashMap<>();
    signals.put("loss", signal(1, 1200, 1100, 0.5));
    signals.put("entropy", signal(2, 1200, 1100, 0));
    List<Finding> findings =
        assess(new MembershipScores(people("m", 1200), people("n", 1100), signals));
    assertThat(findings)
        .extracting(Finding::attack)
        .containsExactly("membership-threshold/loss", "membership-threshold/entropy");
    Finding loss = findings.get(0);
    assertThat(loss.metrics())
        .containsOnlyKeys(
            "auc",
            "tpr@0.0001",
            "tpr@0.001",
            "tpr@0.01",
            "tpr@0.1",
            "tprMinusFpr",
            "balancedAccuracy",
            "ppv",
            "epsilonLowerBound");
    assertThat(loss.metric("tpr@0.01").orElseThrow().resolved()).isTrue();
    assertThat(loss.metric("tpr@0.001").orElseThrow().reason()).contains("8,900 more");
    assertThat(loss.metric("epsilonLowerBound").orElseThrow().reason()).contains("coins");
    assertThat(loss.severity()).isGreaterThanOrEqualTo(Severity.MEDIUM);
    assertThat(loss.queries()).isEqualTo(700);
  }

  @Test
  void readsScoresWithoutALeakAsChance() {
    Coverage.covers(100, 0, seed -> metric(seed, 0, "tprMinusFpr"));
    Coverage.covers(100, 0.5, seed -> metric(seed, 0, "balancedAccuracy"));
    Coverage.covers(100, 0.5, seed -> metric(seed, 0, "ppv"));
  }

  @Test
  void doesNotFlatterAThresholdByCountingWhereItWasChosen() {
    double mean =
        IntStream.range(0, 200)
            .mapToObj(seed -> metric(seed, 0, "tprMinusFpr"))
            .mapToDouble(m -> m.interval().low() + m.interval().high())
            .average()
            .orElseThrow();
    // 200 differences of two shares of 50: standard error below 0.1 / sqrt(200) = 0.007; 3.1 of it.
    assertThat(mean / 2).isCloseTo(0, within(0.022));
  }

  @Test
  void coversTheBestDecisionUnderAKnownLeak() {
    // A shift of 3 standard deviations: TPR - FPR is at most 2 * Phi(1.5) - 1 = 0.866.
    Coverage.covers(100, 0.866, seed -> metric(seed, 3, "tprMinusFpr"));
  }

  @Test
  void measuresTheAdvantageOverTheBetterOfChanceAndTheBlindClassifier() {
    Signal attack = signal(1, 500, 500, 1);
    MembershipScores scores = scores(attack);
    Finding overChance = assess(scores).get(0);
    assertThat(overChance.advantage("overBaseline").orElseThrow().baseline()).isEqualTo("chance");
    double area = Roc.of(attack.members(), attack.nonMembers()).area();
    assertThat(overChance.advantage("overBaseline").orElseThrow().value())
        .isCloseTo(2 * area - 1, within(1e-12));
    Finding overBlind =
        MembershipAssessor.assess(RAN, scores, Optional.of(attack), List.of(), .5, RUN).get(0);
    assertThat(overBlind.advantage("overBaseline").orElseThrow().baseline()).isEqualTo("blind");
    assertThat(overBlind.advantage("overBaseline").orElseThrow().value())
        .isCloseTo(0, within(1e-12));
    assertThat(overBlind.baselines()).containsKeys("chance", "blind", "blind/tpr@0.1");
  }

  @Test
  void coversTheAdvantageOverABlindClassifierThatKnowsPartOfIt() {
    // Both see a common normal; areas 0.6 for the blind, 0.7 for the attack: (0.7-0.6)/0.4 = 0.25.
    Coverage.covers(100, 0.25, MembershipAssessorTest::overBlind);
  }

  private static Metric overBlind(int seed) {
    RandomGenerator random = Draws.random("blind", seed);
    double[][] drawn = {Draws.normal(random, 300, 0), Draws.normal(random, 300, 0)};
    Signal attack = shifted(drawn, random, 0.7416);
    Signal blind = shifted(drawn, random, 0.3583);
    Finding.Advantage gain =
        MembershipAssessor.assess(RAN, scores(attack), Optional.of(blind), List.of(), .5, RUN)
            .get(0)
            .advantage("overBaseline")
            .orElseThrow();
    return new Metric(gain.value(), gain.low(), gain.high(), gain.n(), null);
  }

  /** Unit variance, correlated by one half. */
  private static Signal shifted(double[][] common, RandomGenerator random, double shift) {
    double[][] scores = new double[2][];
    for (int role = 0; role < 2; role++) {
      double toAdd = role == 0 ? shift : 0;
      scores[role] =
          Arrays.stream(common[role])
              .map(c -> toAdd + Math.sqrt(0.5) * (c + random.nextGaussian()))
              .toArray();
    }
    return new Signal(scores[0], scores[1]);
  }

  @Test
  void namesTheMostExposedRecordsById() {
    Signal signal = signal(1, 400, 400, 0);
    for (int row = 0; row < 40; row++) {
      signal.members()[40 - row] = 60 - row;
    }
    List<Worst> records = assess(scores(signal)).get(0).worst();
    assertThat(records).extracting(Worst::id).startsWith("m40", "m39").hasSize(20);
    assertThat(records)
        .as("the twenty nearest to each are members too: 0.025^(1/20) = 0.83")
        .allSatisfy(
            worst -> {
              assertThat(worst.metricName()).isEqualTo("posterior");
              assertThat(worst.metric().value()).isEqualTo(1);
              assertThat(worst.metric().low()).isCloseTo(.832, within(.001));
            });
  }

  @Test
  void namesNobodyWhoseExposureIsNotProven() {
    Signal few = signal(1, 400, 400, 0);
    few.members()[17] = 9;
    few.members()[3] = 8;
    assertThat(assess(scores(few)).get(0).worst()).isEmpty();
  }

  @Test
  void ratesOnlyWhatTheRowsAloneDoNotTell() {
    Signal attack = signal(1, 1200, 1100, 1);
    MembershipScores scores = scores(attack);
    assertThat(assess(scores).get(0).severity()).isGreaterThanOrEqualTo(Severity.MEDIUM);
    assertThat(
            MembershipAssessor.assess(RAN, scores, Optional.of(attack), List.of(), .5, RUN)
                .get(0)
                .severity())
        .isEqualTo(Severity.NONE);
  }

  @Test
  void namesTheWorstClassWithAnIntervalThatHoldsForAllTogether() {
    int[] classes = IntStream.range(0, 1000).map(row -> row % 5).toArray();
    Signal signal = signal(4, 1000, 1000, 0);
    for (int row = 2; row < 1000; row += 5) {
      signal.members()[row] += 2;
    }
    MembershipScores scores =
        new MembershipScores(
            new People(ids("m", 1000), ids("m", 1000), classes),
            new People(ids("n", 1000), ids("n", 1000), classes),
            Map.of("loss", signal));
    Finding finding =
        MembershipAssessor.assess(
                RAN, scores, Optional.empty(), List.of("a", "b", "rare", "d", "e"), .5, RUN)
            .get(0);
    List<Worst> classesNamed =
        finding.worst().stream().filter(one -> one.kind().equals("class")).toList();
    assertThat(classesNamed).hasSize(1);
    Worst worst = classesNamed.get(0);
    assertThat(worst.kind()).isEqualTo("class");
    assertThat(worst.id()).isEqualTo("rare");
    assertThat(worst.metric().low()).isGreaterThan(0.7);
  }

  @Test
  void doesNotDependOnTheOrderOfPeople() {
    int people = 300;
    Signal signal = signal(5, people, people, 0.7);
    List<Integer> order = new java.util.ArrayList<>(IntStream.range(0, people).boxed().toList());
    Collections.shuffle(order, new Random(1));
    List<String> persons = IntStream.range(0, people).mapToObj(row -> "p" + row / 2).toList();
    MembershipScores straight =
        new MembershipScores(
            new People(ids("m", people), persons, new int[people]),
            people("n", people),
            Map.of("loss", signal));
    MembershipScores shuffled =
        new MembershipScores(
            new People(
                order.stream().map(ids("m", people)::get).toList(),
                order.stream().map(persons::get).toList(),
                new int[people]),
            people("n", people),
            Map.of(
                "loss",
                new Signal(
                    order.stream().mapToDouble(row -> signal.members()[row]).toArray(),
                    signal.nonMembers())));
    assertThat(assess(shuffled)).isEqualTo(assess(straight));
  }

  @Test
  void saysWhatItCannotResolveWithFewPeople() {
    Finding finding = assess(scores(signal(1, 8, 8, 0))).get(0);
    assertThat(finding.metrics().values())
        .allSatisfy(
            metric -> {
              assertThat(metric.resolved()).isFalse();
              assertThat(metric.reason()).isNotBlank();
            });
    assertThat(finding.advantages()).isEmpty();
    assertThat(finding.severity()).isEqualTo(Severity.NONE);
  }

  @Test
  void assessesAHundredThousandRowsWithinSeconds() {
    MembershipScores scores = scores(signal(1, 100_000, 100_000, 0.2));
    long start = System.nanoTime();
    assess(scores);
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
  }

  private static Metric metric(int seed, double shift, String name) {
    return assess(scores(signal(seed, 100, 100, shift))).get(0).metric(name).orElseThrow();
  }

  private static List<Finding> assess(MembershipScores scores) {
    return MembershipAssessor.assess(RAN, scores, Optional.empty(), List.of(), .5, RUN);
  }

  private static MembershipScores scores(Signal signal) {
    return new MembershipScores(
        people("m", signal.members().length),
        people("n", signal.nonMembers().length),
        Map.of("loss", signal));
  }

  private static Signal signal(int seed, int members, int nonMembers, double shift) {
    RandomGenerator random = Draws.random("signal", seed);
    return new Signal(Draws.normal(random, members, shift), Draws.normal(random, nonMembers, 0));
  }

  private static People people(String role, int count) {
    return new People(ids(role, count), ids(role, count), new int[0]);
  }

  private static List<String> ids(String role, int count) {
    return IntStream.range(0, count).mapToObj(row -> role + row).toList();
  }
}
