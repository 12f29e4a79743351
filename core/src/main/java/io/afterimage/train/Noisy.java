package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers under Gaussian noise, drawn anew for each mini-batch of each epoch; what is to be
 * answered stays clean (Vincent, Larochelle, Bengio, Manzagol, ICML 2008).
 */
final class Noisy implements Examples {
  private final Examples source;
  private final double deviation;
  private final Run run;
  private final int epoch;

  Noisy(Examples source, double deviation, Run run) {
    this(source, deviation, run, 0);
  }

  private Noisy(Examples source, double deviation, Run run, int epoch) {
    this.source = source;
    this.deviation = deviation;
    this.run = run;
    this.epoch = epoch;
  }

  @Override
  public Examples inEpoch(int number) {
    return new Noisy(source.inEpoch(number), deviation, run, number);
  }

  @Override
  public Examples resident(TensorScope owner) {
    return new Noisy(source.resident(owner), deviation, run, epoch);
  }

  @Override
  public int rows() {
    return source.rows();
  }

  @Override
  public Map<String, Value> inputs(int[] rows) {
    Map<String, Value> noisy = new LinkedHashMap<>();
    long seed = run.seedFor("noise/" + epoch + "/" + Arrays.hashCode(rows));
    try (Draws draws = new Draws(seed)) {
      source
          .inputs(rows)
          .forEach(
              (name, value) ->
                  noisy.put(
                      name, value instanceof Value.Numbers n ? noisy(n.tensor(), draws) : value));
    }
    return noisy;
  }

  private Value noisy(Tensor x, Draws draws) {
    return Value.of(x.add(draws.normal(x.dtype(), 0, deviation, x.shape())));
  }

  @Override
  public Tensor targets(int[] rows) {
    return source.targets(rows);
  }

  @Override
  public String sha256() {
    return source.sha256();
  }
}
