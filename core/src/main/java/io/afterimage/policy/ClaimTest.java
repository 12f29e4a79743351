package io.afterimage.policy;

import io.afterimage.assess.EpsilonClaim;
import io.afterimage.assess.EpsilonClaim.Outcome;
import io.afterimage.policy.Verdict.GateResult;
import java.util.Optional;

/**
 * A claim of differential privacy and what an audit says to it. A claim that is contradicted is
 * proven false at 95% confidence, whatever the profile; one that could not be tested leaves the
 * verdict without what it was asked for; one that is consistent is not proven, and opens no gate.
 *
 * @param answer empty where the audit could not be made
 * @param hindrance why it could not
 */
public record ClaimTest(
    EpsilonClaim claim, Optional<EpsilonClaim.Answer> answer, String hindrance) {

  /** Answered. */
  public static ClaimTest of(EpsilonClaim.Answer answer) {
    return new ClaimTest(answer.claim(), Optional.of(answer), "");
  }

  /** Not to be answered. */
  public static ClaimTest hindered(EpsilonClaim claim, String why) {
    return new ClaimTest(claim, Optional.empty(), why);
  }

  /** The claim as a gate. */
  GateResult result() {
    return new GateResult(
        GateResult.CLAIM,
        "The claim of " + claim,
        claim.epsilon(),
        claim.epsilon(),
        answer.map(EpsilonClaim.Answer::bound).orElse(null),
        null,
        null,
        answer.isPresent() ? "membership-one-run/any-mechanism" : "",
        answer
            .map(EpsilonClaim.Answer::outcome)
            .map(ClaimTest::outcome)
            .orElse(Verdict.Outcome.INSUFFICIENT),
        sentence(),
        "whoever made the claim");
  }

  private String sentence() {
    return answer
        .map(EpsilonClaim.Answer::sentence)
        .orElseGet(() -> "The claim of %s was not tested: %s.".formatted(claim, hindrance));
  }

  private static Verdict.Outcome outcome(Outcome outcome) {
    return switch (outcome) {
      case CONTRADICTED -> Verdict.Outcome.FAILED;
      case CONSISTENT -> Verdict.Outcome.PASSED;
      case TOO_LITTLE_DATA -> Verdict.Outcome.INSUFFICIENT;
    };
  }
}
