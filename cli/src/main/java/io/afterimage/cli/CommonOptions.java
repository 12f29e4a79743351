package io.afterimage.cli;

import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command with work to do has. */
final class CommonOptions {
  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Seed of every draw; the same seed and threads give the same bits. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Worker threads. Default: all processors; where train trains one model, 1.")
  @Nullable Integer threads;

  @Option(
      names = "--json",
      description = "Print the result as JSON on standard output, all else on standard error.")
  boolean json;

  @Option(names = "--quiet", description = "Print no progress and no remarks.")
  boolean quiet;

  @Option(names = "--verbose", description = "Print stack traces.")
  boolean verbose;

  int threads() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  Run run(Progress progress, AtomicBoolean cancelled) {
    return run(progress, cancelled, threads());
  }

  /**
   * @param threads what the option says, or another number that suits the work where it says none
   */
  Run run(Progress progress, AtomicBoolean cancelled, int threads) {
    return new Run(seed, threads, quiet ? Progress.NONE : progress, cancelled);
  }
}
