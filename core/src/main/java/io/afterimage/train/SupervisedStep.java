package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TrainingForm;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Lessens a loss on examples over one graph. Dropout drops and batch normalisation works by the
 * mini-batch, but for one of a single row, whose statistics would be nothing. Holds the graph's
 * tensors until it is closed.
 */
public final class SupervisedStep implements Step, AutoCloseable {
  private static final int ROWS_AT_ONCE = 256;

  private final TensorScope owner = TensorScope.owner();
  private final Interpreter interpreter;
  private final Loss loss;
  private final Examples examples;
  private final double clipNorm;
  private final Run run;
  private final boolean trainsOtherwise;
  private final Map<String, Tensor> weights = new TreeMap<>();
  private final List<Tensor> parameters;
  private final Optimiser.Updates updates;

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
    inRange("--clip-norm", clipNorm, 0, Double.MAX_VALUE);
    this.interpreter = interpreter(model);
    this.examples = resident(examples);
    this.loss = loss;
    this.clipNorm = clipNorm;
    this.run = run;
    this.trainsOtherwise = model.nodes().stream().anyMatch(SupervisedStep::trainsOtherwise);
    this.parameters = List.copyOf(new TreeMap<>(interpreter.parameters()).values());
    parameters.forEach(Tensor::requireGrad);
    weights.putAll(interpreter.parameters());
    weights.putAll(interpreter.averages());
    this.updates = optimiser.on(parameters);
  }

  private static Interpreter interpreter(OnnxModel model) {
    return Interpreter.of(TrainingForm.of(trainable(model), TrainingForm.BatchNorm.NONE, 0));
  }

  private Examples resident(Examples source) {
    try {
      return source.resident(owner);
    } catch (RuntimeException e) {
      interpreter.close();
      throw e;
    }
  }

  private static OnnxModel trainable(OnnxModel model) {
    if (model.parameterCount() > 0) {
      return model;
    }
    boolean trees = model.nodes().stream().anyMatch(n -> n.type().startsWith("TreeEnsemble"));
    throw new BadInputException(
        "%s has no parameter that can be trained%s"
            .formatted(
                model.name(),
                trees
                    ? ": trees have no gradients; grow them anew where they were grown, or train another --architecture"
                    : ""));
  }

  private static boolean trainsOtherwise(Node node) {
    return node.is("Dropout") || node.is("BatchNormalization");
  }

  @Override
  @SuppressWarnings("try")
  public double take(Batch batch) {
    try (TensorScope scope = new TensorScope()) {
      Examples shown = examples.inEpoch(batch.epoch());
      Tensor mean = loss.of(answers(shown, batch), shown.targets(batch.rows()));
      double value = mean.item();
      if (Double.isFinite(value)) {
        List<Tensor> gradients = Autograd.gradients(mean, parameters, false);
        updates.apply(clipNorm > 0 ? Clipping.clip(gradients, clipNorm) : gradients, batch.rate());
      }
      return value;
    }
  }

  private Tensor answers(Examples shown, Batch batch) {
    Map<String, Value> inputs = shown.inputs(batch.rows());
    if (!trainsOtherwise || batch.rows().length == 1) {
      return numbers(interpreter.run(inputs, List.of(loss.value())));
    }
    try (Draws draws = new Draws(run.seedFor("dropout/" + batch.step()))) {
      return numbers(interpreter.runInTraining(inputs, List.of(loss.value()), draws));
    }
  }

  private Tensor numbers(Map<String, Value> values) {
    if (values.get(loss.value()) instanceof Value.Numbers numbers) {
      return numbers.tensor();
    }
    throw new BadInputException(loss.value() + " holds texts, which no loss can be taken of");
  }

  /**
   * How well the graph does at inference.
   *
   * @param loss its mean
   * @param accuracy share of classes guessed right; empty where answers are no classes
   */
  public record Score(double loss, OptionalDouble accuracy) {}

  /** Its score on examples of the same kind. */
  public Score score(Examples others) {
    double sum = 0;
    double right = 0;
    for (int start = 0; start < others.rows(); start += ROWS_AT_ONCE) {
      int end = Math.min(others.rows(), start + ROWS_AT_ONCE);
      int[] rows = IntStream.range(start, end).toArray();
      double[] found = scored(others, rows);
      sum += found[0] * rows.length;
      right += found[1];
    }
    return new Score(
        sum / others.rows(),
        Double.isNaN(right) ? OptionalDouble.empty() : OptionalDouble.of(right / others.rows()));
  }

  /** The mean loss, and how many classes are right: NaN where answers are none. */
  @SuppressWarnings("try") // scope and guard are there to close
  private double[] scored(Examples others, int[] rows) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor answers = numbers(interpreter.run(others.inputs(rows), List.of(loss.value())));
      Tensor targets = others.targets(rows);
      Optional<Tensor> classes = loss.classes(answers);
      return new double[] {
        loss.of(answers, targets).item(),
        classes.map(guessed -> guessed.eq(targets).sum().item()).orElse(Double.NaN)
      };
    }
  }

  /** Parameters and averages by name, as they are now; live until it is closed. */
  public Map<String, Tensor> weights() {
    return weights;
  }

  /** The optimiser's memory. */
  public Optimiser.Updates updates() {
    return updates;
  }

  /** The model with the parameters as they are now. */
  public OnnxModel model() {
    Map<String, float[]> values = new TreeMap<>();
    weights.forEach((name, tensor) -> values.put(name, tensor.toFloats()));
    return interpreter.model().withParameters(values);
  }

  @Override
  public void close() {
    updates.close();
    interpreter.close();
    owner.close();
  }
}
