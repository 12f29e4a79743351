package io.afterimage.train;

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
}
