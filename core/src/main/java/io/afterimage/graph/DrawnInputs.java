package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.base.Run;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Inputs for a graph of which no data are known. */
final class DrawnInputs {
  private static final long MOST_TEXTS = 1 << 20;

  private DrawnInputs() {}

  /** See {@link Verify#drawnInputs}. */
  static Map<String, Value> of(OnnxModel model, int rows, Run run) {
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (ValueInfo input : model.inputs()) {
      long[] shape = shape(model, input, rows);
      if (input.element().filter(type -> type == ElementType.STRING).isPresent()) {
        inputs.put(input.name(), texts(model, input.name(), shape, run));
        continue;
      }
      DType type =
          input.element().flatMap(ElementType::dtype).orElseThrow(() -> cannotDraw(model, input));
      try (Draws draws = new Draws(run.seedFor("input " + input.name()))) {
        Tensor drawn = type.isFloating() ? draws.normal(shape) : draws.bernoulli(0.5, shape);
        inputs.put(input.name(), Value.of(drawn.to(type)));
      }
    }
    return inputs;
  }

  private static Value texts(OnnxModel model, String input, long[] shape, Run run) {
    Categories categories = Categories.of(model, input);
    RandomGenerator random = run.random("input " + input);
    long count = Arrays.stream(shape).reduce(1, Checker::saturated);
    Checks.check(count <= MOST_TEXTS, "input %s takes %d texts; give some", input, count);
    return new Value.Strings(
        Stream.generate(() -> categories.drawn(random)).limit(count).toList(), shape);
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
