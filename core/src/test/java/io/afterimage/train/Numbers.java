package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Parameter;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Map;
import java.util.TreeMap;

/** What a model holds and what it answers, as plain numbers. */
final class Numbers {
  private Numbers() {}

  /** The trainable parameters by name. */
  static Map<String, float[]> parameters(OnnxModel model) {
    Map<String, float[]> values = new TreeMap<>();
    try (Interpreter interpreter = Interpreter.of(model)) {
      interpreter.parameters().forEach((name, tensor) -> values.put(name, tensor.toFloats()));
    }
    assertThat(values.keySet())
        .containsExactlyInAnyOrderElementsOf(
            model.parameters().stream().filter(Parameter::trainable).map(Parameter::name).toList());
    return values;
  }

  /** An output for rows of this shape. */
  static double[] answers(OnnxModel model, float[] x, Shape row, String output) {
    long[] extents = ArrayExamples.extents(row, x.length / row.size());
    double[][] answers = new double[1][];
    try (Interpreter interpreter = Interpreter.of(model)) {
      TensorScope.run(
          () -> answers[0] = interpreter.run(Tensors.of(x, extents), output).toDoubles());
    }
    return answers[0];
  }
}
