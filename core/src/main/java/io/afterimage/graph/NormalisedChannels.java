package io.afterimage.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A batch normalisation in a graph and what it remembers of the training data.
 *
 * @param value the value that is normalised, [N, channels, ...]
 * @param mean of each channel over the training data
 * @param variance of each channel over the training data
 */
public record NormalisedChannels(String value, double[] mean, double[] variance) {
  /** All of a model whose averages are stored in the file, in the order in which they work. */
  public static List<NormalisedChannels> of(OnnxModel model) {
    List<NormalisedChannels> all = new ArrayList<>();
    for (Node node : model.nodes()) {
      if (node.is("BatchNormalization")) {
        Optional<double[]> mean = stored(model, node, 0);
        Optional<double[]> variance = stored(model, node, 1);
        if (mean.isPresent() && variance.isPresent()) {
          all.add(new NormalisedChannels(node.input(0), mean.get(), variance.get()));
        }
      }
    }
    return all;
  }

  private static Optional<double[]> stored(OnnxModel model, Node node, int which) {
    return Averages.constant(model, node.input(Averages.INPUTS.get(which))).map(TensorData::reals);
  }
}
