package io.afterimage.graph.ops;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Along which axis each input or output of a Scan is cut or joined, and from which end. */
final class Axes {
  private final Call call;
  private final long[] axes;
  private final long[] directions;

  /**
   * From the attributes {@code KIND_axes} and {@code KIND_directions}; without them the first axis,
   * forwards, as in a Loop.
   */
  Axes(Call call, String kind, int count) {
    this.call = call;
    this.axes = attribute(kind + "_axes", count);
    this.directions = attribute(kind + "_directions", count);
  }

  private long[] attribute(String name, int count) {
    long[] values = call.attributes().integers(name).orElse(new long[count]);
    if (values.length != count) {
      throw call.error("has %d %s, not %d".formatted(values.length, name, count));
    }
    return values;
  }

  long length(int which, Tensor x) {
    return x.size(axis(which, x.rank()));
  }

  Tensor slice(int which, Tensor x, long step) {
    int axis = axis(which, x.rank());
    return x.select(axis, backwards(which) ? x.size(axis) - 1 - step : step);
  }

  /** Joins equal shapes along a new axis. */
  Tensor joined(int which, List<Tensor> slices) {
    List<Tensor> ordered = new ArrayList<>(slices);
    if (backwards(which)) {
      Collections.reverse(ordered);
    }
    return Indexing.stack(ordered, axis(which, slices.get(0).rank() + 1));
  }

  int axis(int which, int rank) {
    if (rank == 0) {
      throw call.error("scans a single number");
    }
    return call.axis(axes[which], rank);
  }

  private boolean backwards(int which) {
    return directions[which] != 0;
  }
}
