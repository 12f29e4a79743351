package io.afterimage.graph;

import static java.util.Objects.requireNonNull;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * A model as a function of every real number that flows into it, through its inputs or as a
 * parameter, in double precision: holds the gradients, and the gradients of the gradients, against
 * central differences along random directions, one direction for each tensor.
 *
 * <p>What is differentiated is a random projection of z (1 + z), for the real outputs z divided by
 * their root mean square: the square, so that operators without a second derivative need one of the
 * function that gives their gradient.
 */
final class GradientProbe {
  /** The share of its own size by which a tensor is moved; a wrong gradient fails at all. */
  private static final double[] STEPS = {1e-5, 1e-4, 1e-6, 1e-3, 1e-7};

  private static final double CLOSE = 1e-6;

  /** What rounding may add to a difference, as a share of the projection. */
  private static final double ROUNDING = 1e-9;

  /** How far inputs are moved off their ties, kinks and whole numbers, as a share of each. */
  private static final double NOISE = 0.1;

  /** What came of a comparison. */
  enum Kind {
    AGREES,
    DIFFERS,
    /** There is no slope to compare at these inputs. */
    SILENT
  }

  /** What came of a comparison, and the particulars. */
  record Verdict(Kind kind, String words) {
    static Verdict silent(String words) {
      return new Verdict(Kind.SILENT, words);
    }

    boolean is(Kind other) {
      return kind == other;
    }
  }

  /** Of the gradients, and of the gradients of a random projection of them. */
  record Result(Verdict first, Verdict second) {}

  /** One tensor that is moved. */
  private record Place(String name, double[] at, long[] shape) {
    Tensor leaf(double[] values) {
      return Tensors.of(values, shape).requireGrad();
    }

    double size() {
      return GradientProbe.size(at);
    }

    /** Gaussian numbers of its size; infinities, which stand for masks, stay as they are. */
    double[] direction(RandomGenerator random) {
      double size = size();
      return DoubleStream.of(at)
          .map(x -> Double.isFinite(x) ? size * random.nextGaussian() : 0)
          .toArray();
    }

    /**
     * Its numbers made smaller (or greater, where the noise is negative) by a random share, so that
     * they keep their signs, and zeros made positive.
     */
    Place moved(double noise, RandomGenerator random) {
      double zero = Math.abs(noise) * size();
      double[] values =
          DoubleStream.of(at)
              .map(
                  x ->
                      x == 0
                          ? zero * (1 + random.nextDouble())
                          : x * (1 - noise * random.nextDouble()))
              .toArray();
      return new Place(name, values, shape);
    }
  }

  private final Interpreter interpreter;
  private final Map<String, Value> inputs;
  private final Set<String> fixed;
  private final RandomGenerator random;
  private final List<Projection> projections = new ArrayList<>();

  private GradientProbe(
      Interpreter interpreter,
      Map<String, Value> inputs,
      Set<String> fixed,
      RandomGenerator random) {
    this.interpreter = interpreter;
    this.inputs = inputs;
    this.fixed = fixed;
    this.random = random;
  }

  /**
   * Near these inputs: below them, or above where the model has no slope below.
   *
   * @param fixed names of the inputs that are not moved
   */
  static Result of(
      OnnxModel model, Map<String, Value> inputs, Set<String> fixed, RandomGenerator random) {
    Result below = of(model, inputs, fixed, random, NOISE);
    return below.first.is(Kind.SILENT) || below.second.is(Kind.SILENT)
        ? of(model, inputs, fixed, random, -NOISE)
        : below;
  }

  @SuppressWarnings("try")
  private static Result of(
      OnnxModel model,
      Map<String, Value> inputs,
      Set<String> fixed,
      RandomGenerator random,
      double noise) {
    try (TensorScope scope = new TensorScope();
        Interpreter interpreter = Interpreter.inDouble(model)) {
      return new GradientProbe(interpreter, inputs, fixed, random).result(noise);
    } catch (BadInputException e) {
      Verdict refused = Verdict.silent(String.valueOf(e.getMessage()));
      return new Result(refused, refused);
    }
  }

  private Result result(double noise) {
    List<Place> places = places().stream().map(p -> p.moved(noise, random)).toList();
    // What fails already without gradients is no matter of theirs.
    cost(places.stream().map(p -> Tensors.of(p.at, p.shape)).toList());
    Verdict first = compared(places, this::cost);
    if (first.is(Kind.SILENT)) {
      return new Result(first, first);
    }
    List<double[]> directions = places.stream().map(p -> p.direction(random)).toList();
    return new Result(first, compared(places, at -> slope(at, places, directions)));
  }

  /** Root mean square of what is finite; 1 where that is nothing or zeros. */
  private static double size(double[] values) {
    double mean =
        DoubleStream.of(values).filter(Double::isFinite).map(x -> x * x).average().orElse(0);
    return mean > 0 ? Math.sqrt(mean) : 1;
  }

  // ---- the function

  private List<Place> places() {
    List<Place> places = new ArrayList<>();
    inputs.forEach(
        (name, value) -> {
          if (!fixed.contains(name)) {
            value.forEach(tensor -> add(places, name, tensor));
          }
        });
    interpreter.parameters().forEach((name, tensor) -> add(places, name, tensor));
    return places;
  }

  private static void add(List<Place> places, String name, Tensor tensor) {
    if (isReal(tensor)) {
      places.add(new Place(name, tensor.toDoubles(), tensor.shape()));
    }
  }

  private static boolean isReal(Tensor tensor) {
    return tensor.dtype() == DType.FLOAT || tensor.dtype() == DType.DOUBLE;
  }

  private static List<Tensor> leaves(List<Place> places) {
    return places.stream().map(p -> p.leaf(p.at)).toList();
  }

