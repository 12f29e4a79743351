package io.afterimage.policy;

import static io.afterimage.policy.Verdicts.decide;
import static io.afterimage.policy.Verdicts.failed;
import static io.afterimage.policy.Verdicts.gate;
import static io.afterimage.policy.Verdicts.notRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.Metric;
import io.afterimage.assess.Status;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Profile.Bounds;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What decides, and which way. */
class PolicyTest {
  static final List<String> BUNDLED = Profile.BUNDLED;

  private static final List<Gate> ATTACKED =
      Stream.of(Gate.values()).filter(gate -> gate.family().isPresent()).toList();

  private static final List<Family> JUDGED =
      List.of(Family.MEMBERSHIP, Family.ATTRIBUTE, Family.INVERSION);

  private static final List<Decision> BEST_FIRST =
      List.of(
          Decision.RELEASE,
          Decision.RELEASE_WITH_CONDITIONS,
          Decision.INSUFFICIENT_EVIDENCE,
          Decision.DO_NOT_RELEASE);

  static Stream<Arguments> cells() {
    return Profile.BUNDLED.stream()
        .flatMap(
            name ->
                Stream.of(Gate.values())
                    .filter(gate -> Profile.of(name).bounds(gate).isPresent())
                    .map(gate -> Arguments.of(name, gate)));
  }

  @ParameterizedTest
  @FieldSource("BUNDLED")
  void releasesWhatLeaksNothing(String profile) {
    Verdict verdict = decide(profile, Inputs.harmless());
    assertThat(verdict.decision()).isEqualTo(Decision.RELEASE);
    assertThat(verdict.gates()).extracting(GateResult::outcome).containsOnly(Outcome.PASSED);
    assertThat(verdict.conditions()).isEmpty();
    assertThat(verdict.notShown().get(0)).contains("No figure here establishes");
  }

  @ParameterizedTest
  @MethodSource("cells")
  void judgesEachCellOfTheTable(String profile, Gate gate) {
    Bounds bounds = Profile.of(profile).bounds(gate).orElseThrow();
    double a = bounds.acceptable();
    double b = bounds.intolerable();
    assertThat(outcome(profile, gate, upTo(gate, a))).isEqualTo(Outcome.PASSED);
    if (a != b) {
      assertThat(outcome(profile, gate, upTo(gate, b))).isEqualTo(Outcome.CONDITION);
    }
    boolean neverWorse = gate.atLeast() ? b == 0 : b == 1;
    if (!neverWorse) {
      assertThat(outcome(profile, gate, beyond(gate, b))).isEqualTo(Outcome.FAILED);
      assertThat(outcome(profile, gate, across(gate, a, b))).isEqualTo(Outcome.INSUFFICIENT);
    }
  }

  private static Outcome outcome(String profile, Gate gate, Metric figure) {
    Verdict verdict = decide(profile, Inputs.harmless().with(gate, figure));
    Outcome outcome = gate(verdict, gate).outcome();
    assertThat(verdict.decision())
        .isEqualTo(
            switch (outcome) {
              case PASSED -> Decision.RELEASE;
              case CONDITION -> Decision.RELEASE_WITH_CONDITIONS;
              case FAILED -> Decision.DO_NOT_RELEASE;
              default -> Decision.INSUFFICIENT_EVIDENCE;
            });
    assertThat(verdict.reasons().get(0))
        .isEqualTo(
            outcome == Outcome.PASSED
                ? verdict.gates().get(0).sentence()
                : gate(verdict, gate).sentence());
    return outcome;
  }

  /** An interval that ends at the bound, on its good side. */
  private static Metric upTo(Gate gate, double bound) {
    return gate.atLeast()
        ? Metric.of(bound + 2, bound, bound + 4, 1000)
        : Metric.of(bound - 1e-4, bound - 2e-4, bound, 1000);
  }

  private static Metric beyond(Gate gate, double bound) {
    return gate.atLeast()
        ? Metric.of(bound - 2, bound - 2.1, bound - 1.9, 1000)
        : Metric.of(bound + .2, bound + .199, bound + .201, 1000);
  }

  private static Metric across(Gate gate, double a, double b) {
    return gate.atLeast()
        ? Metric.of(a, a - 4, a + 4, 1000)
        : Metric.of((a + b) / 2, a - .2, b + .2, 1000);
  }

