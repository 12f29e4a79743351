package io.afterimage.train;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a model was trained, so that it can be trained again.
 *
 * @param modelSha256 of the model before training
 * @param dataSha256 of what it was trained on
 * @param loss everything that was chosen about it, in words
 * @param clipNorm the greatest norm of a step's gradients, 0 for any
 * @param validationSha256 of what it was validated on; empty where nothing was
 * @param seed the seed of every draw
 * @param threads intra-op threads; with the same count, training again gives the same bits
 * @param epochs how each went
 */
public record TrainingRecord(
    String modelSha256,
    String dataSha256,
    String loss,
    Optimiser optimiser,
    Trainer.Settings settings,
    Pace pace,
    double clipNorm,
    Optional<String> validationSha256,
    long seed,
    int threads,
    List<Standing.Epoch> epochs) {
  public TrainingRecord {
    epochs = List.copyOf(epochs);
  }

  /** Mean training loss of each epoch. */
  public List<Double> losses() {
    return end().losses();
  }

  /** Mean loss on the validation rows after each epoch; none where there are none. */
  public List<Double> validationLosses() {
    return epochs.stream().flatMap(epoch -> Stream.ofNullable(epoch.validationLoss())).toList();
  }

  /** The number of the epoch, from 1, whose weights the model has. */
  public int kept() {
    return settings.kept(end());
  }

  private Standing end() {
    return new Standing(epochs, 0, 0);
  }

  /** The same with other epochs. */
  TrainingRecord with(List<Standing.Epoch> others) {
    return new TrainingRecord(
        modelSha256,
        dataSha256,
        loss,
        optimiser,
        settings,
        pace,
        clipNorm,
        validationSha256,
        seed,
        threads,
        others);
  }
}
