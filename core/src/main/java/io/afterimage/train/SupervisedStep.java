package io.afterimage.train;

import static io.afterimage.base.Checks.atLeast;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Lessens a loss on examples over one graph. Dropout drops and batch normalisation works by the
 * mini-batch, but for one of a single row, whose statistics would be nothing. Holds the graph's
 * tensors until it is closed.
 */
public final class SupervisedStep implements Step, AutoCloseable {
  /** Rows that are scored at once. */
  static final int ROWS_AT_ONCE = 256;

  private final TensorScope owner = TensorScope.owner();
  private final Trainee trainee;
  private final Loss loss;
  private final Examples examples;
  private final double clipNorm;
  private final Run run;
  private int rowsAtOnce = ROWS_AT_ONCE;
  private Optional<GradientCanaries> canaries = Optional.empty();

  /** A step over all trainable parameters of the model; dropout draws from seed 0. */
  public SupervisedStep(OnnxModel model, Examples examples, Loss loss, Optimiser optimiser) {
    this(model, examples, loss, optimiser, 0, Run.of(0));
  }

  /**
   * A step over all trainable parameters of the model.
   *
   * @param clipNorm the greatest norm of all gradients together, 0 for any
   * @param run keys what dropout draws
   */
  public SupervisedStep(
      OnnxModel model,
      Examples examples,
      Loss loss,
      Optimiser optimiser,
      double clipNorm,
      Run run) {
    this.clipNorm = atLeast("--clip-norm", clipNorm, 0);
    this.trainee = new Trainee(model, optimiser, run);
    this.loss = loss;
    this.examples = resident(examples);
    this.run = run;
  }

  /** The same, but it scores exactly so many rows at once: of a graph that fixes its batch. */
  SupervisedStep scoring(int rows) {
    rowsAtOnce = rows;
    return this;
  }

  /** The same with examples of no data beside the others. */
  SupervisedStep with(Optional<GradientCanaries> laid) {
    canaries = laid;
    return this;
  }

  private Examples resident(Examples source) {
    try {
      return source.resident(owner);
    } catch (RuntimeException e) {
      trainee.close();
      throw e;
    }
  }

  @Override
  @SuppressWarnings("try") // the scope is there to close
  public double take(Batch batch) {
    try (TensorScope scope = new TensorScope()) {
      Examples shown = examples.inEpoch(batch.epoch());
      int[] rows = batch.rows();
      long seed = run.seedFor("dropout/" + batch.step());
      Tensor answers = trainee.train(shown.inputs(rows), loss.value(), rows.length, seed);
      Tensor mean = loss.of(answers, shown.targets(rows));
      double value = mean.item();
      if (Double.isFinite(value)) {
        Tensor all = canaries.map(laid -> laid.beside(mean, trainee.weights(), batch)).orElse(mean);
        trainee.lessen(all, clipNorm, batch.rate());
      }
      return value;
    }
  }

  @Override
  public OptionalDouble constantLoss() {
    return ConstantAnswer.loss(loss, examples);
  }

  /**
   * How well the graph does at inference.
   *
   * @param loss its mean
   * @param accuracy share of classes guessed right; empty where answers are no classes
   */
  public record Score(double loss, OptionalDouble accuracy) {
    /**
     * @param losses sum over the rows
     * @param right how many classes are guessed right; NaN where answers are no classes
     */
    static Score ofSums(double losses, double right, int rows) {
      return new Score(
          losses / rows,
          Double.isNaN(right) ? OptionalDouble.empty() : OptionalDouble.of(right / rows));
    }
  }

  /** Its score on examples of the same kind. */
  public Score score(Examples others) {
    double sum = 0;
    double right = 0;
    for (int start = 0; start < others.rows(); start += rowsAtOnce) {
      int[] rows = IntStream.range(start, Math.min(others.rows(), start + rowsAtOnce)).toArray();
      Score found = score(others, rows);
      sum += found.loss() * rows.length;
      right += found.accuracy().orElse(Double.NaN) * rows.length;
    }
    return Score.ofSums(sum, right, others.rows());
  }

  @SuppressWarnings("try") // scope and guard are there to close
  private Score score(Examples others, int[] rows) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor answers = trainee.infer(others.inputs(rows), loss.value());
      Tensor targets = others.targets(rows);
      Optional<Tensor> classes = loss.classes(answers);
      return new Score(
          loss.of(answers, targets).item(),
          classes.isEmpty()
              ? OptionalDouble.empty()
              : OptionalDouble.of(classes.get().eq(targets).sum().item() / rows.length));
    }
  }

  /** Parameters and averages by name, as they are now; live until it is closed. */
  public Map<String, Tensor> weights() {
    return trainee.weights();
  }

  /** The optimiser's memory. */
  public Optimiser.Updates updates() {
    return trainee.updates();
  }

  /** The one network that learns, for its state to be saved. */
  List<Trainee> trainees() {
    return List.of(trainee);
  }

  /** The model with the parameters as they are now. */
  public OnnxModel model() {
    return trainee.model();
  }

  @Override
  public void close() {
    trainee.close();
    owner.close();
  }
}
