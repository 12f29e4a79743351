package io.afterimage.bench.engine;

/** Who does the work: one step of each kind on the same numbers. */
interface Side extends AutoCloseable {
  /** Scores a batch. */
  double forward();

  /** One step of a batch of pictures down the cross-entropy of their classes, within 0 to 1. */
  double inversion();

  /** One step of the weights down the cross-entropy of a batch: SGD with momentum. */
  double training();

  @Override
  void close();
}
