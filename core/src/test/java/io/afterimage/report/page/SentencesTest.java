package io.afterimage.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Severity;
import io.afterimage.assess.Status;
import io.afterimage.base.Access;
import io.afterimage.base.Family;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencesTest {
  private static Finding finding(Map<String, Advantage> advantages) {
    return finding(Map.of(), advantages);
  }

  private static Finding finding(Map<String, Metric> metrics, Map<String, Advantage> advantages) {
    return new Finding(
        "attribute-map/VKORC1",
        Family.ATTRIBUTE,
        Access.SCORES,
        Status.RUN,
        null,
        0,
        0,
        metrics,
        Map.of(),
        advantages,
        Severity.NONE,
        List.of(),
        List.of());
  }

  private static Map<String, Advantage> gain(String name, double low, double high, String over) {
    return Map.of(name, new Advantage((low + high) / 2, low, high, 100, over));
  }

  @ParameterizedTest
  @CsvSource({
    "-.35, -.24, other-attributes, The model teaches an adversary nothing about VKORC1 beyond what the other attributes already tell.",
    "-.02, .04, alone:race, The model teaches an adversary nothing about VKORC1 beyond what race alone already tells.",
    "-.02, .2, majority, It could not be shown whether the model teaches an adversary anything about VKORC1 beyond what the most common value already tells.",
    ".01, .2, majority, The model teaches an adversary something about VKORC1 beyond what the most common value already tells."
  })
  void whatIsTaughtFollowsTheInterval(double low, double high, String over, String sentence) {
    assertThat(Sentences.taught(finding(gain("overBaseline", low, high, over))))
        .isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "-.02, .04, People it was trained on are no more exposed than others.",
    "-.02, .2, Whether people it was trained on are more exposed than others could not be shown.",
    ".01, .2, It does so better for people it was trained on: it memorised them."
  })
  void whatIsMemorisedFollowsTheInterval(double low, double high, String sentence) {
    assertThat(Sentences.memorised(finding(gain("membersOverNonmembers", low, high, "nonmembers"))))
        .isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource({"-.02, .3, Not rebuilt", ".01, .3, Rebuilt"})
  void aPictureIsRebuiltOnlyIfThatIsProven(double low, double high, String start) {
    assertThat(Sentences.rebuilt(finding(gain("overBaseline", low, high, "start")), true))
        .startsWith(start)
        .contains("people")
        .doesNotContain("for information");
  }

  @Test
  void picturesOfClassesThatAreNoPersonsAreForInformation() {
    assertThat(Sentences.rebuilt(finding(gain("overBaseline", .01, .3, "start")), false))
        .contains("classes", "for information")
        .doesNotContain("people");
  }

  @ParameterizedTest
  @CsvSource({
    "1, .5, nearer than the population’s mean picture., come out better than others’.",
    "1, -.5, nearer than the population’s mean picture., could not be shown to come out better",
    "-1, -.5, could not be shown to be rebuilt any nearer, could not be shown to come out better"
  })
  void ofSingleRecordsItIsSaidWhetherTheyCameOutNearer(
      double low, double gap, String told, String compared) {
    Map<String, Metric> metrics =
        Map.of(
            "recordPsnr@members", Metric.of(20, 19, 21, 40),
            "recordPsnr/overPopulationMean@members", Metric.of(2, low, 3, 40),
            "recordPsnr/membersOverNonmembers", Metric.of(1, gap, 2, 80));
    assertThat(Sentences.rebuilt(finding(metrics, Map.of()), true)).contains(told, compared);
  }

  @Test
  void whatWasNotMeasuredIsSaid() {
    Finding none = finding(Map.of());
    assertThat(Sentences.taught(none)).contains("could not be measured");
    assertThat(Sentences.memorised(none)).isEmpty();
    assertThat(Sentences.rebuilt(none, true)).contains("was not measured");
  }
}
