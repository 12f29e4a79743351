package io.afterimage.audit;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.Predictions;
import io.afterimage.target.Task;
import io.afterimage.train.Batch;
import io.afterimage.train.Examples;
import io.afterimage.train.FreshWeights;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.SupervisedStep;
import io.afterimage.train.Trainer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Trains the target's own graph anew, from fresh weights on other rows. Nobody says how the target
 * was trained; so Adam takes mini-batches until an epoch's mean loss is as low as the target's on
 * its members. All retrainings of an audit share {@code --controls-budget}.
 */
final class Retraining {
  private static final int EPOCHS = 200;
  private static final int PATIENCE = 10;
  private static final int STEPS_AN_EPOCH = 100;
  private static final int SMALLEST_BATCH = 16;
  private static final double LEARNING_RATE = 1e-3;

  /** The least probability of which a logarithm is taken. */
  private static final double LEAST = 1e-7;

  private final Session session;
  private Duration spent = Duration.ZERO;

  /**
   * A retrained model.
   *
   * @param subject it, opened as the target is; empty where there is none
   * @param account how it was trained and how far it came, or why it was not
   */
  record Outcome(Optional<Subject> subject, String account) implements AutoCloseable {
    static Outcome none(String reason) {
      return new Outcome(Optional.empty(), reason);
    }

    @Override
    public void close() {
      subject.ifPresent(Subject::close);
    }
  }

  /** Time is up. */
  private static final class Late extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  Retraining(Session session) {
    this.session = session;
  }

  /**
   * The target's graph, trained on these rows.
   *
   * @param name keys the fresh weights
   */
  Outcome on(String name, Dataset rows) {
    Optional<OnnxModel> model = session.subject().graph();
    if (model.isEmpty()) {
      return Outcome.none("a file of predictions cannot be trained again");
    }
    if (model.get().parameterCount() == 0) {
      return Outcome.none("the model has no parameters that gradients could train");
    }
    Duration left = session.controlsBudget().minus(spent);
    long started = System.nanoTime();
    try {
      return train(model.get(), rows, started + left.toNanos(), session.run().keyed(name));
    } catch (Late e) {
      return Outcome.none(
          "training it again takes longer than the %d s that --controls-budget leaves; raise it"
              .formatted(Math.max(0, left.toSeconds())));
    } catch (BadInputException e) {
      return Outcome.none("it cannot be trained again: " + e.getMessage());
    } finally {
      spent = spent.plusNanos(System.nanoTime() - started);
    }
  }

  private Outcome train(OnnxModel model, Dataset rows, long deadline, Run run) {
    boolean classifies = session.subject().info().task() == Task.CLASSIFICATION;
    OnnxModel fresh = FreshWeights.of(model, run);
    Examples examples =
        classifies
            ? Examples.ofClasses(fresh, rows, rows.classes())
            : Examples.ofValues(fresh, rows, values(rows));
    Loss loss = classifies ? Loss.crossEntropy(fresh) : Loss.squaredError(fresh);
    double goal = goal(classifies);
    Trainer.Settings settings =
        new Trainer.Settings(
            EPOCHS, Math.max(SMALLEST_BATCH, rows.rows() / STEPS_AN_EPOCH), PATIENCE, goal);
    try (SupervisedStep step =
        new SupervisedStep(fresh, examples, loss, Optimiser.Adam.of(LEARNING_RATE), 0, run)) {
      List<Double> losses =
          Trainer.run(batch -> inTime(step, batch, deadline), rows.rows(), settings, run);
      return new Outcome(
          Optional.of(session.subject().like(step.model(), session.spec(), session.run())),
          account(settings, losses.size(), losses.get(losses.size() - 1), goal));
    }
  }

  private static double inTime(SupervisedStep step, Batch batch, long deadline) {
    if (System.nanoTime() > deadline) {
      throw new Late();
    }
    return step.take(batch);
  }

  private static String account(
      Trainer.Settings settings, int epochs, double reached, double goal) {
    return String.format(
        Locale.ROOT,
        "the same graph from fresh weights, by Adam at %s in batches of %d for %d epochs, to a"
            + " mean loss of %.4g (the audited model's on its members: %.4g)",
        LEARNING_RATE,
        settings.batch(),
        epochs,
        reached,
        goal);
  }

  /** The target's mean loss on the members: cross-entropy, or the squared error. */
  private double goal(boolean classifies) {
    Dataset members = session.split().members();
    Predictions answers = session.subject().scorer().scores(members).probabilities();
    int[] classes = classifies ? members.classes() : new int[0];
    double[] values = classifies ? new double[0] : values(members);
    double sum = 0;
    for (int row = 0; row < members.rows(); row++) {
      sum +=
          classifies
              ? -Math.log(Math.max(LEAST, answers.get(row, classes[row])))
              : Math.pow(answers.get(row, 0) - values[row], 2);
    }
    return sum / members.rows();
  }

  private static double[] values(Dataset rows) {
    if (rows.label().orElse(null) instanceof Column.Numeric label) {
      return label.values();
    }
    throw new BadInputException("the rows have no numbers as labels");
  }
}
