package io.afterimage.train;

/**
 * The examples of one step, and where in the training it stands.
 *
 * @param rows numbers of the examples
 * @param epoch from 0
 * @param step from 0, over all epochs
 * @param rate share of the learning rate that its {@link Schedule} leaves, above 0
 */
public record Batch(int[] rows, int epoch, long step, double rate) {
  /** A first step at the full learning rate. */
  public static Batch of(int... rows) {
    return new Batch(rows, 0, 0, 1);
  }
}
