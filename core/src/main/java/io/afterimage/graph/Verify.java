package io.afterimage.graph;

import static java.util.Objects.requireNonNull;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the interpreter with whoever else scores the model, and its gradients with differences.
 */
public final class Verify {
  private static final int DIRECTIONS = 8;
  private static final double STEP = 1e-5;

  private Verify() {}

  /**
   * What was found.
   *
   * @param rows of the inputs that were compared
   * @param maxAbsolute greatest difference of any number in any output
   * @param maxRelative greatest over the outputs of max|a - b| / max(1, max|a|), a the reference's;
   *     null where the interpreter cannot execute the model
   * @param gradientMaxRelative of one random projection of an output, along 8 random directions of
   *     the input: greatest difference between the directional derivative and its central
   *     difference, over the greatest central difference; null where nothing is differentiable
   * @param reason why a number is null; else empty
   */
  public record Result(
      int rows,
      @Nullable Double maxAbsolute,
      @Nullable Double maxRelative,
      @Nullable Double gradientMaxRelative,
      String reason) {}

  /** Scores a model in another way. */
  @FunctionalInterface
  public interface Reference {
    /** The outputs that are numbers, by name, in C order. */
    Map<String, double[]> score(Map<String, Value> inputs);
  }

  /** Compares on these inputs. Draws projections and directions from the run. */
  public static Result run(
      OnnxModel model, Map<String, Value> inputs, Reference reference, Run run) {
    int rows = (int) inputs.values().stream().mapToLong(Verify::rows).max().orElse(0);
    try {
      double[] differences = compare(model, inputs, reference);
      return gradient(model, inputs, rows, differences, run);
    } catch (BadInputException e) {
      return new Result(rows, null, null, null, String.valueOf(e.getMessage()));
    }
  }

  @SuppressWarnings("try")
  private static double[] compare(OnnxModel model, Map<String, Value> inputs, Reference reference) {
    try (TensorScope scope = new TensorScope();
        Interpreter interpreter = Interpreter.of(model)) {
      List<String> names = model.outputs().stream().map(ValueInfo::name).toList();
      return differences(interpreter.run(inputs, names), reference.score(inputs));
    }
  }

  private static long rows(Value value) {
    return value.shape().length == 0 ? 1 : value.shape()[0];
  }

  private static double[] differences(Map<String, Value> ours, Map<String, double[]> theirs) {
    double absolute = 0;
    double relative = 0;
    for (Map.Entry<String, double[]> output : theirs.entrySet()) {
      if (ours.get(output.getKey()) instanceof Value.Numbers numbers) {
        double[] a = output.getValue();
        double[] b = numbers.tensor().toDoubles();
        if (a.length != b.length) {
          throw new BadInputException(
              "output %s has %d numbers, the interpreter's has %d"
                  .formatted(output.getKey(), a.length, b.length));
        }
        double greatest = 0;
        double difference = 0;
        for (int i = 0; i < a.length; i++) {
          greatest = Math.max(greatest, Math.abs(a[i]));
          difference = Math.max(difference, distance(a[i], b[i]));
        }
        absolute = Math.max(absolute, difference);
        relative = Math.max(relative, difference / Math.max(1, greatest));
      }
    }
    return new double[] {absolute, relative};
  }