  private Tensor cost(List<Tensor> at) {
    Iterator<Tensor> next = at.iterator();
    Map<String, Value> given = new LinkedHashMap<>(inputs);
    given.replaceAll(
        (name, value) ->
            fixed.contains(name) ? value : value.map(t -> isReal(t) ? next.next() : t));
    Map<String, Tensor> parameters = new LinkedHashMap<>(interpreter.parameters());
    parameters.replaceAll((name, tensor) -> isReal(tensor) ? next.next() : tensor);
    List<String> names = interpreter.model().outputs().stream().map(ValueInfo::name).toList();
    Map<String, Value> outputs = interpreter.run(given, parameters, names);
    List<Tensor> real = new ArrayList<>();
    for (String name : names) {
      requireNonNull(outputs.get(name)).forEach(y -> real.add(y));
    }
    real.removeIf(y -> y.dtype() != DType.DOUBLE || y.count() == 0);
    return projection(real);
  }

  private Tensor projection(List<Tensor> outputs) {
    if (projections.isEmpty()) {
      outputs.forEach(y -> projections.add(Projection.of(y, random)));
    }
    Tensor sum = Tensors.scalar(0.0);
    for (int i = 0; i < outputs.size(); i++) {
      sum = sum.add(projections.get(i).of(outputs.get(i)));
    }
    return sum;
  }

  /**
   * Of one output, the same at each evaluation; infinities, which stand for masks, are left out.
   */
  private record Projection(Tensor weights, Tensor infinite, double size) {
    static Projection of(Tensor y, RandomGenerator random) {
      double[] values = y.toDoubles();
      double[] weights = DoubleStream.generate(random::nextGaussian).limit(y.count()).toArray();
      return new Projection(
          Tensors.of(weights, y.shape()), Maths.isinf(y), GradientProbe.size(values));
    }

    Tensor of(Tensor y) {
      Tensor z = Tensors.zerosLike(y).where(infinite, y).div(size);
      return z.add(1).mul(z).mul(weights).sum();
    }
  }

  /** How steep the function is along these directions; can be differentiated. */
  private Tensor slope(List<Tensor> at, List<Place> places, List<double[]> directions) {
    List<Tensor> gradients = Autograd.gradients(cost(at), at, true);
    Tensor sum = Tensors.scalar(0.0);
    for (int i = 0; i < gradients.size(); i++) {
      Tensor direction = Tensors.of(directions.get(i), places.get(i).shape);
      Tensor still = direction.eq(0);
      Tensor slopes = gradients.get(i).mul(direction);
      sum = sum.add(Tensors.zerosLike(slopes).where(still, slopes).sum());
    }
    return sum;
  }

  // ---- differences

  private Verdict compared(List<Place> places, Function<List<Tensor>, Tensor> function) {
    try {
      List<Tensor> at = leaves(places);
      Tensor value = function.apply(at);
      List<Tensor> gradients =
          value.requiresGrad()
              ? Autograd.gradients(value, at, false)
              : at.stream().map(Tensors::zerosLike).toList();
      return compared(places, function, value.item(), gradients);
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      return new Verdict(Kind.DIFFERS, message.lines().findFirst().orElse(""));
    }
  }

  @SuppressWarnings("try")
  private Verdict compared(
      List<Place> places,
      Function<List<Tensor>, Tensor> function,
      double middle,
      List<Tensor> gradients) {
    boolean steep = false;
    for (int i = 0; i < places.size(); i++) {
      try (TensorScope scope = new TensorScope()) {
        double[] direction = places.get(i).direction(random);
        Slope exact = Slope.of(gradients.get(i).toDoubles(), direction);
        double difference = closest(exact, places, i, direction, function, middle);
        if (!Double.isFinite(difference)) {
          return Verdict.silent("not finite along " + places.get(i).name);
        }
        if (!exact.agrees(difference, middle)) {
          return new Verdict(
              Kind.DIFFERS,
              "%s along %s, where differences show %s"
                  .formatted(exact.sum, places.get(i).name, difference));
        }
        steep |= exact.size > 0;
      }
    }
    return steep ? new Verdict(Kind.AGREES, "") : Verdict.silent("flat");
  }

  /**
   * The slope along a direction.
   *
   * @param size root of the sum of the squares of its terms
   */
  private record Slope(double sum, double size) {
    static Slope of(double[] gradient, double[] direction) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < gradient.length; i++) {
        if (direction[i] != 0) {
          double term = gradient[i] * direction[i];
          sum += term;
          squares += term * term;
        }
      }
      return new Slope(sum, Math.sqrt(squares));
    }

    boolean agrees(double difference, double middle) {
      double tolerance = CLOSE * size + ROUNDING * Math.max(1, Math.abs(middle));
      return Math.abs(sum - difference) <= tolerance;
    }
  }

  private static double closest(
      Slope exact,
      List<Place> places,
      int moved,
      double[] direction,
      Function<List<Tensor>, Tensor> function,
      double middle) {
    double closest = Double.NaN;
    for (double step : STEPS) {
      double ahead = function.apply(moved(places, moved, direction, step)).item();
      double behind = function.apply(moved(places, moved, direction, -step)).item();
      double difference = (ahead - behind) / (2 * step);
      if (Double.isNaN(closest)
          || Math.abs(exact.sum - difference) < Math.abs(exact.sum - closest)) {
        closest = difference;
      }
      if (exact.agrees(closest, middle)) {
        break;
      }
    }
    return closest;
  }

  private static List<Tensor> moved(
      List<Place> places, int moved, double[] direction, double step) {
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      double[] values = place.at.clone();
      if (i == moved) {
        for (int j = 0; j < values.length; j++) {
          values[j] += step * direction[j];
        }
      }
      leaves.add(place.leaf(values));
    }
    return leaves;
  }
}
