package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;

/** Turns sequences of different lengths around. */
final class Reversal {
  private Reversal() {}

  static void register() {
    Operators.one("ReverseSequence", Reversal::reverse);
  }

  private static Tensor reverse(Call c) {
    Tensor x = c.x(0);
    int time = c.axis(c.attributes().integer("time_axis", 0), x.rank());
    int batch = c.axis(c.attributes().integer("batch_axis", 1), x.rank());
    if (time == batch || time > 1 || batch > 1) {
      throw c.error("has a time_axis and a batch_axis other than 0 and 1");
    }
    Tensor places = places(c, x.size(time), c.x(1).to(DType.LONG));
    Tensor first = time == 0 ? x : x.transpose(0, 1);
    while (places.rank() < x.rank()) {
      places = places.unsqueeze(-1);
    }
    Tensor turned = Indexing.gather(first, 0, places.expand(first.shape()));
    return time == 0 ? turned : turned.transpose(0, 1);
  }

  /**
   * For each step and example, [steps, batch], the step that stands there once the first {@code
   * length} are turned around.
   */
  static Tensor places(Call c, long steps, Tensor lengths) {
    if (lengths.lt(0).sum().item() > 0 || lengths.gt((double) steps).sum().item() > 0) {
      throw c.error("has a length that is negative or beyond its %d steps".formatted(steps));
    }
    Tensor step = Tensors.arange(steps).unsqueeze(1);
    Tensor mirrored = lengths.unsqueeze(0).sub(step).sub(Tensors.scalar(1L));
    return mirrored.where(step.lt(lengths.unsqueeze(0)), step);
  }
}
