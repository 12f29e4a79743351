package io.afterimage.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Severity;
import io.afterimage.assess.Status;
import io.afterimage.base.Access;
import io.afterimage.base.Family;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void figuresOnTheEvaluatorsFeaturesHaveTheirOwnWordsAndUnits() {
    assertThat(Names.metric("precision@evaluator")).endsWith("(precision)");
    assertThat(Names.metric("precision@evaluator/all")).endsWith("(precision), over all classes");
    assertThat(Names.unit("precision@evaluator/all")).isEqualTo(Unit.SHARE);
    assertThat(Names.unit("coverage@evaluator")).isEqualTo(Unit.SHARE);
    assertThat(Names.unit("density@evaluator")).isEqualTo(Unit.NUMBER);
    assertThat(Names.unit("density@evaluator/all")).isEqualTo(Unit.NUMBER);
    assertThat(Names.unit("frechet@evaluator")).isEqualTo(Unit.NUMBER);
  }

  @Test
  void likenessToTheVeryRecordIsInDecibelsAndNoShare() {
    assertThat(Names.metric("recordPsnr@members"))
        .isEqualTo("PSNR to the very record, dB, members");
    assertThat(Names.unit("recordPsnr@members")).isEqualTo(Unit.NUMBER);
    assertThat(Names.unit("recordPsnr/membersOverNonmembers")).isEqualTo(Unit.NUMBER);
    assertThat(Names.unit("recordSsim/overPopulationMean@nonmembers")).isEqualTo(Unit.NUMBER);
    assertThat(Names.baseline("population-mean/recordSsim@nonmembers"))
        .isEqualTo("SSIM to the very record, non-members, of the population’s mean picture");
    assertThat(Names.baseline("population-mean")).isEqualTo("the population’s mean picture");
  }

  @Test
  void aFigureOfThePicturesThatAnAttackStartedFromIsInItsOwnUnit() {
    String distance = "start/frechet@evaluator";
    Finding finding =
        new Finding(
            "mi-face",
            Family.INVERSION,
            Access.GRADIENTS,
            Status.RUN,
            null,
            0,
            1,
            Map.of("recognised", Metric.of(.3, .2, .4, 40)),
            Map.of(distance, Metric.of(41, 38, 44, 40), "start", Metric.of(.03, 0, .1, 40)),
            Map.of(),
            Severity.NONE,
            List.of(),
            List.of());
    assertThat(Figure.baseline(distance, finding).unit()).isEqualTo(Unit.NUMBER);
    assertThat(Figure.baseline("start", finding).unit()).isEqualTo(Unit.SHARE);
    assertThat(Names.baseline(distance))
        .isEqualTo("Fréchet distance on the evaluator’s features, of the pictures it started from");
  }
}
