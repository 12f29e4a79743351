package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compares the interpreter with whoever else scores the model, and its gradients with differences.
 */
public final class Verify {
  private static final int PORTION = 128;
  private static final double[] NONE = {};

  private Verify() {}

  /** Numbers that lie farther apart, relative to the greatest, are different ones. */
  public static final double TOLERANCE = 1e-4;

  /** What came of comparing scores. */
  public enum Outcome {
    AGREE,
    /** They differ by one step of an output that is rounded to steps. */
    WITHIN_A_STEP,
    DIFFER,
    NOT_COMPARED
  }

  /**
   * What was found.
   *
   * @param rows of the inputs that were compared
   * @param outcome what that says of the scores
   * @param maxAbsolute greatest difference of any number in any output; null where the interpreter
   *     cannot execute the model
   * @param maxRelative greatest over the outputs of max|a - b| / max(1, max|a|), a the reference's;
   *     null where maxAbsolute is
   * @param undefined how many answers are NaN on both sides, which is no difference
   * @param onOneSide how many are NaN or an infinity on one side alone; in maxAbsolute and
   *     maxRelative they are not counted
   * @param gradientMaxRelative of one random projection of an output, along 8 random directions of
   *     the input: greatest difference between the directional derivative and its central
   *     difference, over the greatest of either; null where nothing is differentiable, or too flat
   * @param reason why a number is null; else empty
   * @param remark what quantisation has to do with a difference; else empty
   */
  public record Result(
      int rows,
      Outcome outcome,
      @Nullable Double maxAbsolute,
      @Nullable Double maxRelative,
      long undefined,
      long onOneSide,
      @Nullable Double gradientMaxRelative,
      String reason,
      String remark) {
    /** Nothing that could be compared. */
    public static Result none(int rows, String reason) {
      return new Result(rows, Outcome.NOT_COMPARED, null, null, 0, 0, null, reason, "");
    }

    /** Whether the interpreter computes something else, or its gradients are not the slopes. */
    public boolean differs() {
      return outcome == Outcome.DIFFER
          || (gradientMaxRelative != null && gradientMaxRelative > TOLERANCE);
    }

    /** Whether the scores were compared and nothing was found that differs. */
    public boolean agrees() {
      return outcome != Outcome.NOT_COMPARED && !differs();
    }
  }

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
      Map<String, Deviation> outputs = compare(model, portions, reference, run);
      return outputs.isEmpty()
          ? Result.none(rows, "it answers no numbers to compare")
          : judged(model, outputs, GradientCheck.of(model, portions.get(0), run), rows);
    } catch (NotInterpretedException e) {
      return Result.none(rows, String.valueOf(e.getMessage()));
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

  /** By output, those that hold numbers. */
  @SuppressWarnings("try")
  private static Map<String, Deviation> compare(
      OnnxModel model, List<Map<String, Value>> portions, Reference reference, Run run) {
    Map<String, Deviation> outputs = new LinkedHashMap<>();
    try (Interpreter interpreter = opened(model).heeding(run)) {
      for (Map<String, Value> portion : portions) {
        run.checkCancelled();
        Map<String, double[]> theirs = reference.score(portion);
        try (TensorScope scope = new TensorScope()) {
          Map<String, Value> ours = interpreted(interpreter, portion, theirs.keySet());
          theirs.forEach(
              (name, numbers) ->
                  outputs.merge(name, deviation(name, numbers, ours.get(name)), Deviation::and));
        }
      }
    }
    return outputs;
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

  private static Deviation deviation(String output, double[] theirs, @Nullable Value ours) {
    double[] found = numbers(ours);
    if (theirs.length != found.length) {
      throw new NotInterpretedException(
          new BadInputException(
              "output %s has %d numbers, the interpreter's has %d"
                  .formatted(output, theirs.length, found.length)));
    }
    return Deviation.of(theirs, found);
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

  private static Result judged(
      OnnxModel model, Map<String, Deviation> outputs, GradientCheck.Result gradient, int rows) {
    Outcome outcome = Outcome.AGREE;
    String remark = "";
    for (Map.Entry<String, Deviation> output : outputs.entrySet()) {
      OptionalDouble step = Quantisation.step(model, output.getKey());
      Outcome found = output.getValue().outcome(step);
      if (found.compareTo(outcome) > 0) {
        outcome = found;
        remark = remark(model, output.getKey(), output.getValue(), step);
      }
    }
    return new Result(
        rows,
        outcome,
        greatest(outputs, Deviation::difference),
        greatest(outputs, Deviation::relative),
        outputs.values().stream().mapToLong(Deviation::undefined).sum(),
        outputs.values().stream().mapToLong(Deviation::onOneSide).sum(),
        gradient.error(),
        gradient.reason(),
        remark);
  }

  private static double greatest(
      Map<String, Deviation> outputs, ToDoubleFunction<Deviation> number) {
    return outputs.values().stream().mapToDouble(number).max().orElse(0);
  }

  private static String remark(
      OnnxModel model, String output, Deviation found, OptionalDouble step) {
    if (step.isPresent()) {
      return "output %s is rounded to steps of %.1e, so that they differ by %.1f steps; numbers about halfway between two are rounded to either side, which makes one step"
          .formatted(output, step.getAsDouble(), found.difference() / step.getAsDouble());
    }
    return Quantisation.in(model)
        .map(
            node ->
                node.label()
                    + " rounds inner values to steps: where they lie about halfway between two they are rounded to either side, and what follows may magnify that step")
        .orElse("");
  }

  // ---- inputs

  /**
   * Draws inputs in the current scope: Gaussian for real numbers, 0 or 1 for whole ones, for texts
   * the categories that the graph knows and one that it does not. A BadInputException where an
   * input has free dimensions beside the first.
   *
   * @param rows where the first dimension is free
   */
  public static Map<String, Value> drawnInputs(OnnxModel model, int rows, Run run) {
    return DrawnInputs.of(model, rows, run);
  }
}
