package io.afterimage.target;

import io.afterimage.graph.OnnxModel;
import java.util.Optional;
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

  /**
   * The graph behind the answers, for adversaries who know how the model is built and train others
   * like it; empty where nobody knows it. Its weights are the target's own: only who attacks a
   * white box may look at them.
   */
  default Optional<OnnxModel> architecture() {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
