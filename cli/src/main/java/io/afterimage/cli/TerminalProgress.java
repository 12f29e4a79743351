package io.afterimage.cli;

import io.afterimage.base.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Long work with its time left: one bar on a terminal, a plain line every few seconds otherwise.
 */
final class TerminalProgress implements Progress, AutoCloseable {
  private static final long PLAIN_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  private final PrintStream err;
  private final boolean terminal;
  private final AtomicLong lastLine = new AtomicLong();
  private String work = "";
  private long started;
  private @Nullable ProgressBar bar;

  // From JDK 22 there is a console without a terminal too; the launcher asks for the old one.
  @SuppressWarnings("SystemConsoleNull")
  TerminalProgress(PrintStream err) {
    this.err = err;
    this.terminal = System.console() != null;
  }

  @Override
  public synchronized void at(String name, long done, long total) {
    if (!name.equals(work)) {
      begin(name, total);
    }
    if (bar != null) {
      bar.stepTo(done);
      bar.maxHint(total);
      if (done >= total) {
        close();
      }
    } else if (!terminal) {
      line(done, total);
    }
  }

  @Override
  public synchronized void say(String line) {
    close();
    err.println(line);
  }

  private void begin(String name, long total) {
    close();
    work = name;
    started = System.nanoTime();
    lastLine.set(started);
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setConsumer(new ConsoleProgressBarConsumer(err))
              .build();
    }
  }

  private void line(long done, long total) {
    long now = System.nanoTime();
    if (now - lastLine.get() < PLAIN_EVERY_NANOS || done == 0) {
      return;
    }
    lastLine.set(now);
    double secondsLeft = (now - started) / 1e9 * (total - done) / done;
    err.printf("%s: %d of %d, %.0f s left%n", work, done, total, secondsLeft);
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
    work = "";
  }
}
