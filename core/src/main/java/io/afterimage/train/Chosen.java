package io.afterimage.train;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Arrays;
import java.util.Map;

/**
 * Some of the examples, in an order of their own.
 *
 * @param numbers of the chosen ones in the source
 */
record Chosen(Examples source, int[] numbers) implements Examples {
  @Override
  public int rows() {
    return numbers.length;
  }

  @Override
  public Map<String, Value> inputs(int[] rows) {
    return source.inputs(inSource(rows));
  }

  @Override
  public Tensor targets(int[] rows) {
    return source.targets(inSource(rows));
  }

  private int[] inSource(int[] rows) {
    return Arrays.stream(rows).map(row -> numbers[row]).toArray();
  }

  @Override
  public Examples inEpoch(int epoch) {
    return new Chosen(source.inEpoch(epoch), numbers);
  }

  @Override
  public Examples resident(TensorScope owner) {
    return new Chosen(source.resident(owner), numbers);
  }

  @Override
  public String sha256() {
    return sha256(source.sha256(), numbers);
  }

  /** The same of a source that was hashed before. */
  static String sha256(String source, int[] numbers) {
    Sha256 sha256 = new Sha256();
    sha256.add(source);
    Arrays.stream(numbers).forEach(sha256::add);
    return sha256.hex();
  }
}
