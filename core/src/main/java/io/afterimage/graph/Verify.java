package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the interpreter with whoever else scores the model, and its gradients with differences.
 */
public final class Verify {
  private static final int PORTION = 128;
  private static final double[] NONE = {};

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
   *     difference, over the greatest of either; null where nothing is differentiable, or too flat
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

  /**
   * Compares on these inputs. Draws projections and directions from the run.
   *
   * <p>A BadInputException where the reference does not take the inputs; what the interpreter does
   * not take is told in the result.
   */
  public static Result run(
      OnnxModel model, Map<String, Value> inputs, Reference reference, Run run) {
    int rows = (int) inputs.values().stream().mapToLong(Verify::rows).max().orElse(0);
    List<Map<String, Value>> portions = portions(model, inputs, rows);
    try {
      Optional<Scale> worst = compare(model, portions, reference, run);
      if (worst.isEmpty()) {
        return new Result(rows, null, null, null, "it answers no numbers to compare");
      }
      return with(GradientCheck.of(model, portions.get(0), run), rows, worst.get());
    } catch (NotInterpretedException e) {
      return new Result(rows, null, null, null, String.valueOf(e.getMessage()));
    }
  }

  private static long rows(Value value) {
    return value.shape().length == 0 ? 1 : value.shape()[0];
  }

  // ---- portions

  /** Rows by the hundred where any number of them may be given, so that memory stays bounded. */
  private static List<Map<String, Value>> portions(
      OnnxModel model, Map<String, Value> inputs, int rows) {
    boolean free =
        inputs.values().stream().allMatch(v -> v.shape().length > 0 && v.shape()[0] == rows)
            && model.inputs().stream()
                .noneMatch(i -> i.ranked() && i.dimensions().get(0).isFixed());
    if (!free || rows <= PORTION) {
      return List.of(inputs);
    }
    List<Map<String, Value>> portions = new ArrayList<>();
    for (int from = 0; from < rows; from += PORTION) {
      Map<String, Value> portion = new LinkedHashMap<>();
      for (Map.Entry<String, Value> input : inputs.entrySet()) {
        portion.put(input.getKey(), part(input.getValue(), from, Math.min(PORTION, rows - from)));
      }
      portions.add(portion);
    }
    return portions;
  }

  private static Value part(Value value, int from, int rows) {
    if (value instanceof Value.Strings texts) {
      int width = texts.values().size() / Math.toIntExact(texts.shape()[0]);
      long[] shape = texts.shape().clone();
      shape[0] = rows;
      return new Value.Strings(texts.values().subList(from * width, (from + rows) * width), shape);
    }
    return Value.of(((Value.Numbers) value).tensor().narrow(0, from, rows));
  }

  // ---- scores

  /** The interpreter cannot execute the model. */
  private static final class NotInterpretedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotInterpretedException(BadInputException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** How far the numbers of one output lie apart, and how great the reference's are. */
  private record Scale(double difference, double greatest, double relative) {
    static Scale of(double difference, double greatest) {
      return new Scale(difference, greatest, difference / Math.max(1, greatest));
    }

    /** More rows of the same output. */
    Scale and(Scale more) {
      return of(Math.max(difference, more.difference), Math.max(greatest, more.greatest));
    }

    /** The worse of two outputs. */
    Scale or(Scale other) {
      return new Scale(
          Math.max(difference, other.difference),
          Math.max(greatest, other.greatest),
          Math.max(relative, other.relative));
    }
  }

  /** The worst over the outputs that hold numbers; empty where none does. */
  @SuppressWarnings("try")
  private static Optional<Scale> compare(
      OnnxModel model, List<Map<String, Value>> portions, Reference reference, Run run) {
    Map<String, Scale> scales = new HashMap<>();
    try (Interpreter interpreter = opened(model).heeding(run)) {
      for (Map<String, Value> portion : portions) {
        run.checkCancelled();
        Map<String, double[]> theirs = reference.score(portion);
        try (TensorScope scope = new TensorScope()) {
          Map<String, Value> ours = interpreted(interpreter, portion, theirs.keySet());
          theirs.forEach(
              (name, numbers) ->
                  scales.merge(name, scale(name, numbers, ours.get(name)), Scale::and));
        }
      }
    }
    return scales.values().stream().reduce(Scale::or);
  }

  private static Interpreter opened(OnnxModel model) {
    try {
      return Interpreter.of(model);
    } catch (BadInputException e) {
      throw new NotInterpretedException(e);
    }
  }

  private static Map<String, Value> interpreted(
      Interpreter interpreter, Map<String, Value> inputs, Set<String> outputs) {
    try {
      return interpreter.run(inputs, outputs);
    } catch (BadInputException e) {
      throw new NotInterpretedException(e);
    }
  }

  private static Scale scale(String output, double[] theirs, @Nullable Value ours) {
    double[] found = numbers(ours);
    if (theirs.length != found.length) {
      throw new NotInterpretedException(
          new BadInputException(
              "output %s has %d numbers, the interpreter's has %d"
                  .formatted(output, theirs.length, found.length)));
    }
    double greatest = 0;
    double difference = 0;
    for (int i = 0; i < theirs.length; i++) {
      greatest = Math.max(greatest, Math.abs(theirs[i]));
      difference = Math.max(difference, distance(theirs[i], found[i]));
    }
    return Scale.of(difference, greatest);
  }

  /** The numbers of tensors and, in the order of their keys, of maps; of others none. */
  private static double[] numbers(@Nullable Value value) {
    if (value instanceof Value.Sequence sequence) {
      return sequence.values().stream()
          .map(Verify::numbers)
          .flatMapToDouble(Arrays::stream)
          .toArray();
    }
    if (value instanceof Value.Dictionary map) {
      return numbers(map.values());
    }
    return value instanceof Value.Numbers numbers ? numbers.tensor().toDoubles() : NONE;
  }

  // The same infinity, or NaN on both sides, does not differ; NaN on one side differs infinitely.
  static double distance(double a, double b) {
    if (Double.compare(a, b) == 0) {
      return 0;
    }
    double distance = Math.abs(a - b);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  private static Result with(GradientCheck.Result gradient, int rows, Scale worst) {
    boolean finite = Double.isFinite(worst.difference());
    String reason =
        finite
            ? gradient.reason()
            : "one of the two answers NaN or an infinity, the other does not";
    return new Result(
        rows,
        finite ? worst.difference() : null,
        finite ? worst.relative() : null,
        gradient.error(),
        reason);
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
    if (!input.ranked()) {
      throw cannotDraw(model, input);
    }
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
