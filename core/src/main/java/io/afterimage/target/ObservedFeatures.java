package io.afterimage.target;

import io.afterimage.base.Access;
import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What a split-learning server or an embedding store sees of a network: inner values of rows, and
 * nothing of the network that made them. Autograd records nothing of what is computed here.
 */
public final class ObservedFeatures implements FeatureTarget {
  private final FeatureTarget network;
  private final TargetInfo info;

  /**
   * @param network closed with this
   */
  public ObservedFeatures(FeatureTarget network) {
    this.network = network;
    TargetInfo whole = network.info();
    this.info =
        new TargetInfo(
            whole.name(),
            whole.task(),
            whole.classes(),
            whole.meaning(),
            Access.FEATURES,
            whole.arrayInput());
  }

  @Override
  public TargetInfo info() {
    return info;
  }

  @Override
  public Optional<OnnxModel> architecture() {
    return network.architecture();
  }

  @Override
  public Answers answers() {
    return network.answers();
  }

  @Override
  public Predictions scores(Dataset rows) {
    return network.scores(rows);
  }

  @Override
  public List<String> layers() {
    return network.layers();
  }

  @Override
  public Tensor input(Dataset rows) {
    return network.input(rows);
  }

  @Override
  @SuppressWarnings("try") // the guard is there to close
  public Tensor features(Tensor x, String layer) {
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      return network.features(x, layer);
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
