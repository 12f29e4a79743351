package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TrainingForm;
import io.afterimage.graph.TrainingForm.BatchNorm;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One graph that a step trains, with its optimiser's memory. */
final class Trainee implements AutoCloseable {
  private final Interpreter interpreter;
  private final boolean trainsOtherwise;
  private final Map<String, Tensor> weights = new TreeMap<>();
  private final List<Tensor> parameters;
  private final Optimiser.Updates updates;

  /**
   * All trainable parameters of the model.
   *
   * @param run may be cancelled while a loop in the graph runs
   */
  Trainee(OnnxModel model, Optimiser optimiser, Run run) {
    this.interpreter =
        Interpreter.of(TrainingForm.of(trainable(model), BatchNorm.NONE, 0)).heeding(run);
    this.trainsOtherwise = model.nodes().stream().anyMatch(Trainee::trainsOtherwise);
    this.parameters = List.copyOf(new TreeMap<>(interpreter.parameters()).values());
    parameters.forEach(Tensor::requireGrad);
    weights.putAll(interpreter.parameters());
    weights.putAll(interpreter.averages());
    this.updates = optimiser.on(parameters);
  }

  /** The model; a BadInputException where it has no parameter that could be trained. */
  static OnnxModel trainable(OnnxModel model) {
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

  /** A value as at inference. */
  Tensor infer(Map<String, Value> inputs, String value) {
    return numbers(interpreter.run(inputs, List.of(value)), value);
  }

  /**
   * A value as in training: dropout drops, batch normalisation works by these rows, of which there
   * must be two for that.
   *
   * @param seed of what dropout draws
   */
  Tensor train(Map<String, Value> inputs, String value, int rows, long seed) {
    return train(inputs, List.of(value), rows, seed).get(0);
  }

  /** Several values of one pass, in their order, as in training. */
  List<Tensor> train(Map<String, Value> inputs, List<String> values, int rows, long seed) {
    Map<String, Value> found;
    if (!trainsOtherwise || rows == 1) {
      found = interpreter.run(inputs, values);
    } else {
      try (Draws draws = new Draws(seed)) {
        found = interpreter.runInTraining(inputs, values, draws);
      }
    }
    return values.stream().map(value -> numbers(found, value)).toList();
  }

  private static Tensor numbers(Map<String, Value> values, String value) {
    if (values.get(value) instanceof Value.Numbers numbers) {
      return numbers.tensor();
    }
    throw new BadInputException(value + " holds texts, which no loss can be taken of");
  }

  /**
   * One update against a loss.
   *
   * @param clipNorm the greatest norm of all gradients together, 0 for any
   * @param rate share of the learning rate
   */
  void lessen(Tensor loss, double clipNorm, double rate) {
    List<Tensor> gradients = Autograd.gradients(loss, parameters, false);
    updates.apply(clipNorm > 0 ? Clipping.clip(gradients, clipNorm) : gradients, rate);
  }

  /** One update of several against a loss that depends on all of them. */
  static void lessen(Tensor loss, double rate, List<Trainee> several) {
    List<Tensor> all = several.stream().flatMap(one -> one.parameters.stream()).toList();
    List<Tensor> gradients = Autograd.gradients(loss, all, false);
    int from = 0;
    for (Trainee one : several) {
      int to = from + one.parameters.size();
      one.updates.apply(gradients.subList(from, to), rate);
      from = to;
    }
  }

  /** Parameters and averages by name, as they are now; live until it is closed. */
  Map<String, Tensor> weights() {
    return weights;
  }

  Optimiser.Updates updates() {
    return updates;
  }

  /** The numbers of all parameters that are trained, by name. */
  static Map<String, double[]> values(OnnxModel model) {
    try (Interpreter interpreter = Interpreter.of(model)) {
      Map<String, double[]> values = new TreeMap<>();
      interpreter.parameters().forEach((name, tensor) -> values.put(name, tensor.toDoubles()));
      return values;
    }
  }

  /** The model with the weights as they are now. */
  OnnxModel model() {
    return interpreter.model().withWeights(weights);
  }

  @Override
  public void close() {
    updates.close();
    interpreter.close();
  }
}
