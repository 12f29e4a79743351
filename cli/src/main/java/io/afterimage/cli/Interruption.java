package io.afterimage.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C asks the run to stop at its next step and waits until what was computed is saved, but not
 * for ever.
 */
final class Interruption implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final AtomicBoolean requested = new AtomicBoolean();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "interruption");

  Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  AtomicBoolean requested() {
    return requested;
  }

  private void stop() {
    requested.set(true);
    try {
      boolean ended = finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        System.err.println(
            "afterimage: stopped in the middle of a step; --resume repeats that step");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The machine is already going down, which is what the hook is for.
      return;
    }
  }
}
