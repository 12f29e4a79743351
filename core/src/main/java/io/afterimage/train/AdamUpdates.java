package io.afterimage.train;

import io.afterimage.tensor.Fused;
import io.afterimage.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** Moments of Adam. */
final class AdamUpdates extends RememberingUpdates {
  private final Optimiser.Adam settings;
  private final double decay;
  private final boolean apart;
  private final List<Tensor> means = zeros();
  private final List<Tensor> squares = zeros();

  /** Decay as part of the gradient. */
  AdamUpdates(Optimiser.Adam settings, List<Tensor> parameters) {
    this(settings, settings.weightDecay(), false, parameters);
  }

  /** Decay apart from the gradient. */
  AdamUpdates(Optimiser.AdamW settings, List<Tensor> parameters) {
    this(settings.adam(), settings.weightDecay(), true, parameters);
  }

  private AdamUpdates(
      Optimiser.Adam settings, double decay, boolean apart, List<Tensor> parameters) {
    super(parameters);
    this.settings = settings;
    this.decay = decay;
    this.apart = apart;
  }

  @Override
  void move(List<Tensor> parameters, List<Tensor> gradients, double rate) {
    Fused.Adam how =
        new Fused.Adam(
            settings.learningRate() * rate,
            settings.beta1(),
            settings.beta2(),
            decay,
            settings.epsilon(),
            apart);
    Fused.adam(parameters, gradients, means, squares, taken(), how);
  }

  @Override
  public List<Tensor> memory() {
    return Stream.concat(means.stream(), squares.stream()).toList();
  }
}
