package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.assess.Finding.Advantage;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.AttributeGuesses.Guesses;
import io.afterimage.evidence.People;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttributeAssessorTest {
  private static final AttackInfo ATTACK =
      new AttackInfo("attribute-map", "", "", Family.ATTRIBUTE, Access.SCORES, "", false, "");
  private static final Ran RAN = new Ran(ATTACK, 100, 1, null);
  private static final Run RUN = Run.of(3);

  @Test
  void reportsEveryMetricForMembersAndNonMembersAndAllBaselines() {
    Finding finding = assess(evidence(1, 400, 300, .7, .6, .5));
    assertThat(finding.attack()).isEqualTo("attribute-map/genotype");
    assertThat(finding.metrics())
        .containsOnlyKeys(
            "accuracy",
            "macroF1",
            "mcc",
            "accuracy@members",
            "macroF1@members",
            "mcc@members",
            "accuracy@nonmembers",
            "macroF1@nonmembers",
            "mcc@nonmembers");
    assertThat(finding.metric("accuracy@members").orElseThrow().value()).isCloseTo(.7, within(.08));
    assertThat(finding.baselines()).containsOnlyKeys("majority", "others");
    assertThat(finding.reason()).contains("other attributes and the true response");
    assertThat(finding.advantages()).containsOnlyKeys("overBaseline", "membersOverNonmembers");
  }

  @Test
  void readsAnAttackThatOnlyImputesAsNoLeak() {
    // The attack guesses as the best baseline does, on members and non-members alike.
    Coverage.covers(100, 0, seed -> overBaseline(seed, .5, .5));
    Coverage.covers(100, 0, seed -> overNonMembers(seed, .5, .5));
  }

  @Test
  void coversAKnownAdvantage() {
    // Everyone is guessed with .7, the baseline with .5: (.7 - .5) / (1 - .5) = .4.
    Coverage.covers(100, .4, seed -> overBaseline(seed, .7, .5));
    // Members .8, non-members .6: (.8 - .6) / (1 - .6) = .5.
    Coverage.covers(100, .5, seed -> overNonMembers(seed, .8, .6));
  }

  @Test
  void isNotFooledByTheLuckiestOfManyEquallyGoodBaselines() {
    Coverage.covers(
        200,
        0,
        seed -> {
          RandomGenerator random = Draws.random("many", seed);
          Map<String, double[]> baselines = new LinkedHashMap<>();
          for (int i = 0; i < 8; i++) {
            baselines.put("baseline " + i, Draws.coins(random, 200, .4));
          }
          return Metric.of(
              Advantages.overBest(
                      Draws.coins(random, 200, .4),
                      baselines,
                      Units.oneRowEach(200),
                      Advantages.NORMALISED,
                      new Resampling(RUN, "test"))
                  .orElseThrow());
        });
  }

  @Test
  void comparesWithTheMostDemandingBaseline() {
    Guesses people = guesses(Draws.random("best", 1), "m", 500, .7, .5);
    Map<String, int[]> baselines = new LinkedHashMap<>(people.baselines());
    baselines.put("as-good", people.attack());
    Guesses beaten = new Guesses(people.people(), people.truth(), people.attack(), baselines);
    Advantage gain =
        assess(evidence(beaten, guesses(Draws.random("best", 2), "n", 0, .7, .5)))
            .advantage("overBaseline")
            .orElseThrow();
    assertThat(gain.baseline()).isEqualTo("as-good");
    assertThat(gain.value()).isEqualTo(0);
    assertThat(gain.low()).isLessThan(0).isGreaterThan(-.05);
    assertThat(gain.high()).isGreaterThan(0).isLessThan(.05);
  }

  @Test
  void doesNotTakeAnAttackThatIsAlwaysRightInTwentyPeopleForCertain() {
    Finding finding =
        assess(
            evidence(
                guesses(Draws.random("sure", 1), "m", 20, 1, .5),
                guesses(Draws.random("sure", 2), "n", 20, 1, .5)));
    assertThat(finding.metric("macroF1@members").orElseThrow().value()).isEqualTo(1);
    assertThat(finding.metric("macroF1@members").orElseThrow().low()).isLessThan(.9);
    assertThat(finding.advantage("overBaseline").orElseThrow().low()).isLessThan(1);
    assertThat(finding.advantage("membersOverNonmembers")).isEmpty();
    assertThat(finding.reason()).contains("no wrong guess about non-members");
  }

  @Test
  void leavesOutRowsWhoseTruthIsMissing() {
    Guesses members = guesses(Draws.random("missing", 1), "m", 200, .7, .5);
    int[] truth = members.truth().clone();
    for (int row = 0; row < 50; row++) {
      truth[row] = -1;
    }
    Guesses some = new Guesses(members.people(), truth, members.attack(), members.baselines());
    Finding finding = assess(evidence(some, guesses(Draws.random("missing", 2), "n", 100, .7, .5)));
    assertThat(finding.metric("accuracy@members").orElseThrow().n()).isEqualTo(150);
    assertThat(finding.metric("accuracy").orElseThrow().n()).isEqualTo(250);
  }

  @Test
  void saysSoWhereNobodysTruthIsKnown() {
    Guesses unjudged = Guesses.of(people("m", 5), new int[5]);
    Finding finding = assess(evidence(unjudged, unjudged));
    assertThat(finding.metrics().values())
        .allSatisfy(metric -> assertThat(metric.reason()).contains("no row"));
    assertThat(finding.advantages()).isEmpty();
  }

  @Test
  void doesNotDependOnTheOrderOfPeople() {
    Guesses members = guesses(Draws.random("order", 1), "m", 200, .7, .5);
    Guesses others = guesses(Draws.random("order", 2), "n", 100, .6, .5);
    assertThat(assess(evidence(shuffled(members), others)))
        .isEqualTo(assess(evidence(members, others)));
  }

  @Test
  void namesTheClassWhoseMembersAreGuessedBest() {
    RandomGenerator random = Draws.random("classes", 1);
    Guesses members = guesses(random, "m", 300, .5, .5);
    int[] attack = members.attack().clone();
    for (int row = 0; row < 300; row++) {
      if (members.people().classes()[row] == 2) {
        attack[row] = members.truth()[row];
      }
    }
    Guesses told = new Guesses(members.people(), members.truth(), attack, members.baselines());
    Finding finding =
        AttributeAssessor.assess(
            RAN,
            evidence(told, guesses(random, "n", 100, .5, .5)),
            List.of("mild", "severe", "rare"),
            RUN);
    assertThat(finding.worst()).as("the others are guessed as without the model").hasSize(1);
    assertThat(finding.worst().get(0).id()).isEqualTo("rare");
    assertThat(finding.worst().get(0).metric().low()).isGreaterThan(.9);
  }

  private static Metric overBaseline(int seed, double attack, double baseline) {
    GuessedRows people =
        GuessedRows.of(guesses(Draws.random("over baseline", seed), "m", 300, attack, baseline));
    return Metric.of(
        Advantages.overBest(
                people.right(),
                people.baselinesRight(),
                people.units(),
                Advantages.NORMALISED,
                new Resampling(RUN, "test"))
            .orElseThrow());
  }

  private static Metric overNonMembers(int seed, double members, double others) {
    RandomGenerator random = Draws.random("over non-members", seed);
    return Metric.of(
        Advantages.overNonMembers(
                Draws.coins(random, 150, members),
                Units.oneRowEach(150),
                Draws.coins(random, 150, others),
                Units.oneRowEach(150),
                new Resampling(RUN, "test"))
            .orElseThrow());
  }

  private static Finding assess(AttributeGuesses evidence) {
    return AttributeAssessor.assess(RAN, evidence, List.of(), RUN);
  }

  private static AttributeGuesses evidence(
      int seed, int members, int nonMembers, double onMembers, double onOthers, double baseline) {
    RandomGenerator random = Draws.random("attribute", seed);
    return evidence(
        guesses(random, "m", members, onMembers, baseline),
        guesses(random, "n", nonMembers, onOthers, baseline));
  }

  private static AttributeGuesses evidence(Guesses members, Guesses nonMembers) {
    return new AttributeGuesses(
        "genotype",
        List.of("AA", "AG", "GG"),
        "other attributes and the true response",
        members,
        nonMembers);
  }

  /** Three values; attack and the better baseline are right with these chances, independently. */
  private static Guesses guesses(
      RandomGenerator random, String role, int count, double attack, double baseline) {
    int[] truth = IntStream.range(0, count).map(row -> random.nextInt(3)).toArray();
    Map<String, int[]> baselines = new LinkedHashMap<>();
    baselines.put("majority", guess(random, truth, .2));
    baselines.put("others", guess(random, truth, baseline));
    return new Guesses(people(role, count), truth, guess(random, truth, attack), baselines);
  }

  private static int[] guess(RandomGenerator random, int[] truth, double right) {
    return IntStream.of(truth)
        .map(t -> random.nextDouble() < right ? t : (t + 1 + random.nextInt(2)) % 3)
        .toArray();
  }

  private static People people(String role, int count) {
    List<String> ids = IntStream.range(0, count).mapToObj(row -> role + row).toList();
    return new People(ids, ids, IntStream.range(0, count).map(row -> row % 3).toArray());
  }

  private static Guesses shuffled(Guesses guesses) {
    List<Integer> order =
        new ArrayList<>(IntStream.range(0, guesses.truth().length).boxed().toList());
    Collections.shuffle(order, new Random(4));
    Map<String, int[]> baselines = new LinkedHashMap<>();
    guesses.baselines().forEach((name, all) -> baselines.put(name, pick(all, order)));
    List<String> ids = order.stream().map(guesses.people().ids()::get).toList();
    return new Guesses(
        new People(ids, ids, pick(guesses.people().classes(), order)),
        pick(guesses.truth(), order),
        pick(guesses.attack(), order),
        baselines);
  }

  private static int[] pick(int[] values, List<Integer> order) {
    return order.stream().mapToInt(row -> values[row]).toArray();
  }
}
