package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What a model's answers to single rows cost, at inference.
 *
 * @param losses of each row
 * @param greatest probability of each row's most probable class; none where answers are no classes
 */
public record RowLosses(double[] losses, double[] greatest) {
  /**
   * Of all examples.
   *
   * @param loss that gives rows losses of their own
   */
  public static RowLosses of(OnnxModel model, Examples examples, Loss loss) {
    DoubleStream.Builder losses = DoubleStream.builder();
    DoubleStream.Builder greatest = DoubleStream.builder();
    try (Interpreter interpreter = Interpreter.of(model)) {
      int at = SupervisedStep.ROWS_AT_ONCE;
      for (int start = 0; start < examples.rows(); start += at) {
        int[] rows = IntStream.range(start, Math.min(examples.rows(), start + at)).toArray();
        add(interpreter, examples, rows, loss, losses, greatest);
      }
    }
    return new RowLosses(losses.build().toArray(), greatest.build().toArray());
  }

  @SuppressWarnings("try") // scope and guard are there to close
  private static void add(
      Interpreter interpreter,
      Examples examples,
      int[] rows,
      Loss loss,
      DoubleStream.Builder losses,
      DoubleStream.Builder greatest) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor answers = answers(interpreter, examples.inputs(rows), loss);
      add(loss, answers, examples.targets(rows), losses, rows.length);
      Optional<Tensor> classes = loss.classes(answers);
      if (classes.isPresent()) {
        DoubleStream.Builder least = DoubleStream.builder();
        add(loss, answers, classes.get(), least, rows.length);
        least.build().forEach(cost -> greatest.add(Math.exp(-cost)));
      }
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

  private static void add(
      Loss loss, Tensor answers, Tensor targets, DoubleStream.Builder into, int rows) {
    double[] each = loss.ofRows(answers, targets).orElseThrow().toDoubles();
    check(each.length == rows, "%d rows have %d losses", rows, each.length);
    DoubleStream.of(each).forEach(into::add);
  }
}
