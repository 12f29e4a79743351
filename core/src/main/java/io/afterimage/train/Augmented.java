package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Layout;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Pictures, each moved and mirrored as its record's id and the epoch draw.
 *
 * @param layout where the channels stand
 * @param ids of the records, by row
 */
record Augmented(Augmentation how, Layout layout, IntFunction<String> ids, Run run)
    implements Variation {
  @Override
  public Map<String, Value> of(Map<String, Value> inputs, int[] rows, int epoch) {
    Map<String, Value> varied = new LinkedHashMap<>();
    inputs.forEach(
        (name, value) -> {
          check(
              value instanceof Value.Numbers numbers && numbers.tensor().rank() == 4,
              "--shift and --flip are for pictures, which input %s does not take",
              name);
          varied.put(name, Value.of(varied(((Value.Numbers) value).tensor(), rows, epoch)));
        });
    return varied;
  }

  @Override
  public String description() {
    return how + " by seed " + run.seed();
  }

  private Tensor varied(Tensor x, int[] rows, int epoch) {
    int vertical = layout == Layout.NCHW ? 2 : 1;
    int height = (int) x.size(vertical);
    int width = (int) x.size(vertical + 1);
    long[] down = new long[rows.length * height];
    long[] right = new long[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      long draw = run.seedFor("varied/" + ids.apply(rows[i]) + "/" + epoch);
      places(down, i, height, Math.floorMod(draw, places()), false);
      boolean mirrored = how.flip() && (draw >>> 63) == 1;
      places(right, i, width, Math.floorMod(draw >> 24, places()), mirrored);
    }
    Tensor moved = chosen(padded(x), vertical, down, height);
    return chosen(moved, vertical + 1, right, width);
  }

  private int places() {
    return 2 * how.shift() + 1;
  }

  /** Where each line of a picture comes from in the padded one. */
  private static void places(long[] into, int picture, int count, int offset, boolean mirrored) {
    for (int i = 0; i < count; i++) {
      into[picture * count + i] = (long) offset + (mirrored ? count - 1 - i : i);
    }
  }

  private Tensor padded(Tensor x) {
    int by = how.shift();
    if (by == 0) {
      return x;
    }
    return layout == Layout.NCHW
        ? Indexing.pad(x, 0, by, by, by, by)
        : Indexing.pad(x, 0, 0, 0, by, by, by, by);
  }

  private static Tensor chosen(Tensor x, int axis, long[] lines, int count) {
    long[] each = {x.size(0), 1, 1, 1};
    each[axis] = count;
    long[] all = x.shape();
    all[axis] = count;
    return Indexing.gather(x, axis, Tensors.of(lines, each).expand(all));
  }
}