  // The same infinity, or NaN on both sides, does not differ; NaN on one side differs infinitely.
  private static double distance(double a, double b) {
    if (Double.compare(a, b) == 0) {
      return 0;
    }
    double distance = Math.abs(a - b);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  // ---- gradients

  private static Result gradient(
      OnnxModel model, Map<String, Value> inputs, int rows, double[] differences, Run run) {
    List<String> reasons = new ArrayList<>();
    for (ValueInfo output : model.outputs()) {
      Optional<String> missing = Gradients.missing(model, output.name());
      boolean floating = output.element().filter(ElementType::isFloating).isPresent();
      if (floating && missing.isEmpty()) {
        double found = gradientError(model, inputs, output.name(), run);
        return new Result(rows, differences[0], differences[1], found, "");
      }
      missing.ifPresent(reasons::add);
    }
    String reason = reasons.isEmpty() ? "no output of real numbers" : reasons.get(0);
    return new Result(rows, differences[0], differences[1], null, reason);
  }

  /** In double precision, where a central difference has about ten good digits. */
  @SuppressWarnings("try")
  private static double gradientError(
      OnnxModel model, Map<String, Value> inputs, String output, Run run) {
    try (TensorScope scope = new TensorScope();
        Interpreter interpreter = Interpreter.inDouble(model);
        Draws draws = new Draws(run.seedFor("verify"))) {
      Map<String, Tensor> at = new LinkedHashMap<>();
      inputs.forEach(
          (name, value) -> {
            if (value instanceof Value.Numbers n && n.tensor().dtype().isFloating()) {
              at.put(name, n.tensor().detach().to(DType.DOUBLE).copy().requireGrad());
            }
          });
      Projection projection = new Projection(interpreter, inputs, output, draws);
      List<Tensor> gradients =
          Autograd.gradients(projection.of(at), List.copyOf(at.values()), false);
      double worst = 0;
      double greatest = 0;
      for (int i = 0; i < DIRECTIONS; i++) {
        Map<String, Tensor> direction = new LinkedHashMap<>();
        at.forEach((name, x) -> direction.put(name, draws.normal(DType.DOUBLE, 0, 1, x.shape())));
        double exact = slope(gradients, direction);
        double ahead = projection.of(moved(at, direction, STEP)).item();
        double behind = projection.of(moved(at, direction, -STEP)).item();
        double difference = (ahead - behind) / (2 * STEP);
        worst = Math.max(worst, distance(exact, difference));
        greatest = Math.max(greatest, Math.abs(difference));
      }
      return worst == 0 ? 0 : worst / Math.max(greatest, Double.MIN_NORMAL);
    }
  }

  private static double slope(List<Tensor> gradients, Map<String, Tensor> direction) {
    double sum = 0;
    int i = 0;
    for (Tensor along : direction.values()) {
      sum += gradients.get(i++).mul(along).sum().item();
    }
    return sum;
  }

  private static Map<String, Tensor> moved(
      Map<String, Tensor> at, Map<String, Tensor> direction, double step) {
    Map<String, Tensor> moved = new HashMap<>();
    direction.forEach(
        (name, along) ->
            moved.put(name, requireNonNull(at.get(name)).detach().add(along.mul(step))));
    return moved;
  }

  /** A random weighted sum of one output. */
  private static final class Projection {
    private final Interpreter interpreter;
    private final Map<String, Value> inputs;
    private final String output;
    private final Draws draws;
    private @Nullable Tensor weights;

    Projection(Interpreter interpreter, Map<String, Value> inputs, String output, Draws draws) {
      this.interpreter = interpreter;
      this.inputs = inputs;
      this.output = output;
      this.draws = draws;
    }

    Tensor of(Map<String, Tensor> at) {
      Map<String, Value> given = new HashMap<>(inputs);
      at.forEach((name, x) -> given.put(name, Value.of(x)));
      if (interpreter.run(given, List.of(output)).get(output) instanceof Value.Numbers numbers) {
        Tensor y = numbers.tensor().to(DType.DOUBLE);
        Tensor known = weights;
        if (known == null) {
          known = draws.normal(DType.DOUBLE, 0, 1, y.shape());
          weights = known;
        }
        return y.mul(known).sum();
      }
      throw new BadInputException("output " + output + " is not numbers");
    }
  }

  // ---- inputs

  /**
   * Draws inputs in the current scope: Gaussian for real numbers, 0 or 1 for whole ones. A
   * BadInputException where an input is text or has free dimensions beside the first.
   *
   * @param rows where the first dimension is free
   */
  public static Map<String, Value> drawnInputs(OnnxModel model, int rows, Run run) {
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (ValueInfo input : model.inputs()) {
      long[] shape = shape(model, input, rows);
      DType type =
          input.element().flatMap(ElementType::dtype).orElseThrow(() -> cannotDraw(model, input));
      try (Draws draws = new Draws(run.seedFor("input " + input.name()))) {
        Tensor drawn = type.isFloating() ? draws.normal(shape) : draws.bernoulli(0.5, shape);
        inputs.put(input.name(), Value.of(drawn.to(type)));
      }
    }
    return inputs;
  }

  private static long[] shape(OnnxModel model, ValueInfo input, int rows) {
    long[] shape = new long[input.dimensions().size()];
    for (int i = 0; i < shape.length; i++) {
      ValueInfo.Dimension dimension = input.dimensions().get(i);
      if (!dimension.isFixed() && i > 0) {
        throw cannotDraw(model, input);
      }
      shape[i] = dimension.isFixed() ? dimension.extent() : rows;
    }
    return shape;
  }

  private static BadInputException cannotDraw(OnnxModel model, ValueInfo input) {
    return new BadInputException(
        "%s: input %s (%s, %s) cannot be drawn; give arrays with --inputs"
            .formatted(model.name(), input.name(), input.type(), input.shape()));
  }
}
