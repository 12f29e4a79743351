package io.afterimage.policy;

import static io.afterimage.policy.Verdicts.decide;
import static io.afterimage.policy.Verdicts.failed;
import static io.afterimage.policy.Verdicts.gate;
import static io.afterimage.policy.Verdicts.notRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Status;
import io.afterimage.base.Family;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was not measured, did not run or cannot be trusted passes nothing. */
class MissingEvidenceTest {
  @ParameterizedTest
  @EnumSource(
      value = Status.class,
      names = {"SKIPPED", "FAILED"})
  void doesNotPassAnAttackThatDidNotRun(Status status) {
    Verdict verdict = decide("api", Inputs.harmless().and(notRun(Family.MEMBERSHIP, status)));
    assertThat(verdict.decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    assertThat(verdict.reasons().get(0)).contains("out of time");
    assertThat(verdict.notShown()).anySatisfy(line -> assertThat(line).contains("did not run"));
  }

  @Test
  void doesNotPassAGateThatNothingAnswers() {
    Inputs inputs =
        Inputs.harmless().notMeasured(Gate.ATTRIBUTE_MEMORISED).notMeasured(Gate.ATTRIBUTE_IMPUTED);
    assertThat(decide("api", inputs).decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
  }

  @Test
  void listsAGateWithoutItsInputAsNotShown() {
    Inputs inputs =
        Inputs.harmless()
            .notMeasured(Gate.ATTRIBUTE_MEMORISED)
            .notMeasured(Gate.ATTRIBUTE_IMPUTED)
            .without(Gate.ATTRIBUTE_MEMORISED, "no sensitive column was named")
            .without(Gate.ATTRIBUTE_IMPUTED, "no sensitive column was named");
    Verdict verdict = decide("api", inputs);
    assertThat(verdict.decision()).isEqualTo(Decision.RELEASE);
    assertThat(gate(verdict, Gate.ATTRIBUTE_IMPUTED).outcome()).isEqualTo(Outcome.NOT_APPLICABLE);
    assertThat(verdict.notShown())
        .anySatisfy(line -> assertThat(line).contains("no sensitive column was named"))
        .anySatisfy(
            line -> assertThat(line).contains("degrees of freedom").contains("no threshold"));
  }

  @Test
  void releasesNothingWhereNoGateApplies() {
    Inputs inputs = Inputs.harmless();
    for (Gate gate : Gate.values()) {
      inputs.without(gate, "nothing was given").notMeasured(gate);
    }
    assertThat(decide("api", inputs).decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
  }

  @Test
  void asksForTheRatesThatTheProfileRequires() {
    Metric none = Metric.unresolved(900, "a false positive rate of 0.001 needs 10,000 non-members");
    Inputs permille = Inputs.harmless().with(Gate.MEMBERSHIP_TPR_1_PERMILLE, none);
    assertThat(decide("api", permille).decision()).isEqualTo(Decision.RELEASE);
    assertThat(decide("api", permille).notShown())
        .anySatisfy(line -> assertThat(line).contains("10,000 non-members"));
    assertThat(decide("medical", permille).decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    Inputs percent = Inputs.harmless().with(Gate.MEMBERSHIP_TPR_1_PERCENT, none);
    assertThat(decide("api", percent).decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
  }

  /** An attack of few questions, or of few values, is no gap beside one that asks everybody. */
  @Test
  void takesARateForResolvedWhereAnyAttackResolvesIt() {
    Metric none = Metric.unresolved(900, "a false positive rate of 0.001 needs 10,000 non-members");
    Finding few =
        Inputs.finding(
            Family.MEMBERSHIP,
            Status.RUN,
            null,
            Map.of("auc", Inputs.exactly(0.5), "tpr@0.01", none, "tpr@0.001", none),
            Map.of());
    assertThat(decide("medical", Inputs.harmless().and(few)).decision())
        .isEqualTo(Decision.RELEASE);
  }

  @Test
  void asksForThirtyTwoPeopleBeforeItJudgesRecognition() {
    Inputs few = Inputs.harmless().with(Gate.INVERSION_RECOGNISED, Metric.of(0, 0, .05, 31));
    GateResult result = gate(decide("api", few), Gate.INVERSION_RECOGNISED);
    assertThat(result.outcome()).isEqualTo(Outcome.INSUFFICIENT);
    assertThat(result.sentence()).contains("1 more would do");
  }

  @Test
  void believesNeitherLeakNorPassWhereACheckVoidsTheEvidence() {
    Inputs inputs =
        Inputs.harmless()
            .with(Gate.MEMBERSHIP_AUC, Metric.of(.9, .89, .91, 4000))
            .and(failed(Effect.VOIDS, Gate.MEMBERSHIP_AUC));
    GateResult result = gate(decide("api", inputs), Gate.MEMBERSHIP_AUC);
    assertThat(result.outcome()).isEqualTo(Outcome.INSUFFICIENT);
    assertThat(result.sentence()).contains("blind classifier").contains("AUC 0.71");
  }

  @Test
  void believesALeakButNoPassWhereAPlantedLeakWasMissed() {
    Check missed = failed(Effect.WITHHOLDS_PASS, Gate.MEMBERSHIP_AUC);
    assertThat(decide("api", Inputs.harmless().and(missed)).decision())
        .isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    assertThat(
            decide(
                    "api",
                    Inputs.harmless()
                        .with(Gate.MEMBERSHIP_AUC, Metric.of(.9, .89, .91, 4000))
                        .and(missed))
                .decision())
        .isEqualTo(Decision.DO_NOT_RELEASE);
  }

  @Test
  void listsAControlThatDidNotRunAsNotShown() {
    Check check =
        new Check(
            "retrained without the members",
            Check.Status.NOT_RUN,
            "trees are not trainable.",
            Set.of(Gate.MEMBERSHIP_AUC),
            Effect.VOIDS);
    Verdict verdict = decide("api", Inputs.harmless().and(check));
    assertThat(verdict.decision()).isEqualTo(Decision.RELEASE);
    assertThat(verdict.notShown()).anySatisfy(line -> assertThat(line).contains("not trainable"));
  }
}
