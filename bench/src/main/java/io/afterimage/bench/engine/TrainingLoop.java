package io.afterimage.bench.engine;

import io.afterimage.tensor.Threads;

/** Training steps of one network on one batch, on one thread. */
public final class TrainingLoop implements AutoCloseable {
  private final Afterimage side;

  /** Lays out the network and a batch of so many pictures. */
  public TrainingLoop(Network network, int batch) {
    Threads.setIntraOp(1);
    side = new Afterimage(Task.of(network, batch));
  }

  /** Takes so many steps. */
  public void take(int steps) {
    for (int step = 0; step < steps; step++) {
      side.training();
    }
  }

  @Override
  public void close() {
    side.close();
  }
}
