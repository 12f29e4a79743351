package io.afterimage.bench.engine;

import static java.util.Objects.requireNonNull;

import io.afterimage.data.Shape;
import io.afterimage.graph.FinalScores;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.Outputs;
import io.afterimage.graph.Parameter;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Architecture;
import io.afterimage.train.Batch;
import io.afterimage.train.Examples;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.SupervisedStep;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The interpreter and the trainer's step. */
final class Afterimage implements Side {
  private final Interpreter interpreter;
  private final String output;
  private final String logits;
  private final TensorScope owner = TensorScope.owner();
  private final Tensor given;
  private final Tensor classes;
  private final Tensor x;
  private final SupervisedStep step;
  private final int[] rows;

  @SuppressWarnings("try") // the scope is there to close
  Afterimage(Task task) {
    interpreter = Interpreter.of(task.model());
    output = task.model().outputs().get(0).name();
    logits = Outputs.finalScores(task.model(), output).map(FinalScores::value).orElseThrow();
    try (TensorScope scope = new TensorScope()) {
      given = owner.adopt(Tensors.of(task.pictures(), task.shape()));
      long[] own = Arrays.stream(task.classes()).asLongStream().toArray();
      classes = owner.adopt(Tensors.of(own, own.length));
      x = owner.adopt(given.copy());
    }
    Shape row = task.network().row();
    Examples examples =
        Examples.ofClasses(Architecture.INPUT, task.pictures(), row, task.classes());
    Loss loss = Loss.crossEntropy(task.model());
    step = new SupervisedStep(task.model(), examples, loss, new Optimiser.Sgd(1e-4, 0.9, false, 0));
    rows = IntStream.range(0, task.batch()).toArray();
  }

  /** What forward passes and inversion steps multiply with, in the graph's order. */
  List<Tensor> weights() {
    return inOrder(interpreter.parameters());
  }

  /** What training changes, in the same order. */
  List<Tensor> trained() {
    return inOrder(step.weights());
  }

  private List<Tensor> inOrder(Map<String, Tensor> values) {
    return interpreter.model().parameters().stream()
        .filter(Parameter::trainable)
        .map(parameter -> requireNonNull(values.get(parameter.name())))
        .toList();
  }

  /** The pictures. */
  Tensor given() {
    return given;
  }

  /** The pictures that inversion changes. */
  Tensor x() {
    return x;
  }

  @Override
  @SuppressWarnings("try") // scope and guard are there to close
  public double forward() {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      return interpreter.run(given, output).sum().item();
    }
  }

  @Override
  @SuppressWarnings("try") // the scope is there to close
  public double inversion() {
    try (TensorScope scope = new TensorScope()) {
      Tensor at = x.detach().requireGrad();
      Tensor cost = Nn.crossEntropy(interpreter.run(at, logits), classes);
      Tensor gradient = Autograd.gradients(cost, List.of(at), false).get(0);
      InPlace.add(x, gradient, -0.1);
      InPlace.clamp(x, 0, 1);
      return cost.item();
    }
  }

  @Override
  public double training() {
    return step.take(Batch.of(rows));
  }

  @Override
  public void close() {
    step.close();
    owner.close();
    interpreter.close();
  }
}
