package io.afterimage.train;

import java.util.OptionalDouble;

/**
 * One step of training on a mini-batch: over one graph and one optimiser, or over several, as
 * adversarial training and distillation need.
 */
@FunctionalInterface
public interface Step {
  /**
   * Learns from these examples.
   *
   * @return their mean loss before the step
   */
  double take(Batch batch);

  /**
   * The loss that one and the same answer for every row would reach, against which divergence is
   * judged; empty where there is no such answer.
   */
  default OptionalDouble constantLoss() {
    return OptionalDouble.empty();
  }
}
