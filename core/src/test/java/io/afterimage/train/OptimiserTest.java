package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Optimiser.Adam;
import io.afterimage.train.Optimiser.AdamW;
import io.afterimage.train.Optimiser.Sgd;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class OptimiserTest {

  /** The weight after two steps from 1 with gradients 0.5 and -0.25. */
  private static double twoSteps(Optimiser optimiser) {
    Tensor weight = Tensors.of(new double[] {1}, 1);
    try (Optimiser.Updates updates = optimiser.on(List.of(weight))) {
      updates.apply(List.of(Tensors.of(new double[] {0.5}, 1)));
      updates.apply(List.of(Tensors.of(new double[] {-0.25}, 1)));
    }
    return weight.item();
  }

  @Test
  void plainDescentFollowsTheGradient() {
    assertThat(twoSteps(Sgd.of(0.1))).isCloseTo(1 - 0.05 + 0.025, within(1e-12));
  }

  @Test
  void momentumKeepsItsVelocity() {
    // v: 0.5, then 0.9 * 0.5 - 0.25 = 0.2
    assertThat(twoSteps(new Sgd(0.1, 0.9, false, 0))).isCloseTo(1 - 0.05 - 0.02, within(1e-12));
  }

  @Test
  void nesterovLooksAhead() {
    // g + 0.9 v: 0.5 + 0.45, then -0.25 + 0.18
    assertThat(twoSteps(new Sgd(0.1, 0.9, true, 0))).isCloseTo(1 - 0.095 + 0.007, within(1e-12));
  }

  @Test
  void decayPullsWeightsToZero() {
    double first = 1 - 0.1 * (0.5 + 0.01);
    assertThat(twoSteps(new Sgd(0.1, 0, false, 0.01)))
        .isCloseTo(first - 0.1 * (-0.25 + 0.01 * first), within(1e-12));
  }

  @Test
  void adamStepsAsThePaperSays() {
    // After one step the corrected moments are g and g^2, so that the step is the learning rate.
    double first = 1 - 0.1;
    double mean = (0.9 * 0.1 * 0.5 - 0.1 * 0.25) / (1 - 0.81);
    double square = (0.99 * 0.01 * 0.25 + 0.01 * 0.0625) / (1 - 0.99 * 0.99);
    assertThat(twoSteps(new Adam(0.1, 0.9, 0.99, 1e-12, 0)))
        .isCloseTo(first - 0.1 * mean / Math.sqrt(square), within(1e-9));
  }

  @Test
  void adamTakesGradientsAsAutogradLaysThemOut() {
    Tensor weight = Tensors.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor transposed = Tensors.of(new double[] {1, -4, 2, -5, 3, -6}, 3, 2).transpose(0, 1);
    try (Optimiser.Updates updates = Adam.of(0.5).on(List.of(weight))) {
      updates.apply(List.of(transposed));
    }
    // The first step is the learning rate, against the sign of each gradient.
    assertThat(weight.toDoubles())
        .containsExactly(new double[] {0.5, 1.5, 2.5, 4.5, 5.5, 6.5}, within(1e-6));
    assertThat(transposed.toDoubles()).containsExactly(1, 2, 3, -4, -5, -6);
  }

  @Test
  void adamsDecayStandsApartFromTheGradient() {
    Adam still = new Adam(0.1, 0.9, 0.99, 1e-12, 0);
    AdamW decaying = new AdamW(still, 0.5);
    double one = 1 - 0.1 * 0.5;
    double difference = twoSteps(still) - twoSteps(decaying);
    assertThat(difference).isCloseTo(1 - one + 0.05 * (one - 0.1), within(1e-9));
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertThatThrownBy(() -> Sgd.of(0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--learning-rate");
    assertThatThrownBy(() -> Sgd.of(Double.NaN)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new Sgd(0.1, 1, false, 0)).hasMessageContaining("--momentum");
    assertThatThrownBy(() -> new Sgd(0.1, 0, true, 0)).hasMessageContaining("--nesterov");
    assertThatThrownBy(() -> new Adam(0.1, 1, 0.9, 1e-8, 0)).hasMessageContaining("--beta1");
  }
}
