package io.afterimage.target;

import java.util.OptionalLong;

/**
 * The model under audit, as the adversary may reach it. The interfaces below it add what more
 * access shows: {@link LabelTarget}, {@link ScoreTarget}, {@link FeatureTarget}, {@link
 * GradientTarget}. Safe to ask from several threads.
 */
public interface Target extends AutoCloseable {
  TargetInfo info();

  /** What is public about the answers. */
  default Answers answers() {
    return Answers.EXACT;
  }

  /**
   * How many more rows may be asked about; empty where nothing limits it. Asking about more throws
   * a {@link io.afterimage.base.BudgetExhaustedException}.
   */
  default OptionalLong queriesLeft() {
    return OptionalLong.empty();
  }

  @Override
  default void close() {}
}
