package io.afterimage.train;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Map;

/**
 * Examples that are shown in another way in each epoch.
 *
 * @param source the examples as they are
 */
record Varied(Examples source, Variation variation, int epoch) implements Examples {
  @Override
  public Examples inEpoch(int number) {
    return new Varied(source.inEpoch(number), variation, number);
  }

  @Override
  public Examples resident(TensorScope owner) {
    return new Varied(source.resident(owner), variation, epoch);
  }

  @Override
  public int rows() {
    return source.rows();
  }

  @Override
  public Map<String, Value> inputs(int[] rows) {
    return variation.of(source.inputs(rows), rows, epoch);
  }

  @Override
  public Tensor targets(int[] rows) {
    return source.targets(rows);
  }

  @Override
  public String sha256() {
    Sha256 sha256 = new Sha256();
    sha256.add(source.sha256());
    sha256.add(variation.description());
    return sha256.hex();
  }
}
