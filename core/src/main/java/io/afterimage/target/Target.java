package io.afterimage.target;

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

  @Override
  default void close() {}
}
