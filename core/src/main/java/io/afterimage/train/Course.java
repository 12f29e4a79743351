package io.afterimage.train;

import io.afterimage.tensor.TensorScope;
import io.afterimage.train.SupervisedStep.Score;
import java.util.Map;
import java.util.Optional;

/** Follows one training: validates it, saves it now and then, and keeps its best weights. */
final class Course implements Trainer.Watch {
  private final SupervisedStep step;
  private final TensorScope owner = TensorScope.owner();
  private final Optional<Examples> validation;
  private final Checkpoint checkpoint;
  private final TrainingSpec spec;
  private Optional<Map<String, float[]>> best = Optional.empty();
  private long saved = System.nanoTime();

  Course(
      SupervisedStep step,
      Optional<Examples> validation,
      Checkpoint checkpoint,
      TrainingSpec spec) {
    this.step = step;
    this.validation = validation.map(examples -> examples.resident(owner));
    this.checkpoint = checkpoint;
    this.spec = spec;
  }

  @Override
  public Standing start() {
    if (!spec.resume() || !checkpoint.exists()) {
      return Standing.START;
    }
    Checkpoint.Loaded loaded = checkpoint.load(step);
    best = loaded.best();
    return loaded.standing();
  }

  @Override
  public Optional<Score> validate() {
    return validation.map(step::score);
  }

  @Override
  public void afterStep(Standing standing) {
    if (System.nanoTime() - saved >= spec.saving().every().toNanos()) {
      save(standing);
    }
  }

  @Override
  public void afterEpoch(Standing standing) {
    int done = standing.epochs().size();
    if (keepsBest() && standing.best() == done - 1) {
      best = Optional.of(copied());
    }
    if (spec.saving().epochs() > 0 && done % spec.saving().epochs() == 0) {
      save(standing);
    }
  }

  @Override
  public void stopped(Standing standing) {
    save(standing);
  }

  private void save(Standing standing) {
    checkpoint.save(standing, step, best);
    saved = System.nanoTime();
  }

  /** Whether training that no longer helps ends, and goes back to where it helped last. */
  boolean keepsBest() {
    return spec.recipe().patience() > 0;
  }

  /** Goes back to the best epoch's weights, where they are kept. */
  void restoreBest() {
    best.ifPresent(
        kept ->
            TensorScope.run(
                () ->
                    step.weights()
                        .forEach(
                            (name, tensor) ->
                                Checkpoint.write(tensor, kept.getOrDefault(name, new float[0])))));
  }

  Map<String, float[]> copied() {
    return step.values();
  }

  void close() {
    owner.close();
  }
}