  @Test
  void letsTheGravestGateDecide() {
    Inputs inputs = Inputs.harmless();
    assertThat(decide("api", inputs).decision()).isEqualTo(Decision.RELEASE);
    inputs.with(Gate.ROWS_STORED, Inputs.exactly(1));
    assertThat(decide("api", inputs).decision()).isEqualTo(Decision.RELEASE_WITH_CONDITIONS);
    inputs.with(Gate.MEMBERSHIP_AUC, Metric.of(.6, .5, .7, 100));
    assertThat(decide("api", inputs).decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    inputs.with(Gate.NEAR_COPY, Inputs.exactly(2));
    Verdict verdict = decide("api", inputs);
    assertThat(verdict.decision()).isEqualTo(Decision.DO_NOT_RELEASE);
    assertThat(verdict.reasons().get(0)).contains("nearly copy a training record 2 is proven");
    assertThat(verdict.reasons().get(1)).contains("Membership AUC").contains("cannot be placed");
  }

  @Test
  void neverGivesABetterDecisionForWorseEvidence() {
    RandomGenerator random = Run.of(5).random("monotone");
    int changed = 0;
    for (int trial = 0; trial < 1000; trial++) {
      String profile = any(BUNDLED, random);
      Inputs inputs = drawn(random);
      Decision before = decide(profile, inputs).decision();
      worsen(inputs, random);
      Decision after = decide(profile, inputs).decision();
      assertThat(BEST_FIRST.indexOf(after))
          .as("trial %d: %s then %s", trial, before, after)
          .isGreaterThanOrEqualTo(BEST_FIRST.indexOf(before));
      changed += after == before ? 0 : 1;
    }
    assertThat(changed).as("the trials reach the thresholds").isGreaterThan(50);
  }

  private static <T> T any(List<T> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size()));
  }

  private static Inputs drawn(RandomGenerator random) {
    Inputs inputs = Inputs.harmless().references(random.nextInt(100));
    for (int i = 0; i < 2; i++) {
      Gate gate = any(ATTACKED, random);
      double value = .25 * random.nextDouble();
      double half = .1 * random.nextDouble();
      inputs.with(gate, Metric.of(value, value - half, value + half, 500));
      inputs.shift(gate, gate == Gate.MEMBERSHIP_AUC ? .5 : 0);
    }
    return inputs;
  }

  private static void worsen(Inputs inputs, RandomGenerator random) {
    switch (random.nextInt(6)) {
      case 0 -> inputs.references(0);
      case 1 -> inputs.and(failed(Effect.WITHHOLDS_PASS, any(ATTACKED, random)));
      case 2 -> inputs.and(notRun(any(JUDGED, random), Status.FAILED));
      default -> {
        Gate gate = any(ATTACKED, random);
        inputs.shift(gate, .3 * random.nextDouble());
      }
    }
  }

  @Test
  void correctsAProofForTheNumberOfFiguresLookedAt() {
    // One-sided p of 0.02: proven alone, not among ten figures or more.
    double half = .1;
    double value = .60 + half * 2.0537 / 1.96;
    Metric barely = Metric.of(value, value - half, value + half, 300);
    assertThat(barely.low()).isGreaterThan(.60);
    GateResult among =
        gate(
            decide("api", Inputs.harmless().with(Gate.MEMBERSHIP_AUC, barely)),
            Gate.MEMBERSHIP_AUC);
    assertThat(among.outcome()).isEqualTo(Outcome.INSUFFICIENT);
    Inputs alone = Inputs.harmless().with(Gate.MEMBERSHIP_AUC, barely);
    for (Gate gate : Gate.values()) {
      if (gate != Gate.MEMBERSHIP_AUC) {
        alone.without(gate, "not looked at");
      }
    }
    assertThat(gate(decide("api", alone), Gate.MEMBERSHIP_AUC).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void takesTheGravestOfSeveralFindings() {
    Inputs inputs =
        Inputs.harmless()
            .and(
                Inputs.finding(
                    Family.MEMBERSHIP,
                    Status.RUN,
                    null,
                    Map.of(
                        "auc", Metric.of(.9, .89, .91, 4000),
                        "tpr@0.01", Metric.of(.01, .005, .02, 4000)),
                    Map.of()));
    GateResult auc = gate(decide("api", inputs), Gate.MEMBERSHIP_AUC);
    assertThat(auc.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(auc.value()).isEqualTo(.9);
  }

  @Test
  void bindsReleaseToTheDefencesItWasAuditedBehind() {
    Verdict verdict = decide("api", Inputs.harmless().condition("Answers hold the label alone."));
    assertThat(verdict.decision()).isEqualTo(Decision.RELEASE_WITH_CONDITIONS);
    assertThat(verdict.conditions())
        .contains(
            "Answers hold the label alone.",
            "Nobody but customers reaches the model, as the audit assumed.");
  }

  @Test
  void expiresAfterTheMonthsOfTheProfile() {
    assertThat(decide("api", Inputs.harmless()).expires()).isEqualTo("2027-05-22");
    assertThat(decide("open-weights", Inputs.harmless()).expires()).isEqualTo("2027-11-22");
  }
}
