package io.afterimage.train;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Numbers in native memory, from which a mini-batch is gathered by one operation. */
final class Resident implements Examples {
  /** Numbers beyond this are gathered on the heap, mini-batch by mini-batch. */
  private static final long MOST_BYTES = 1L << 31;

  private final Examples source;
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Tensor targets;

  private Resident(Examples source, Map<String, Value> all, Tensor targets, TensorScope owner) {
    this.source = source;
    this.targets = owner.adopt(targets);
    all.forEach((name, value) -> inputs.put(name, owner.adopt(((Value.Numbers) value).tensor())));
  }

  /**
   * The same examples, gathered once; they hold numbers alone.
   *
   * @param rowBytes of the inputs of one row
   */
  static Examples of(Examples source, long rowBytes, TensorScope owner) {
    if (rowBytes * source.rows() > MOST_BYTES) {
      return source;
    }
    int[] all = IntStream.range(0, source.rows()).toArray();
    Resident[] made = new Resident[1];
    TensorScope.run(
        () -> made[0] = new Resident(source, source.inputs(all), source.targets(all), owner));
    return made[0];
  }

  @Override
  public int rows() {
    return source.rows();
  }

  @Override
  public Map<String, Value> inputs(int[] rows) {
    Tensor chosen = indices(rows);
    Map<String, Value> values = new LinkedHashMap<>();
    inputs.forEach((name, x) -> values.put(name, Value.of(Indexing.indexSelect(x, 0, chosen))));
    return values;
  }

  @Override
  public Tensor targets(int[] rows) {
    return Indexing.indexSelect(targets, 0, indices(rows));
  }

  private static Tensor indices(int[] rows) {
    return Tensors.of(Arrays.stream(rows).asLongStream().toArray(), rows.length);
  }

  @Override
  public String sha256() {
    return source.sha256();
  }
}
