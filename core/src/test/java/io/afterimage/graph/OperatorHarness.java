package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * One operator at work in double: what it answers, and whether its gradients and the gradients of
 * its gradients are those of central differences.
 */
public final class OperatorHarness {
  private static final double STEP = 1e-5;
  private static final double CLOSE = 1e-6;
  private static final double SINGLE = 1e-5;

  private final String type;
  private final UnaryOperator<GraphBuilder.NodeBuilder> settings;
  private final long opset;
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();

  private OperatorHarness(
      String type, long opset, UnaryOperator<GraphBuilder.NodeBuilder> settings) {
    this.type = type;
    this.opset = opset;
    this.settings = settings;
  }

  /** An operator without settings. */
  public static OperatorHarness of(String type, long opset) {
    return of(type, opset, node -> node);
  }

  public static OperatorHarness of(
      String type, long opset, UnaryOperator<GraphBuilder.NodeBuilder> settings) {
    return new OperatorHarness(type, opset, settings);
  }

  /** The next input. */
  public OperatorHarness input(Tensor tensor) {
    inputs.put("x" + inputs.size(), tensor);
    return this;
  }

  /** The next input: Gaussian numbers that depend on the input's place alone. */
  public OperatorHarness drawn(long... shape) {
    try (Draws draws = new Draws(100 + inputs.size())) {
      return input(draws.normal(DType.DOUBLE, 0, 1, shape));
    }
  }

  /** The next input is left out. */
  public OperatorHarness absent() {
    inputs.put("absent" + inputs.size(), Tensors.zeros(0));
    return this;
  }

  public Tensor given(int input) {
    return List.copyOf(inputs.values()).get(input);
  }

  /** The first outputs. */
  public List<Tensor> outputs(int count) {
    return outputs(count, inputs);
  }

  public Tensor output() {
    return outputs(1).get(0);
  }

  private List<Tensor> outputs(int count, Map<String, Tensor> given) {
    OnnxModel model = model(given, Collections.nCopies(count, Tensors.scalar(0.0)));
    try (Interpreter interpreter = Interpreter.inDouble(model)) {
      Map<String, Value> results = interpreter.run(values(given), names(count));
      return names(count).stream()
          .map(name -> ((Value.Numbers) requireNonNull(results.get(name))).tensor())
          .toList();
    }
  }

