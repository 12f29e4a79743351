package io.afterimage.train;

import java.util.List;

/**
 * How a model was trained, so that it can be trained again.
 *
 * @param modelSha256 of the model before training
 * @param dataSha256 of what it was trained on
 * @param loss everything that was chosen about it, in words
 * @param clipNorm the greatest norm of a step's gradients, 0 for any
 * @param seed the seed of every draw
 * @param threads intra-op threads; with the same count, training again gives the same bits
 * @param losses mean loss of each epoch
 */
public record TrainingRecord(
    String modelSha256,
    String dataSha256,
    String loss,
    Optimiser optimiser,
    Trainer.Settings settings,
    Pace pace,
    double clipNorm,
    long seed,
    int threads,
    List<Double> losses) {
  public TrainingRecord {
    losses = List.copyOf(losses);
  }

  /** The same with other losses. */
  TrainingRecord with(List<Double> others) {
    return new TrainingRecord(
        modelSha256, dataSha256, loss, optimiser, settings, pace, clipNorm, seed, threads, others);
  }
}
