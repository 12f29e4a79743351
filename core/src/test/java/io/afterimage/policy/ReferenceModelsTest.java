package io.afterimage.policy;

import static io.afterimage.policy.Verdicts.decide;
import static io.afterimage.policy.Verdicts.gate;
import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.policy.Verdict.GateResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How many reference models a profile asks of the attack on membership. */
class ReferenceModelsTest {
  @Test
  void bindsMembershipToReferenceModels() {
    Inputs threshold = Inputs.harmless().references(0);
    assertThat(decide("api", threshold).decision()).isEqualTo(Decision.RELEASE_WITH_CONDITIONS);
    assertThat(decide("research-environment", threshold).decision())
        .isEqualTo(Decision.RELEASE_WITH_CONDITIONS);
    assertThat(decide("medical", threshold).decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    assertThat(decide("open-weights", threshold).decision())
        .isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    assertThat(decide("api", Inputs.harmless().references(15)).reasons().get(0))
        .contains("15 reference models")
        .contains("asks for 16");
    assertThat(decide("api", Inputs.harmless().references(16)).decision())
        .isEqualTo(Decision.RELEASE);
  }

  @Test
  void releasesNothingWithoutConditionsWhereMembershipWasNotAttacked() {
    Inputs unasked = Inputs.harmless().references(0);
    Stream.of(Gate.values())
        .filter(gate -> gate.id().startsWith("membership"))
        .forEach(gate -> unasked.notMeasured(gate).without(gate, "no non-members were given"));
    Verdict verdict = decide("api", unasked);
    assertThat(verdict.decision()).isEqualTo(Decision.RELEASE_WITH_CONDITIONS);
    assertThat(verdict.reasons().get(0))
        .startsWith("Membership was not attacked at all (no non-members were given)")
        .contains("16 reference models");
    assertThat(references(verdict).value()).isNull();
    assertThat(decide("research-environment", unasked).decision())
        .isEqualTo(Decision.RELEASE_WITH_CONDITIONS);
    assertThat(decide("medical", unasked).decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    assertThat(decide("open-weights", unasked).decision())
        .isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
  }

  @Test
  void countsReferenceModelsWithoutAnInterval() {
    GateResult references = references(decide("api", Inputs.harmless().references(0)));
    assertThat(references.value()).isEqualTo(0);
    assertThat(references.low()).isNull();
    assertThat(references.high()).isNull();
    assertThat(references.sentence()).startsWith("Membership was attacked with 0 reference models");
  }

  private static GateResult references(Verdict verdict) {
    return verdict.gates().stream().filter(GateResult::asksForReferences).findFirst().orElseThrow();
  }
}
