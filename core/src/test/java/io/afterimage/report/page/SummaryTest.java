package io.afterimage.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.policy.Decision;
import io.afterimage.policy.Verdict;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static GateResult gate(String gate, double high, Outcome outcome) {
    return new GateResult(
        gate, gate, .6, .65, high - .01, high - .02, high, "", outcome, gate + " tells.", "");
  }

  private static Summary summary(Decision decision, List<String> notShown, GateResult... gates) {
    return Summary.of(
        new Verdict(
            decision,
            "api",
            List.of("The first reason."),
            List.of("Label only.", "1,000 queries a day."),
            notShown,
            List.of(gates),
            "2027-05-22"));
  }

  @Test
  void theDecisionNamesProfileConditionsAndTerm() {
    assertThat(summary(Decision.RELEASE, List.of()).decision())
        .isEqualTo("under the profile api; valid until 2027-05-22.");
    assertThat(summary(Decision.RELEASE_WITH_CONDITIONS, List.of()).decision())
        .isEqualTo(
            "under the profile api; valid until 2027-05-22. Label only. 1,000 queries a day.");
    assertThat(summary(Decision.DO_NOT_RELEASE, List.of()).decision())
        .isEqualTo("under the profile api.");
    assertThat(summary(Decision.INSUFFICIENT_EVIDENCE, List.of()).decision())
        .isEqualTo("under the profile api. The first reason.");
  }

  @Test
  void theWorstFindingIsTheGravestAndThenTheNearestToTheIntolerable() {
    GateResult passed = gate("passed", .59, Outcome.PASSED);
    GateResult near = gate("near", .64, Outcome.CONDITION);
    GateResult far = gate("far", .61, Outcome.CONDITION);
    GateResult failed = gate("failed", .62, Outcome.FAILED);
    assertThat(summary(Decision.RELEASE, List.of(), passed, far, near).worst())
        .isEqualTo("near tells.");
    assertThat(summary(Decision.RELEASE, List.of(), near, failed).worst())
        .isEqualTo("failed tells.");
    GateResult references = gate(GateResult.REFERENCES, 16, Outcome.CONDITION);
    assertThat(summary(Decision.RELEASE, List.of(), references, passed).worst())
        .isEqualTo("passed tells.");
    assertThat(summary(Decision.RELEASE, List.of()).worst())
        .isEqualTo("No gate could be measured.");
  }

  @Test
  void whatWasNotShownIsNeverLeftOutAndNeverCalledAnonymous() {
    List<String> many = IntStream.range(0, 6).mapToObj(i -> "Point " + i + ".").toList();
    assertThat(summary(Decision.RELEASE, many).notShown())
        .isEqualTo(
            "Point 0. Point 1. Point 2. Point 3. More stands under Limitations. This is not a"
                + " determination of anonymity.");
    assertThat(summary(Decision.RELEASE, List.of()).notShown())
        .endsWith("This is not a determination of anonymity.");
  }
}
