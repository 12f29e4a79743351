package io.afterimage.train;

import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.tensor.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Does independent pieces of work on the run's threads; the results keep the pieces' order. */
public final class Workers {
  private Workers() {}

  /**
   * What one piece of work may use: draws keyed by its own name, one thread, no voice; it stops
   * when the whole run stops.
   */
  public static Run alone(Run run, String key) {
    return new Run(run.seedFor(key), 1, Progress.NONE, run.cancelled());
  }

  /**
   * The results of pieces 0 to {@code count - 1}; what a piece throws is thrown here. Where pieces
   * run side by side, each has one thread.
   */
  public static <T> List<T> map(Run run, String work, int count, IntFunction<T> piece) {
    int workers = Math.min(run.threads(), count);
    return workers > 1
        ? Threads.alone(() -> all(workers, run, work, count, piece))
        : all(workers, run, work, count, piece);
  }

  private static <T> List<T> all(
      int workers, Run run, String work, int count, IntFunction<T> piece) {
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    List<Future<T>> futures = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        int index = i;
        futures.add(
            pool.submit(
                () -> {
                  run.checkCancelled();
                  return piece.apply(index);
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
        run.progress(work, results.size(), count);
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(work, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(work + " was interrupted", e);
    } finally {
      futures.forEach(waiting -> waiting.cancel(false));
      pool.shutdown();
      awaitEnd(pool);
    }
  }

  // What has begun ends before anybody goes on: it holds native memory, and may be worth keeping.
  private static void awaitEnd(ExecutorService pool) {
    try {
      while (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
        // A piece of work ends by itself, or because the run was cancelled.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
