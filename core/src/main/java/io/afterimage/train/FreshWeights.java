package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A model's graph with weights that know nothing, each drawn by its name as its operator's usually
 * are:
 *
 * <ul>
 *   <li>weights of matrices and convolutions uniform with the variance of Glorot &amp; Bengio 2010,
 *       2 / (inputs + outputs), which does not ask which of a matrix's sides is the input;
 *   <li>weights of recurrent units uniform up to 1 / sqrt(units);
 *   <li>embeddings Gaussian, so long that a vector's expected squared length is 1;
 *   <li>biases, intercepts and the coefficients of linear models 0, scales 1, slopes 1/4.
 * </ul>
 */
public final class FreshWeights {
  private static final Set<String> RECURRENT = Set.of("RNN", "LSTM", "GRU");
  private static final Set<String> CONVOLUTIONS =
      Set.of("Conv", "ConvTranspose", "com.microsoft.FusedConv");
  private static final float SLOPE = 0.25f;

  private FreshWeights() {}

  /**
   * The same graph with every trainable parameter drawn anew. What is frozen stays, and so does
   * what the user chose to train though it stands in no parameter's place: nobody can say how it is
   * usually drawn.
   */
  public static OnnxModel of(OnnxModel model, Run run) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      if (parameter.trainable() && !parameter.role().equals("read")) {
        values.put(parameter.name(), drawn(parameter, run));
      }
    }
    return model.withParameters(values);
  }

  private static float[] drawn(Parameter parameter, Run run) {
    float[] values = new float[Math.toIntExact(parameter.count())];
    RandomGenerator random = run.random("weights/" + parameter.name());
    switch (parameter.role()) {
      case "scale" -> Arrays.fill(values, 1);
      case "slope" -> Arrays.fill(values, SLOPE);
      case "embedding" ->
          gaussian(values, 1 / Math.sqrt((double) vector(parameter.shape())), random);
      case "weight" -> weights(parameter, values, random);
      default -> Arrays.fill(values, 0); // biases and the coefficients of linear models
    }
    return values;
  }

  private static void weights(Parameter parameter, float[] values, RandomGenerator random) {
    long[] shape = parameter.shape();
    if (shape.length >= 2) {
      uniform(
          values,
          RECURRENT.contains(parameter.operator())
              ? 1 / Math.sqrt((double) units(parameter))
              : Math.sqrt(6.0 / fans(parameter)),
          random);
    }
  }

  private static void uniform(float[] values, double bound, RandomGenerator random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
  }

  private static void gaussian(float[] values, double deviation, RandomGenerator random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
  }

  /** Numbers of one embedded vector; a table of one axis holds one each. */
  private static long vector(long[] table) {
    return Math.max(1, Arrays.stream(table).skip(1).reduce(1, Math::multiplyExact));
  }

  /**
   * Units of a recurrent layer, whose gates lie one after the other: [directions, gates x units,
   * …].
   */
  private static long units(Parameter parameter) {
    long gates =
        switch (parameter.operator()) {
          case "LSTM" -> 4;
          case "GRU" -> 3;
          default -> 1;
        };
    return Math.max(1, parameter.shape()[1] / gates);
  }

  /**
   * Inputs and outputs of a unit: of a convolution the two first sides, times its window; of
   * matrices, several of which may lie behind each other, the two last sides.
   */
  private static long fans(Parameter parameter) {
    long[] shape = parameter.shape();
    if (CONVOLUTIONS.contains(parameter.operator())) {
      return (shape[0] + shape[1]) * Arrays.stream(shape).skip(2).reduce(1, Math::multiplyExact);
    }
    return shape[shape.length - 1] + shape[shape.length - 2];
  }
}
