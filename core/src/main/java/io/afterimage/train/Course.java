package io.afterimage.train;

import io.afterimage.tensor.TensorScope;
import io.afterimage.train.SupervisedStep.Score;
import io.afterimage.train.Trainer.Settings;
import java.util.Optional;

/** Follows one training: validates it, and keeps the weights of its best epoch. */
final class Course implements Trainer.Watch, AutoCloseable {
  private final SupervisedStep step;
  private final TensorScope owner = TensorScope.owner();
  private final Optional<Examples> validation;
  private final Settings settings;
  private final KeptWeights best;

  Course(SupervisedStep step, Optional<Examples> validation, Settings settings) {
    this.step = step;
    this.validation = validation.map(examples -> examples.resident(owner));
    this.settings = settings;
    this.best = new KeptWeights(step.weights().values());
  }

  @Override
  public Optional<Score> validate() {
    return validation.map(step::score);
  }

  @Override
  public void afterEpoch(Standing standing) {
    if (settings.keepsAt(standing)) {
      best.keep();
    }
  }

  /** The best epoch's weights, to be saved and written back. */
  KeptWeights best() {
    return best;
  }

  /** Goes back to the best epoch's weights, where they are kept. */
  void restoreBest() {
    best.restore();
  }

  @Override
  public void close() {
    best.close();
    owner.close();
  }
}
