package io.afterimage.train;

import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Threads;
import io.afterimage.train.SupervisedStep.Score;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Takes a step over mini-batches until its epochs are done. Each epoch sees every example once, in
 * an order of its own. Results are bit-identical for one seed and one count of intra-op threads.
 */
public final class Trainer {
  /** What to change where a training does not learn. */
  static final String ADVICE =
      "lower --learning-rate, set --clip-norm 1, or scale the inputs to numbers near 1";

  private final Step step;
  private final int rows;
  private final Settings settings;
  private final Schedule schedule;
  private final Watch watch;
  private final Run run;
  private double bound = Double.MAX_VALUE;

  private Trainer(Step step, int rows, Settings settings, Schedule schedule, Watch watch, Run run) {
    this.step = step;
    this.rows = rows;
    this.settings = settings;
    this.schedule = schedule;
    this.watch = watch;
    this.run = run;
  }

  /**
   * How long to train.
   *
   * @param epochs passes over the examples, 1 to 1,000,000
   * @param batch examples a step, 1 to 1,000,000; the last of an epoch may be smaller
   * @param patience epochs without a lower mean loss (on the validation rows, where there are some)
   *     after which training ends early; 0 for never
   * @param goal an epoch's mean loss at which enough is learned and training ends, from 0; 0 for
   *     never
   */
  public record Settings(int epochs, int batch, int patience, double goal) {
    public Settings {
      inRange("--epochs", epochs, 1, 1_000_000);
      inRange("--batch-size", batch, 1, 1_000_000);
      inRange("--patience", patience, 0, 1_000_000);
      atLeast("goal", goal, 0);
    }

    /** All epochs. */
    public static Settings of(int epochs, int batch) {
      return new Settings(epochs, batch, 0, 0);
    }

    /** The same, but no longer than until an epoch's mean loss is this low. */
    public Settings until(double loss) {
      return new Settings(epochs, batch, patience, loss);
    }

    /** Steps of one epoch over so many rows. */
    public long steps(int rows) {
      return (rows + batch - 1L) / batch;
    }

    boolean endsAt(Standing standing) {
      int done = standing.epochs().size();
      if (done == 0 || done == epochs) {
        return done == epochs;
      }
      boolean stuck = patience > 0 && done - 1 - standing.best() >= patience;
      return stuck || (goal > 0 && standing.losses().get(done - 1) <= goal);
    }

    /** Whether the epoch just done is the best so far, whose weights are kept. */
    boolean keepsAt(Standing standing) {
      return patience > 0 && standing.best() == standing.epochs().size() - 1;
    }

    /** The number of the epoch, from 1, whose weights a training that ended here has. */
    int kept(Standing end) {
      return patience > 0 ? end.best() + 1 : end.epochs().size();
    }
  }

  /** Who follows a training: validates, saves, and says where it goes on. */
  public interface Watch {
    /** Looks on. */
    Watch NONE = new Watch() {};

    /** Where the training starts. */
    default Standing start() {
      return Standing.START;
    }

    /** The score on validation rows, asked for after each epoch. */
    default Optional<Score> validate() {
      return Optional.empty();
    }

    /** A step was taken; it may be the last before an epoch ends. */
    default void afterStep(Standing standing) {}

    /** An epoch is done. */
    default void afterEpoch(Standing standing) {}

    /** The user stops the training here. */
    default void stopped(Standing standing) {}
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
    try (SupervisedStep step = new SupervisedStep(model, examples, loss, optimiser, 0, run)) {
      Standing end = run(step, examples.rows(), settings, new Schedule.Constant(), Watch.NONE, run);
      TrainingRecord record =
          new TrainingRecord(
              model.sha256(),
              examples.sha256(),
              loss.toString(),
              optimiser,
              settings,
              Pace.CONSTANT,
              0,
              Optional.empty(),
              run.seed(),
              Threads.intraOp(),
              end.epochs());
      return new Trained(step.model(), record);
    }
  }

  /**
   * Takes the step over all mini-batches of all epochs, at the full learning rate.
   *
   * @param rows how many examples there are
   * @return the mean loss of each epoch
   * @throws BadInputException where the loss is no longer a number
   */
  public static List<Double> run(Step step, int rows, Settings settings, Run run) {
    return run(step, rows, settings, new Schedule.Constant(), Watch.NONE, run).losses();
  }

  /**
   * Takes the step over all mini-batches of all epochs.
   *
   * @param rows how many examples there are
   * @return where it ended
   * @throws BadInputException where the loss is no longer a number
   * @throws CancelledException where the user stopped it; the watch was told
   */
  public static Standing run(
      Step step, int rows, Settings settings, Schedule schedule, Watch watch, Run run) {
    return new Trainer(step, rows, settings, schedule, watch, run).run();
  }

  private Standing run() {
    Standing standing = watch.start();
    OptionalDouble constant = step.constantLoss();
    while (!settings.endsAt(standing)) {
      bound = ConstantAnswer.bound(standing, constant);
      standing = epoch(standing);
      watch.afterEpoch(standing);
    }
    return standing;
  }

  private Standing epoch(Standing start) {
    int epoch = start.epochs().size();
    long before = epoch * stepsAnEpoch();
    int[] order = run.shuffled("order/" + epoch, rows);
    Standing standing = start;
    while (standing.seen() < rows) {
      long taken = before + standing.seen() / settings.batch();
      progress(taken, standing);
      int end = Math.min(rows, standing.seen() + settings.batch());
      int[] chosen = Arrays.copyOfRange(order, standing.seen(), end);
      double rate = schedule.at(taken, stepsInAll());
      double loss = step.take(new Batch(chosen, epoch, taken, rate));
      requireReasonable(loss, bound, epoch);
      standing = standing.after(loss, chosen.length);
      watch.afterStep(standing);
    }
    progress(before + stepsAnEpoch(), standing);
    return standing.epochDone(Standing.Epoch.of(standing.sum() / rows, watch.validate()));
  }

  /** Between two steps, the only place where a training may be stopped without losing one. */
  private void progress(long taken, Standing standing) {
    try {
      run.progress("training", taken, stepsInAll());
    } catch (CancelledException e) {
      watch.stopped(standing);
      throw e;
    }
  }

  private long stepsAnEpoch() {
    return settings.steps(rows);
  }

  private long stepsInAll() {
    return settings.epochs() * stepsAnEpoch();
  }

  /** Throws a BadInputException where a loss is no number, or beyond the bound. */
  static void requireReasonable(double loss, double bound, int epoch) {
    if (!(loss <= bound)) {
      String bounded = bound < Double.MAX_VALUE ? ", more than %.3g".formatted(bound) : "";
      throw new BadInputException(
          "the loss became %s in epoch %d%s; %s".formatted(loss, epoch + 1, bounded, ADVICE));
    }
  }
}
