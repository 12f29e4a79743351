package io.afterimage.graph;

import static java.util.Objects.requireNonNull;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.ops.Operators;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the directional derivatives of one random projection of an output against central
 * differences, in double precision.
 */
final class GradientCheck {
  private static final int DIRECTIONS = 8;

  /**
   * Tried in this order until one is close: a short step seldom meets a kink (of a ReLU, say), a
   * long one shows the slope of an output that hardly changes. A wrong gradient fails at all.
   */
  private static final double[] STEPS = {1e-5, 1e-7, 1e-6, 1e-4, 1e-3};

  private static final double CLOSE = 1e-7;

  /** Slopes below this share of the projection drown in rounding, whatever the step. */
  private static final double RESOLVED = 1e4 * Math.ulp(1.0) / 1e-3;

  private final Interpreter interpreter;
  private final Map<String, Value> inputs;
  private final String output;
  private final Draws draws;
  private @Nullable Tensor weights;

  private GradientCheck(
      Interpreter interpreter, Map<String, Value> inputs, String output, Draws draws) {
    this.interpreter = interpreter;
    this.inputs = inputs;
    this.output = output;
    this.draws = draws;
  }

  /**
   * What was found.
   *
   * @param error greatest difference over the greatest slope; null where there is none
   * @param reason why it is null; else empty
   */
  record Result(@Nullable Double error, String reason) {}

  /** Checks the first output of real numbers that gradients reach. */
  static Result of(OnnxModel model, Map<String, Value> inputs, Run run) {
    List<String> reasons = new ArrayList<>();
    for (ValueInfo output : model.outputs()) {
      if (isReal(output)) {
        String numbers = Outputs.beforeMaps(model, output.name());
        var missing = Gradients.missing(model, numbers);
        Optional<String> surrogate = surrogate(model, numbers);
        if (surrogate.isPresent()) {
          return new Result(null, surrogate.get());
        }
        if (missing.isEmpty()) {
          return of(model, inputs, numbers, run);
        }
        reasons.add(missing.get());
      }
    }
    return new Result(null, reasons.isEmpty() ? "no output of real numbers" : reasons.get(0));
  }

  // Of maps, the matrix that they are made of is checked.
  private static boolean isReal(ValueInfo output) {
    return output.element().filter(ElementType::isFloating).isPresent()
        || output.type().matches("sequence\\(map\\(\\w+,(float|double)\\)\\)");
  }

  /** Where gradients stand in for true ones, differences cannot be held against them. */
  private static Optional<String> surrogate(OnnxModel model, String output) {
    Set<String> needed = model.neededFor(output);
    for (Node node : model.nodes()) {
      Optional<Operators.Entry> entry = Operators.find(node.domain(), node.type());
      boolean stands = entry.filter(e -> e.differentiable() && !e.reason().isEmpty()).isPresent();
      if (stands && Outputs.names(node).stream().anyMatch(needed::contains)) {
        return Optional.of(node.label() + " has the gradient of " + entry.get().reason());
      }
    }
    return Optional.empty();
  }

  @SuppressWarnings("try")
  private static Result of(OnnxModel model, Map<String, Value> inputs, String output, Run run) {
    try (TensorScope scope = new TensorScope();
        Interpreter interpreter = Interpreter.inDouble(model).heeding(run);
        Draws draws = new Draws(run.seedFor("verify"))) {
      return new GradientCheck(interpreter, inputs, output, draws).result();
    } catch (BadInputException e) {
      return new Result(null, String.valueOf(e.getMessage()));
    }
  }

  @SuppressWarnings("try")
  private Result result() {
    Map<String, Tensor> at = new LinkedHashMap<>();
    inputs.forEach(
        (name, value) -> {
          if (value instanceof Value.Numbers n && n.tensor().dtype().isFloating()) {
            at.put(name, n.tensor().detach().to(DType.DOUBLE).copy().requireGrad());
          }
        });
    Tensor middle = projection(at);
    if (!middle.requiresGrad()) {
      return new Result(
          null, "output " + output + " follows its inputs through whole numbers only");
    }
    List<Tensor> gradients = Autograd.gradients(middle, List.copyOf(at.values()), false);
    double worst = 0;
    double steepest = 0;
    for (int i = 0; i < DIRECTIONS; i++) {
      try (TensorScope scope = new TensorScope()) {
        Map<String, Tensor> direction = new LinkedHashMap<>();
        at.forEach((name, x) -> direction.put(name, draws.normal(DType.DOUBLE, 0, 1, x.shape())));
        double exact = slope(gradients, direction);
        double difference = closest(exact, at, direction);
        worst = Math.max(worst, Verify.distance(exact, difference));
        steepest = Math.max(steepest, Math.max(Math.abs(exact), Math.abs(difference)));
      }
    }
    return judged(worst, steepest, Math.abs(middle.item()));
  }

  private double closest(double exact, Map<String, Tensor> at, Map<String, Tensor> direction) {
    double closest = Double.NaN;
    for (double step : STEPS) {
      double ahead = projection(moved(at, direction, step)).item();
      double behind = projection(moved(at, direction, -step)).item();
      double difference = (ahead - behind) / (2 * step);
      if (!(Math.abs(exact - closest) <= Math.abs(exact - difference))) {
        closest = difference;
      }
      if (Math.abs(exact - closest) <= CLOSE * Math.abs(exact)) {
        break;
      }
    }
    return closest;
  }

  private Result judged(double worst, double steepest, double middle) {
    if (!Double.isFinite(worst) || Double.isNaN(steepest)) {
      return new Result(null, "output " + output + " or its slope is not finite at these inputs");
    }
    return steepest <= RESOLVED * middle
        ? new Result(
            null, "output " + output + " is flat at these inputs; give others with --inputs")
        : new Result(worst / steepest, "");
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

  /** A random weighted sum of the output, the same weights each time. */
  private Tensor projection(Map<String, Tensor> at) {
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
