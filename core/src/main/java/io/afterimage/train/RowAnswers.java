package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What a graph answers to the rows it is trained on, at inference. */
public final class RowAnswers {
  private RowAnswers() {}

  /**
   * The answers to all examples, read where the loss reads them: logarithms of the classes'
   * probabilities, from before a last softmax that would round them, or values.
   */
  public static Predictions of(OnnxModel model, Examples examples, Loss loss) {
    DoubleStream.Builder answers = DoubleStream.builder();
    Meaning meaning = Meaning.VALUE;
    try (Interpreter interpreter = Interpreter.of(model)) {
      int at = SupervisedStep.ROWS_AT_ONCE;
      for (int start = 0; start < examples.rows(); start += at) {
        int[] rows = IntStream.range(start, Math.min(examples.rows(), start + at)).toArray();
        meaning = add(interpreter, examples, rows, loss, answers);
      }
    }
    double[] values = answers.build().toArray();
    return new Predictions(values, values.length / examples.rows(), meaning);
  }

  @SuppressWarnings("try") // scope and guard are there to close
  private static Meaning add(
      Interpreter interpreter,
      Examples examples,
      int[] rows,
      Loss loss,
      DoubleStream.Builder into) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor answers = answers(interpreter, examples.inputs(rows), loss);
      Optional<Tensor> classes = loss.logProbabilities(answers);
      DoubleStream.of(classes.orElse(answers).toDoubles()).forEach(into::add);
      return classes.isPresent() ? Meaning.LOG_PROBABILITIES : Meaning.VALUE;
    }
  }

  private static Tensor answers(Interpreter interpreter, Map<String, Value> inputs, Loss loss) {
    if (interpreter.run(inputs, List.of(loss.value())).get(loss.value())
        instanceof Value.Numbers numbers) {
      return numbers.tensor();
    }
    throw new BadInputException(
        "%s of %s is not numbers".formatted(loss.value(), interpreter.model().name()));
  }
}
