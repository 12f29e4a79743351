package io.afterimage.train;

import io.afterimage.tensor.Tensor;

/**
 * What a GAN's generator learns besides deceiving its critic: to make pictures of which somebody
 * else says what was wanted, such as a target (pseudo-label guidance: Yuan et al., AAAI 2023).
 */
public interface Guidance {
  /**
   * The mean loss of pictures, which the generator lessens together with its own.
   *
   * @param pictures FLOAT [n, ...picture], in the range of those learned from; autograd records
   *     what is computed of them
   * @param told the classes they were to be of, FLOAT [n, classes], one column each
   * @param step number of the training's step, from 0, by which draws are keyed
   */
  Tensor loss(Tensor pictures, Tensor told, long step);

  /** All that decides the loss, by which a trained prior is found again: hashes, weights, seeds. */
  String description();
}
