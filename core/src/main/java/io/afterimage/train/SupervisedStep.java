package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lessens a loss on examples over one graph. Holds the graph's tensors until it is closed. */
public final class SupervisedStep implements Step, AutoCloseable {
  private final Interpreter interpreter;
  private final Loss loss;
  private final Examples examples;
  private final List<Tensor> parameters;
  private final Optimiser.Updates updates;

  /** A step over all trainable parameters of the model. */
  public SupervisedStep(OnnxModel model, Examples examples, Loss loss, Optimiser optimiser) {
    this.interpreter = Interpreter.of(model);
    this.loss = loss;
    this.examples = examples;
    this.parameters = List.copyOf(new TreeMap<>(interpreter.parameters()).values());
    if (parameters.isEmpty()) {
      interpreter.close();
      throw new BadInputException(model.name() + " has no parameter that can be trained");
    }
    parameters.forEach(Tensor::requireGrad);
    this.updates = optimiser.on(parameters);
  }

  @Override
  @SuppressWarnings("try")
  public double take(int[] rows) {
    try (TensorScope scope = new TensorScope()) {
      Tensor mean = loss.of(answers(rows), examples.targets(rows));
      updates.apply(Autograd.gradients(mean, parameters, false));
      return mean.item();
    }
  }

  private Tensor answers(int[] rows) {
    Map<String, Value> values = interpreter.run(examples.inputs(rows), List.of(loss.value()));
    if (values.get(loss.value()) instanceof Value.Numbers numbers) {
      return numbers.tensor();
    }
    throw new BadInputException(loss.value() + " holds texts, which no loss can be taken of");
  }

  /** The model with the parameters as they are now. */
  public OnnxModel model() {
    Map<String, float[]> values = new TreeMap<>();
    interpreter.parameters().forEach((name, tensor) -> values.put(name, tensor.toFloats()));
    return interpreter.model().withParameters(values);
  }

  @Override
  public void close() {
    updates.close();
    interpreter.close();
  }
}
