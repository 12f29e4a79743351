package io.afterimage.train;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.below;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.tensor.Tensor;
import java.util.List;

/** How gradients change parameters: the settings. {@link #on} gives it its memory. */
public sealed interface Optimiser {

  /** Above 0; a {@link Schedule} takes a share of it. */
  double learningRate();

  /** The updates of these parameters. */
  Updates on(List<Tensor> parameters);

  /** Changes parameters in place and remembers what it needs to. */
  interface Updates extends AutoCloseable {
    /** One update at the full learning rate. */
    default void apply(List<Tensor> gradients) {
      apply(gradients, 1);
    }

    /**
     * One update by the gradients, in the parameters' order, which are left as they are: autograd
     * may give one tensor twice.
     *
     * @param rate share of the learning rate
     */
    void apply(List<Tensor> gradients, double rate);

    /** What it remembers of earlier gradients, to be saved and written back. */
    List<Tensor> memory();

    /** Updates so far. */
    long taken();

    /** Goes on as after so many updates, its memory written back. */
    void goOnAfter(long updates);

    @Override
    void close();
  }

  /**
   * Stochastic gradient descent with momentum (Polyak 1964) or Nesterov's (1983), in the form of
   * Sutskever et al. 2013 with the learning rate outside the velocity: {@code v = momentum * v +
   * g}, {@code w -= learningRate * v}.
   *
   * @param learningRate above 0
   * @param momentum 0 to below 1
   * @param nesterov whether it looks ahead: {@code w -= learningRate * (g + momentum * v)}
   * @param weightDecay added to the gradient, times the weight, from 0
   */
  record Sgd(double learningRate, double momentum, boolean nesterov, double weightDecay)
      implements Optimiser {
    public Sgd {
      above("--learning-rate", learningRate, 0, 1e6);
      below("--momentum", momentum, 0, 1);
      inRange("--weight-decay", weightDecay, 0, 1e6);
      check(!nesterov || momentum > 0, "--nesterov needs --momentum above 0");
    }

    /** Without momentum and decay. */
    public static Sgd of(double learningRate) {
      return new Sgd(learningRate, 0, false, 0);
    }

    @Override
    public Updates on(List<Tensor> parameters) {
      return new SgdUpdates(this, parameters);
    }
  }

  /**
   * Adam (Kingma, Ba, ICLR 2015).
   *
   * @param learningRate above 0
   * @param beta1 of the mean of gradients, 0 to below 1
   * @param beta2 of the mean of their squares, 0 to below 1
   * @param epsilon added to the root, above 0
   * @param weightDecay added to the gradient, times the weight, from 0
   */
  record Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
      implements Optimiser {
    public Adam {
      above("--learning-rate", learningRate, 0, 1e6);
      below("--beta1", beta1, 0, 1);
      below("--beta2", beta2, 0, 1);
      above("--epsilon", epsilon, 0, 1);
      inRange("--weight-decay", weightDecay, 0, 1e6);
    }

    /** The paper's settings with this learning rate; its own is 0.001. */
    public static Adam of(double learningRate) {
      return new Adam(learningRate, 0.9, 0.999, 1e-8, 0);
    }

    @Override
    public Updates on(List<Tensor> parameters) {
      return new AdamUpdates(this, parameters);
    }
  }

  /**
   * Adam with the decay of weights apart from the gradient (Loshchilov, Hutter, ICLR 2019).
   *
   * @param adam without decay of its own
   * @param weightDecay share of a weight, times the learning rate, that it loses each step, from 0
   */
  record AdamW(Adam adam, double weightDecay) implements Optimiser {
    public AdamW {
      inRange("--weight-decay", weightDecay, 0, 1e6);
      check(adam.weightDecay() == 0, "AdamW's decay stands apart from the gradient");
    }

    /** The first paper's settings with this learning rate. */
    public static AdamW of(double learningRate, double weightDecay) {
      return new AdamW(Adam.of(learningRate), weightDecay);
    }

    @Override
    public double learningRate() {
      return adam.learningRate();
    }

    @Override
    public Updates on(List<Tensor> parameters) {
      return new AdamUpdates(this, parameters);
    }
  }
}
