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
  /** The same, trained or frozen as the user says. */
  Parameter trained(boolean on) {
    return new Parameter(name, shape, on, position);
  }

  /** What it is to its operator: weight, bias, scale, embedding, …; {@code read} if frozen. */
  public String role() {
    return position.substring(0, Math.max(0, position.indexOf(' ')));
  }

  /** The operator that it belongs to: {@code Conv}, {@code com.microsoft.FusedConv}. */
  public String operator() {
    String[] words = position.split(" ", 4);
    return words.length > 2 ? words[2] : "";
  }

  /** How many numbers it holds. */
  public long count() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
