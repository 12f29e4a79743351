package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers under Gaussian noise, drawn anew for each mini-batch of each epoch; what is to be
 * answered stays clean (Vincent, Larochelle, Bengio, Manzagol, ICML 2008).
 */
record Noisy(double deviation, Run run) implements Variation {
  @Override
  public Map<String, Value> of(Map<String, Value> inputs, int[] rows, int epoch) {
    Map<String, Value> noisy = new LinkedHashMap<>();
    long seed = run.seedFor("noise/" + epoch + "/" + Arrays.hashCode(rows));
    try (Draws draws = new Draws(seed)) {
      inputs.forEach(
          (name, value) ->
              noisy.put(name, value instanceof Value.Numbers n ? noisy(n.tensor(), draws) : value));
    }
    return noisy;
  }

  @Override
  public String description() {
    return "noise of deviation %s by seed %d".formatted(deviation, run.seed());
  }

  private Value noisy(Tensor x, Draws draws) {
    return Value.of(x.add(draws.normal(x.dtype(), 0, deviation, x.shape())));
  }
}
