package io.afterimage.train;

import io.afterimage.train.SupervisedStep.Score;
import java.util.Optional;

/** Follows one training as its course does, and saves it now and then. */
final class SavedCourse implements Trainer.Watch {
  private final SupervisedStep step;
  private final Course course;
  private final Checkpoint checkpoint;
  private final TrainingSpec.Saving saving;
  private final boolean resume;
  private final int rows;
  private long saved = System.nanoTime();

  SavedCourse(
      SupervisedStep step, Course course, Checkpoint checkpoint, TrainingSpec spec, int rows) {
    this.step = step;
    this.course = course;
    this.checkpoint = checkpoint;
    this.saving = spec.saving().orElse(TrainingSpec.Saving.USUAL);
    this.resume = spec.resume();
    this.rows = rows;
  }

  @Override
  public Standing start() {
    return resume && checkpoint.exists()
        ? checkpoint.load(step.trainees(), Optional.of(course.best()), rows)
        : Standing.START;
  }

  @Override
  public Optional<Score> validate() {
    return course.validate();
  }

  @Override
  public void afterStep(Standing standing) {
    if (System.nanoTime() - saved >= saving.every().toNanos()) {
      save(standing);
    }
  }

  @Override
  public void afterEpoch(Standing standing) {
    course.afterEpoch(standing);
    if (saving.epochs() > 0 && standing.epochs().size() % saving.epochs() == 0) {
      save(standing);
    }
  }

  @Override
  public void stopped(Standing standing) {
    save(standing);
  }

  private void save(Standing standing) {
    checkpoint.save(standing, step.trainees(), course.best().copies());
    saved = System.nanoTime();
  }
}
