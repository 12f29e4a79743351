package io.afterimage.target;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import io.afterimage.base.CancelledException;
import io.afterimage.graph.OnnxModel;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long ONNX Runtime may take over a few rows: a Loop need not end, and nothing in a file tells
 * whether it does. What is at work when the process is asked to stop ends at its next node.
 *
 * @param duration empty for as long as it takes
 * @param endless what may have no end, in words
 */
record TimeLimit(Optional<Duration> duration, String endless) {
  static final TimeLimit NONE = new TimeLimit(Optional.empty(), "nothing");

  /** For {@link #MOST_ROWS} rows or fewer. */
  static final Duration FEW_ROWS = Duration.ofSeconds(30);

  private static final int MOST_ROWS = 64;

  private static final Set<Watch> AT_WORK = ConcurrentHashMap.newKeySet();
  private static volatile boolean stopping;

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(TimeLimit::stop, "onnxruntime stop"));
    } catch (IllegalStateException alreadyStopping) {
      stopping = true;
    }
  }

  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(TimeLimit::thread);

  /**
   * This limit where the model may run without end; models that end have all the time they want.
   */
  static TimeLimit of(OnnxModel model, Duration limit) {
    return model.endless().map(what -> new TimeLimit(Optional.of(limit), what)).orElse(NONE);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "onnxruntime time limit");
    thread.setDaemon(true);
    return thread;
  }

  private static void stop() {
    stopping = true;
    stopThoseAtWork();
  }

  /** Ends what runs now at its next node; a CancelledException reaches whoever waits for it. */
  static void stopThoseAtWork() {
    AT_WORK.forEach(Watch::stop);
  }

  /** How many rows may be given at once, of so many for which there is room. */
  int rowsAtOnce(int room) {
    return duration.isPresent() ? Math.min(MOST_ROWS, room) : room;
  }

  /** Starts the clock of one run. */
  Watch watch() {
    try {
      return new Watch(this);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime has no options for a run", e);
    }
  }

  /**
   * Ends one run of ONNX Runtime, the one with these options, when its time is up or the process
   * stops.
   */
  static final class Watch implements AutoCloseable {
    private final RunOptions options = new RunOptions();
    private final TimeLimit limit;
    private final Optional<Future<?>> alarm;
    private boolean expired;
    private boolean stopped;
    private boolean closed;

    private Watch(TimeLimit limit) throws OrtException {
      this.limit = limit;
      AT_WORK.add(this);
      if (stopping) {
        stop();
      }
      alarm =
          limit
              .duration()
              .map(time -> CLOCK.schedule(this::expire, time.toNanos(), TimeUnit.NANOSECONDS));
    }

    RunOptions options() {
      return options;
    }

    /** What to say of the run's failure where this watch is its cause. */
    synchronized Optional<RuntimeException> ended(String model, OrtException e) {
      if (stopped) {
        return Optional.of(new CancelledException());
      }
      return limit.duration().filter(time -> expired).map(time -> tooLong(model, time, e));
    }

    private NoAnswerException tooLong(String model, Duration time, OrtException e) {
      return new NoAnswerException(
          "%s does not answer a few rows within %s seconds; it holds %s, which may have no end: bound the trip count or correct the condition"
              .formatted(
                  model,
                  BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString(),
                  limit.endless()),
          e);
    }

    private synchronized @Nullable Void expire() throws OrtException {
      expired = true;
      terminate();
      return null;
    }

    private synchronized void stop() {
      stopped = true;
      try {
        terminate();
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime does not stop", e);
      }
    }

    private void terminate() throws OrtException {
      if (!closed) {
        options.setTerminate(true);
      }
    }

    @Override
    public synchronized void close() {
      AT_WORK.remove(this);
      alarm.ifPresent(future -> future.cancel(false));
      closed = true;
      options.close();
    }
  }
}