  /** ONNX Runtime, in single precision, answers the same. */
  public void checkAgainstOnnxRuntime(int count) {
    List<Tensor> ours = outputs(count);
    Map<String, double[]> theirs = new Ort(model(inputs, ours)).score(values(inputs));
    for (int i = 0; i < count; i++) {
      assertThat(ours.get(i).toDoubles())
          .as("output %d of %s", i, type)
          .usingComparatorWithPrecision(SINGLE)
          .containsExactly(requireNonNull(theirs.get("y" + i)));
    }
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "y" + i).toList();
  }

  private static Map<String, Value> values(Map<String, Tensor> given) {
    Map<String, Value> values = new LinkedHashMap<>();
    given.forEach(
        (name, x) -> {
          if (!name.startsWith("absent")) {
            values.put(name, Value.of(x));
          }
        });
    return values;
  }

  private OnnxModel model(Map<String, Tensor> given, List<Tensor> outputs) {
    GraphBuilder graph = new GraphBuilder(type).opset(opset);
    List<String> names = new ArrayList<>();
    given.forEach(
        (name, x) -> {
          boolean absent = name.startsWith("absent");
          names.add(absent ? "" : name);
          if (!absent) {
            graph.input(name, element(x.dtype()), dimensions(name, x.rank()));
          }
        });
    List<String> answers = names(outputs.size());
    settings
        .apply(graph.node(type, names.toArray(String[]::new)))
        .to(answers.toArray(String[]::new));
    for (int i = 0; i < answers.size(); i++) {
      Tensor y = outputs.get(i);
      graph.output(answers.get(i), element(y.dtype()), dimensions(answers.get(i), y.rank()));
    }
    return graph.build();
  }

  private static ElementType element(DType type) {
    return switch (type) {
      case DOUBLE -> ElementType.FLOAT;
      case LONG -> ElementType.INT64;
      case INT -> ElementType.INT32;
      case BOOL -> ElementType.BOOL;
      case UBYTE -> ElementType.UINT8;
      default -> throw new IllegalArgumentException("no input of type " + type);
    };
  }

  private static Object[] dimensions(String value, int rank) {
    Object[] dimensions = new Object[rank];
    for (int i = 0; i < rank; i++) {
      dimensions[i] = value + "_" + i;
    }
    return dimensions;
  }

  // ---- gradients

  /** Gradients with respect to every input of real numbers, of the first output. */
  public void checkGradients() {
    checkGradients(1);
  }

  /** The same of the first so many outputs together. */
  public void checkGradients(int outputs) {
    Map<String, Tensor> at = new LinkedHashMap<>(inputs);
    at.replaceAll((name, x) -> x.dtype() == DType.DOUBLE ? x.detach().copy().requireGrad() : x);
    List<Tensor> variables = at.values().stream().filter(Tensor::requiresGrad).toList();
    List<Tensor> first = Autograd.gradients(cost(outputs, at), variables, true);
    compare("gradient", first, at, moved -> cost(outputs, moved));
    Tensor twice = slopes(first);
    if (twice.requiresGrad()) {
      List<Tensor> second = Autograd.gradients(twice, variables, false);
      compare("second gradient", second, at, moved -> slopes(gradients(outputs, moved)));
    }
  }

  private List<Tensor> gradients(int outputs, Map<String, Tensor> at) {
    List<Tensor> variables = at.values().stream().filter(Tensor::requiresGrad).toList();
    return Autograd.gradients(cost(outputs, at), variables, true);
  }

  /** A weighted sum of squares, so that operators without a second derivative show none. */
  private Tensor cost(int outputs, Map<String, Tensor> at) {
    Tensor sum = Tensors.scalar(0.0);
    try (Draws draws = new Draws(7)) {
      for (Tensor y : outputs(outputs, at)) {
        Tensor weights = draws.normal(DType.DOUBLE, 0, 1, y.shape());
        sum = sum.add(y.mul(y.add(1)).mul(weights).sum());
      }
    }
    return sum;
  }

  private static Tensor slopes(List<Tensor> gradients) {
    Tensor sum = Tensors.scalar(0.0);
    try (Draws draws = new Draws(8)) {
      for (Tensor gradient : gradients) {
        sum = sum.add(gradient.mul(draws.normal(DType.DOUBLE, 0, 1, gradient.shape())).sum());
      }
    }
    return sum;
  }

  /** One random direction in each input at a time. */
  private void compare(
      String what,
      List<Tensor> gradients,
      Map<String, Tensor> at,
      Function<Map<String, Tensor>, Tensor> function) {
    int i = 0;
    for (String name : List.copyOf(at.keySet())) {
      Tensor x = requireNonNull(at.get(name));
      if (!x.requiresGrad()) {
        continue;
      }
      Tensor gradient = gradients.get(i++);
      TensorScope.run(
          () -> {
            try (Draws draws = new Draws(9)) {
              Tensor direction = draws.normal(DType.DOUBLE, 0, 1, x.shape());
              double exact = gradient.mul(direction).sum().item();
              double ahead = function.apply(moved(at, name, direction, STEP)).item();
              double behind = function.apply(moved(at, name, direction, -STEP)).item();
              double difference = (ahead - behind) / (2 * STEP);
              assertThat(exact)
                  .as("%s of %s along input %s", what, type, name)
                  .isCloseTo(difference, within(CLOSE * Math.max(1, Math.abs(difference))));
            }
          });
    }
  }

  private static Map<String, Tensor> moved(
      Map<String, Tensor> at, String name, Tensor direction, double step) {
    Map<String, Tensor> moved = new LinkedHashMap<>(at);
    Tensor x = requireNonNull(at.get(name)).detach().add(direction.mul(step));
    moved.put(name, x.requireGrad());
    return moved;
  }
}
