package io.afterimage.target;

import io.afterimage.data.Dataset;
import io.afterimage.tensor.Tensor;
import java.util.List;

/**
 * A network whose inner values can be read. Tensors that its methods return belong to the caller's
 * innermost {@link io.afterimage.tensor.TensorScope}; what is computed is recorded by autograd
 * where x requires gradients.
 */
public interface FeatureTarget extends ScoreTarget {
  /** The names of the inner values, from the input to the output. */
  List<String> layers();

  /**
   * The inner value of each row.
   *
   * @param x [rows, ...{@link TargetInfo#arrayInput}], floats
   * @param layer one of {@link #layers}; a BadInputException that lists them where it is none
   * @return [rows, ...]
   */
  Tensor features(Tensor x, String layer);

  /** These rows as the target takes them: [rows, ...{@link TargetInfo#arrayInput}], floats. */
  Tensor input(Dataset rows);
}
