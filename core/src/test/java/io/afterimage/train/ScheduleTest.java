package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void aConstantRateIsWhole() {
    assertThat(new Schedule.Constant().at(7, 10)).isEqualTo(1);
  }

  @Test
  void stepsMultiplyTheRateAgainAndAgain() {
    Schedule steps = new Schedule.Steps(10, 0.5);
    assertThat(steps.at(9, 100)).isEqualTo(1);
    assertThat(steps.at(10, 100)).isEqualTo(0.5);
    assertThat(steps.at(35, 100)).isEqualTo(0.125);
  }

  @Test
  void aCosineFallsFromOneThroughAHalfTowardsZero() {
    Schedule cosine = new Schedule.Cosine();
    assertThat(cosine.at(0, 100)).isEqualTo(1);
    assertThat(cosine.at(50, 100)).isCloseTo(0.5, within(1e-12));
    assertThat(cosine.at(99, 100)).isBetween(0.0, 0.001);
  }

  @Test
  void theRateWarmsUpAndThenFollowsItsCurve() {
    Schedule schedule = new Schedule.WarmUp(4, new Schedule.Cosine());
    assertThat(schedule.at(0, 104)).isCloseTo(0.2, within(1e-12));
    assertThat(schedule.at(3, 104)).isCloseTo(0.8, within(1e-12));
    assertThat(schedule.at(4, 104)).isEqualTo(1);
    assertThat(schedule.at(54, 104)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertThatThrownBy(() -> new Schedule.Steps(1, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--decay-factor");
    assertThatThrownBy(() -> new Pace(Pace.Curve.STEP, 0, 0.1, 0))
        .hasMessageContaining("--decay-every");
    assertThatThrownBy(() -> new Pace(Pace.Curve.COSINE, 1, 0.1, -1))
        .hasMessageContaining("--warm-up");
  }
}
