package io.afterimage.train;

import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;

/**
 * The losses of a game whose critic also names the classes of real rows (Salimans, Goodfellow,
 * Zaremba, Cheung, Radford, Chen, NeurIPS 2016), as Chen, Kahla, Jia, Qi (ICCV 2021) play it: the
 * names are soft, a target's answers. The critic has a number for each class and 0 for what was
 * made.
 */
final class SemiSupervised {
  /** Weight of the entropy, of Chen et al. */
  private static final double UNSURE = 1e-4;

  private SemiSupervised() {}

  /**
   * What the critic lessens: it shall tell real rows, of any class, from those made, and name the
   * real ones as they were named. A single number.
   *
   * @param real its numbers for real rows, [n, classes]
   * @param made for those made, [m, classes]
   * @param names probabilities of the real rows' classes, [n, classes]
   */
  static Tensor critic(Tensor real, Tensor made, Tensor names) {
    Tensor right = Nn.logSigmoid(Maths.logSumExp(real, false, 1)).mean();
    Tensor wrong = Nn.logSigmoid(Maths.logSumExp(made, false, 1).neg()).mean();
    return Nn.crossEntropy(real, names, 0).sub(right.add(wrong));
  }

  /**
   * What the generator lessens: the critic's inner values shall be on average what they are for
   * real rows, and the critic sure of a class for each row made. A single number.
   *
   * @param real the critic's inner values for real rows, [n, values]
   * @param made for those made, [m, values]
   * @param named its numbers for those made, [m, classes]
   */
  static Tensor generator(Tensor real, Tensor made, Tensor named) {
    Tensor apart = real.mean(false, 0).sub(made.mean(false, 0)).square().sum();
    Tensor unsure = named.softmax(1).mul(named.logSoftmax(1)).sum(false, 1).mean().neg();
    return apart.add(unsure, UNSURE);
  }
}
