package io.afterimage.train;

import io.afterimage.graph.OnnxModel;
import java.util.Optional;

/** Keeps the model of the epoch after which validation examples are answered best. */
public final class BestEpoch implements Trainer.Watch {
  private final SupervisedStep step;
  private final Examples validation;
  private OnnxModel model;

  /**
   * Looks on while this step trains.
   *
   * @param start what is kept where no epoch ends
   */
  public BestEpoch(SupervisedStep step, OnnxModel start, Examples validation) {
    this.step = step;
    this.validation = validation;
    this.model = start;
  }

  /** The model of the best epoch so far. */
  public OnnxModel model() {
    return model;
  }

  @Override
  public Optional<SupervisedStep.Score> validate() {
    return Optional.of(step.score(validation));
  }

  @Override
  public void afterEpoch(Standing standing) {
    if (standing.best() == standing.epochs().size() - 1) {
      model = step.model();
    }
  }
}
