package io.afterimage.target;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import io.afterimage.base.BadInputException;
import io.afterimage.graph.OnnxModel;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long ONNX Runtime may take over a few rows: a Loop need not end, and nothing in a file tells
 * whether it does.
 *
 * @param duration empty for as long as it takes
 */
record TimeLimit(Optional<Duration> duration) {
  static final TimeLimit NONE = new TimeLimit(Optional.empty());

  /** For the few rows that a model is given when it is opened or compared. */
  static final Duration FEW_ROWS = Duration.ofSeconds(30);

  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(TimeLimit::thread);

  /**
   * This limit where the model may run without end; models that end have all the time they want.
   */
  static TimeLimit of(OnnxModel model, Duration limit) {
    return model.mayLoop() ? new TimeLimit(Optional.of(limit)) : NONE;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "onnxruntime time limit");
    thread.setDaemon(true);
    return thread;
  }

  /** Starts the clock of one run. */
  Watch watch() {
    try {
      return new Watch(duration);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime has no options for a run", e);
    }
  }

  /** Ends one run of ONNX Runtime, the one with these options, when its time is up. */
  static final class Watch implements AutoCloseable {
    private final RunOptions options = new RunOptions();
    private final Optional<Duration> limit;
    private final Optional<Future<?>> alarm;
    private boolean expired;
    private boolean closed;

    private Watch(Optional<Duration> limit) throws OrtException {
      this.limit = limit;
      alarm = limit.map(time -> CLOCK.schedule(this::expire, time.toNanos(), TimeUnit.NANOSECONDS));
    }

    RunOptions options() {
      return options;
    }

    /** What to say of the run's failure where this watch is its cause. */
    synchronized Optional<BadInputException> exceeded(String model, OrtException e) {
      return limit
          .filter(time -> expired)
          .map(
              time ->
                  new NoAnswerException(
                      "%s does not answer a few rows within %s seconds; it holds a loop that may have no end: bound its trip count or correct its condition"
                          .formatted(
                              model,
                              BigDecimal.valueOf(time.toMillis(), 3)
                                  .stripTrailingZeros()
                                  .toPlainString()),
                      e));
    }

    private synchronized @Nullable Void expire() throws OrtException {
      if (!closed) {
        expired = true;
        options.setTerminate(true);
      }
      return null;
    }

    @Override
    public synchronized void close() {
      alarm.ifPresent(future -> future.cancel(false));
      closed = true;
      options.close();
    }
  }
}
