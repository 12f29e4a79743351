package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import org.junit.jupiter.api.Test;

class PlantedTest {
  private static final Run RUN = Run.of(11);

  @Test
  void findsAnIntolerableLeakInALargeSampleAndNotInASmallOne() {
    assertThat(Planted.auc(.65, .60, 1000, 1000, RUN).enough()).isTrue();
    assertThat(Planted.auc(.65, .60, 30, 30, RUN).enough()).isFalse();
    assertThat(Planted.truePositiveRate(.01, .10, .03, 1000, 1000, RUN).enough()).isTrue();
    assertThat(Planted.truePositiveRate(.01, .10, .03, 1000, 900, RUN).found())
        .as("unresolved with fewer than 1,000 non-members")
        .isEqualTo(0);
    assertThat(Planted.overBaseline(.2, .1, .6, 500, RUN).enough()).isTrue();
    assertThat(Planted.overNonMembers(.2, .1, .6, 600, 600, RUN).enough()).isTrue();
    assertThat(Planted.overNonMembers(.2, .1, .6, 40, 40, RUN).enough()).isFalse();
    assertThat(Planted.recognised(.2, .09, .025, 40, RUN).enough()).isTrue();
    assertThat(Planted.recognised(.2, .09, .025, 10, RUN).enough()).isFalse();
  }

  @Test
  void findsWhatIsNotThereNoOftenerThanItsLevel() {
    // P(more than 12 of 200 at a chance of 0.025) = 0.1%.
    assertThat(Planted.auc(.5, .4, 100, 100, RUN).found()).isLessThanOrEqualTo(12);
    assertThat(Planted.overNonMembers(0, -1, .6, 300, 300, RUN).found()).isLessThanOrEqualTo(12);
  }

  @Test
  void agreesWithThePowerThatTheVarianceForetells() {
    // At the detectable AUC 80% are found: 160 of 200, standard deviation 5.7; 4.4 of it.
    double detectable = Power.detectableAuc(200, 200);
    assertThat(Planted.auc(detectable, .5, 200, 200, RUN).found()).isBetween(135, 185);
  }

  @Test
  void tellsTheFiguresInASentence() {
    assertThat(new Planted(.65, 150).sentence())
        .isEqualTo(
            "A planted leak of 0.65 was found in 150 of 200 samples of this size; 160 are asked"
                + " for.");
    assertThat(new Planted(.65, 160).enough()).isTrue();
    assertThat(new Planted(.65, 159).enough()).isFalse();
  }
}
