package io.afterimage.audit;

import io.afterimage.base.Run;
import io.afterimage.data.Split;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What every part of one audit works with.
 *
 * @param spec what the user asked for
 * @param run seed, threads, progress, cancellation
 * @param subject the model
 * @param split the rows
 * @param steps what is already computed
 * @param remark prints a line for the user
 */
record Session(
    AuditSpec spec, Run run, Subject subject, Split split, Steps steps, Consumer<String> remark) {
  private static final Duration LEAST_FOR_CONTROLS = Duration.ofMinutes(1);

  /** Time for controls that train: what the user gave, else as long as the attacks took. */
  Duration controlsBudget() {
    Duration attacks = Duration.ofMillis((long) (1000 * steps.seconds()));
    return spec.controlsBudget()
        .orElse(attacks.compareTo(LEAST_FOR_CONTROLS) > 0 ? attacks : LEAST_FOR_CONTROLS);
  }
}
