package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Threads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Takes a step over mini-batches until its epochs are done. Each epoch sees every example once, in
 * an order of its own. Results are bit-identical for one seed and one count of intra-op threads.
 */
public final class Trainer {
  private Trainer() {}

  /**
   * How long to train.
   *
   * @param epochs passes over the examples, 1 to 1,000,000
   * @param batch examples a step, 1 to 1,000,000; the last of an epoch may be smaller
   * @param patience epochs without a lower mean loss after which training ends early; 0 for never
   * @param goal an epoch's mean loss at which enough is learned and training ends, from 0; 0 for
   *     never
   */
  public record Settings(int epochs, int batch, int patience, double goal) {
    public Settings {
      inRange("--epochs", epochs, 1, 1_000_000);
      inRange("--batch-size", batch, 1, 1_000_000);
      inRange("--patience", patience, 0, 1_000_000);
      inRange("goal", goal, 0, Double.MAX_VALUE);
    }

    /** All epochs. */
    public static Settings of(int epochs, int batch) {
      return new Settings(epochs, batch, 0, 0);
    }

    /** The same, but no longer than until an epoch's mean loss is this low. */
    public Settings until(double loss) {
      return new Settings(epochs, batch, patience, loss);
    }
  }

  /** A model and how it came about. */
  public record Trained(OnnxModel model, TrainingRecord record) {}

  /** Trains all trainable parameters of a model. */
  public static Trained train(
      OnnxModel model,
      Examples examples,
      Loss loss,
      Optimiser optimiser,
      Settings settings,
      Run run) {
    try (SupervisedStep step = new SupervisedStep(model, examples, loss, optimiser)) {
      List<Double> losses = run(step, examples.rows(), settings, run);
      TrainingRecord record =
          new TrainingRecord(
              model.sha256(),
              examples.sha256(),
              settings,
              optimiser,
              run.seed(),
              Threads.intraOp(),
              losses);
      return new Trained(step.model(), record);
    }
  }

  /**
   * Takes the step over all mini-batches of all epochs.
   *
   * @param rows how many examples there are
   * @return the mean loss of each epoch
   * @throws BadInputException where the loss is no longer a number
   */
  public static List<Double> run(Step step, int rows, Settings settings, Run run) {
    List<Double> losses = new ArrayList<>();
    int best = 0;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      losses.add(epoch(step, order(rows, epoch, run), settings.batch(), epoch, run));
      best = losses.get(epoch) < losses.get(best) ? epoch : best;
      run.progress("training", epoch + 1, settings.epochs());
      boolean stuck = settings.patience() > 0 && epoch - best >= settings.patience();
      boolean reached = settings.goal() > 0 && losses.get(epoch) <= settings.goal();
      if (stuck || reached) {
        break;
      }
    }
    return losses;
  }

  private static double epoch(Step step, int[] order, int batch, int epoch, Run run) {
    double sum = 0;
    for (int start = 0; start < order.length; start += batch) {
      run.checkCancelled();
      int[] rows = Arrays.copyOfRange(order, start, Math.min(order.length, start + batch));
      double loss = step.take(rows);
      if (!Double.isFinite(loss)) {
        throw new BadInputException(
            "the loss became %s in epoch %d; lower --learning-rate or scale the inputs"
                .formatted(loss, epoch + 1));
      }
      sum += loss * rows.length;
    }
    return sum / order.length;
  }

  /** Fisher and Yates: every order is equally likely. */
  private static int[] order(int rows, int epoch, Run run) {
    RandomGenerator random = run.random("order/" + epoch);
    int[] order = IntStream.range(0, rows).toArray();
    for (int i = rows - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
