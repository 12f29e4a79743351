package io.afterimage.policy;

import static io.afterimage.policy.Verdicts.decide;
import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.EpsilonClaim;
import io.afterimage.assess.OneRunGuesses;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a claim of differential privacy does to a verdict. */
class ClaimsTest {
  private static final EpsilonClaim THREE = new EpsilonClaim(3, 1e-5);

  private static ClaimTest guessed(int made, int correct) {
    return ClaimTest.of(THREE.judge(List.of(new OneRunGuesses(1000, made, correct)), .95));
  }

  private static GateResult claim(Verdict verdict) {
    return verdict.gates().stream().filter(GateResult::judgesAClaim).findFirst().orElseThrow();
  }

  private static Inputs withoutAnyInput() {
    Inputs nothing = Inputs.harmless();
    Stream.of(Gate.values()).forEach(gate -> nothing.notMeasured(gate).without(gate, "no input"));
    return nothing;
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "open-weights", "medical", "research-environment"})
  void aContradictedClaimIsNotReleasedUnderAnyProfile(String profile) {
    Verdict verdict = decide(profile, Inputs.harmless().claiming(guessed(500, 500)));
    assertThat(verdict.decision()).isEqualTo(Decision.DO_NOT_RELEASE);
    assertThat(verdict.reasons().get(0)).startsWith("The claim is contradicted");
    assertThat(claim(verdict).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(claim(verdict).acceptable()).isEqualTo(3);
    assertThat(claim(verdict).value()).isGreaterThan(3);
  }

  @Test
  void aContradictedClaimIsNotReleasedThoughNothingElseWasLookedAt() {
    assertThat(decide("api", withoutAnyInput().claiming(guessed(500, 500))).decision())
        .isEqualTo(Decision.DO_NOT_RELEASE);
  }

  @Test
  void aConsistentClaimChangesNothing() {
    Verdict released = decide("api", Inputs.harmless().claiming(guessed(500, 400)));
    assertThat(released.decision()).isEqualTo(Decision.RELEASE);
    assertThat(released.notShown())
        .contains(
            "The claim of epsilon 3 at delta 1e-5 was not contradicted, which proves nothing.");
    assertThat(decide("api", withoutAnyInput().claiming(guessed(500, 400))).decision())
        .isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    assertThat(decide("api", withoutAnyInput()).decision())
        .isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
  }

  @Test
  void aClaimThatCouldNotBeTestedLeavesTheEvidenceInsufficient() {
    Verdict few = decide("api", Inputs.harmless().claiming(guessed(20, 20)));
    assertThat(few.decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    assertThat(few.reasons().get(0)).startsWith("There is too little data to say");
    Verdict hindered =
        decide("api", Inputs.harmless().claiming(ClaimTest.hindered(THREE, "out of queries")));
    assertThat(hindered.decision()).isEqualTo(Decision.INSUFFICIENT_EVIDENCE);
    assertThat(hindered.reasons().get(0))
        .isEqualTo("The claim of epsilon 3 at delta 1e-5 was not tested: out of queries.");
  }
}
