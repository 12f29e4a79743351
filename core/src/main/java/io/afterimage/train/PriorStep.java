package io.afterimage.train;

import java.util.List;

/** A step by which a generator learns, with another network beside it. */
abstract sealed class PriorStep implements Step, AutoCloseable
    permits AdversarialStep, VariationalStep {
  /** All that learn, for their state to be saved: the generator, then what it learns beside. */
  abstract List<Trainee> trainees();

  @Override
  public abstract void close();
}
