package io.afterimage.target;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A white box: everything that it computes can be differentiated with respect to its input. Its
 * rows do not mix, so that the gradient of a sum over rows holds each row's own gradient.
 */
public interface GradientTarget extends FeatureTarget {
  /**
   * What stands before the last softmax or sigmoid, one column a class; a regressor's value.
   *
   * @param x [rows, ...{@link TargetInfo#arrayInput}], floats
   * @return [rows, classes], or [rows, 1]
   */
  Tensor logits(Tensor x);

  /** The probability of each class, or a regressor's value; shapes as {@link #logits}. */
  Tensor probabilities(Tensor x);

  /**
   * What stands before the scores, and inner values on the way there, of one pass.
   *
   * @param logits as {@link #logits}
   * @param features as {@link #features}, by layer
   */
  record Inside(Tensor logits, Map<String, Tensor> features) {}

  /**
   * Logits and inner values of the same pass.
   *
   * @param layers some of {@link #layers}; a BadInputException that lists them where one is none
   */
  default Inside inside(Tensor x, List<String> layers) {
    Map<String, Tensor> features = new LinkedHashMap<>();
    layers.forEach(layer -> features.put(layer, features(x, layer)));
    return new Inside(logits(x), features);
  }

  /** What an attack descends. */
  @FunctionalInterface
  interface Cost {
    /**
     * The cost of each row.
     *
     * @param x [rows, ...input]
     * @param probabilities of x, [rows, classes]
     * @return [rows]
     */
    Tensor of(Tensor x, Tensor probabilities);
  }

  /**
   * A cost and where it falls.
   *
   * @param probabilities at x, [rows, classes]
   * @param cost at x, [rows]
   * @param gradient of each row's cost with respect to that row, of x's shape
   */
  record Slope(Tensor probabilities, Tensor cost, Tensor gradient) {}

  /** The slope of the cost at x, which is left alone; the three tensors are not recorded. */
  default Slope slope(Tensor x, Cost cost) {
    try (TensorScope scope = new TensorScope()) {
      Tensor at = x.detach().requireGrad();
      Tensor probabilities = probabilities(at);
      Tensor costs = cost.of(at, probabilities);
      Tensor gradient = Autograd.gradients(costs.sum(), List.of(at), false).get(0);
      return new Slope(
          scope.keep(probabilities.detach()), scope.keep(costs.detach()), scope.keep(gradient));
    }
  }
}
