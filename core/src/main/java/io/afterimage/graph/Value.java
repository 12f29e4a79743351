package io.afterimage.graph;

import io.afterimage.tensor.Tensor;
import java.util.List;

/** What flows along an edge of a graph. */
public sealed interface Value {
  /** Its extents. */
  long[] shape();

  /** Numbers. */
  record Numbers(Tensor tensor) implements Value {
    @Override
    public long[] shape() {
      return tensor.shape();
    }
  }

  /** Texts, in C order. */
  record Strings(List<String> values, long[] shape) implements Value {
    public Strings {
      values = List.copyOf(values);
    }
  }

  /** Numbers as a value. */
  static Value of(Tensor tensor) {
    return new Numbers(tensor);
  }
}
