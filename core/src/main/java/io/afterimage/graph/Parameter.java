package io.afterimage.graph;

import java.util.Arrays;

/**
 * A tensor of real numbers stored in a model.
 *
 * @param name of the initializer or Constant; {@code NODE/coefficients} for an attribute
 * @param trainable whether it reaches a weight, bias, scale or embedding position; the others
 *     (scalers, normalisation constants) are frozen
 * @param position what it is: {@code weight of Conv "conv1"}; for frozen ones, who reads it
 */
public record Parameter(String name, long[] shape, boolean trainable, String position) {
  /** How many numbers it holds. */
  public long count() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
