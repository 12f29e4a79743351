package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A model's graph with weights that know nothing. Weights are uniform with the variance of Glorot
 * &amp; Bengio 2010, which does not ask which of a matrix's sides is the input; biases, intercepts
 * and the coefficients of linear models are 0, scales 1. Each is drawn by its name.
 */
public final class FreshWeights {
  private FreshWeights() {}

  /** The same graph with every trainable parameter drawn anew; what is frozen stays. */
  public static OnnxModel of(OnnxModel model, Run run) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      if (parameter.trainable()) {
        values.put(parameter.name(), drawn(parameter, run));
      }
    }
    return model.withParameters(values);
  }

  private static float[] drawn(Parameter parameter, Run run) {
    float[] values = new float[Math.toIntExact(parameter.count())];
    if (parameter.shape().length < 2) {
      Arrays.fill(values, parameter.position().startsWith("scale ") ? 1 : 0);
      return values;
    }
    RandomGenerator random = run.random("weights/" + parameter.name());
    double bound = Math.sqrt(6.0 / fans(parameter.shape()));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return values;
  }

  /** Inputs and outputs of a unit: the two sides of a matrix, times a convolution's window. */
  private static long fans(long[] shape) {
    return (shape[0] + shape[1]) * Arrays.stream(shape).skip(2).reduce(1, Math::multiplyExact);
  }
}
