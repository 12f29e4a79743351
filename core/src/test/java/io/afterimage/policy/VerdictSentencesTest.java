package io.afterimage.policy;

import static io.afterimage.policy.Verdicts.decide;
import static io.afterimage.policy.Verdicts.gate;
import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.Metric;
import org.junit.jupiter.api.Test;

/** The words and numbers in which a gate says its outcome. */
class VerdictSentencesTest {
  @Test
  void speaksInPlainSentencesWithTheNumbers() {
    assertThat(sentence(Gate.MEMBERSHIP_AUC, Metric.of(.871, .862, .88, 4000)))
        .isEqualTo(
            "Membership AUC 0.87 (95% interval 0.86 to 0.88) is proven above the acceptable 0.60"
                + " (membership-attack/signal).");
    assertThat(sentence(Gate.MEMBERSHIP_AUC, Metric.of(.6012, .6004, .602, 4000)))
        .as("no rounding that hides what decided")
        .contains("0.6012 (95% interval 0.6004 to 0.6020)");
    assertThat(sentence(Gate.MEMBERSHIP_AUC, Metric.of(.60, .52, .68, 100)))
        .isEqualTo(
            "Membership AUC 0.60 (95% interval 0.52 to 0.68) cannot be placed: neither within the"
                + " tolerable 0.65 nor proven above the acceptable 0.60"
                + " (membership-attack/signal); about 160 more people would do.");
  }

  /** The interval alone would prove it; among several figures more people must. */
  @Test
  void countsThePeopleThatACorrectedProofNeeds() {
    assertThat(sentence(Gate.MEMBERSHIP_AUC, Metric.of(.659, .6005, .709, 400)))
        .contains("nor proven above the acceptable 0.600 once it is corrected for all figures")
        .containsPattern("about [1-9][0-9]{1,2} more people would do");
  }

  @Test
  void saysThatAnAttackDoesWorseThanTheBaselineRatherThanThatItIsAcceptable() {
    assertThat(sentence(Gate.ATTRIBUTE_IMPUTED, Metric.of(-2.46, -2.8, -2.1, 400)))
        .contains("-2.46 (95% interval -2.80 to -2.10): the attack does worse than the baseline")
        .doesNotContain("shown to be");
    assertThat(sentence(Gate.ATTRIBUTE_MEMORISED, Metric.of(-.2, -.3, -.1, 400)))
        .contains("the attack does worse on members than on non-members");
  }

  @Test
  void printsNoShareAsNothingThatIsNot() {
    assertThat(sentence(Gate.ATTRIBUTE_IMPUTED, Metric.of(.004, -.0004, .01, 400)))
        .contains("0.0040 (95% interval -0.0004 to 0.0100)");
    assertThat(sentence(Gate.ATTRIBUTE_IMPUTED, Metric.of(0, -1e-17, .05, 400)))
        .contains("0.00 (95% interval 0.00 to 0.05)");
  }

  private static String sentence(Gate gate, Metric figure) {
    return gate(decide("api", Inputs.harmless().with(gate, figure)), gate).sentence();
  }
}
