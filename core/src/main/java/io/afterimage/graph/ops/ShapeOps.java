package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Operators that rearrange, cut and join without computing. */
final class ShapeOps {
  private ShapeOps() {}

  static void register() {
    Operators.many("Identity", c -> List.of(c.value(0)));
    Operators.many("Reshape", ShapeOps::reshape);
    Operators.one("Flatten", ShapeOps::flatten);
    Operators.one("Transpose", ShapeOps::transpose);
    Operators.one("Squeeze", ShapeOps::squeeze);
    Operators.one("Unsqueeze", ShapeOps::unsqueeze);
    Operators.many("Concat", ShapeOps::concat);
    Operators.many("Split", ShapeOps::split);
    Operators.one("Expand", ShapeOps::expand);
    Operators.one("Tile", ShapeOps::tile);
    Operators.one("Slice", ShapeOps::slice);
    Operators.one("Pad", Padding::pad);
    Operators.one("DepthToSpace", ShapeOps::depthToSpace);
    Operators.one("SpaceToDepth", ShapeOps::spaceToDepth);
  }

  private static List<Value> reshape(Call c) {
    long[] old = c.value(0).shape();
    long[] shape = c.longs(1, "shape").orElseThrow(() -> c.error("is given no shape"));
    boolean zeros = c.attributes().flag("allowzero", false);
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 0 && !zeros) {
        if (i >= old.length) {
          throw c.error("keeps dimension " + i + ", which its input does not have");
        }
        shape[i] = old[i];
      }
    }
    if (c.value(0) instanceof Value.Strings strings) {
      return List.of(Texts.reshaped(c, strings, shape));
    }
    return List.of(Value.of(c.x(0).reshape(shape)));
  }

  private static Tensor flatten(Call c) {
    Tensor x = c.x(0);
    long axis = c.attributes().integer("axis", 1);
    int cut = (int) (axis < 0 ? axis + x.rank() : axis);
    if (cut < 0 || cut > x.rank()) {
      throw c.error("has axis " + axis + ", but its input has " + x.rank() + " dimensions");
    }
    long rows = Arrays.stream(x.shape()).limit(cut).reduce(1, Math::multiplyExact);
    long columns = Arrays.stream(x.shape()).skip(cut).reduce(1, Math::multiplyExact);
    return x.reshape(rows, columns);
  }

  private static Tensor transpose(Call c) {
    int rank = c.x(0).rank();
    long[] reversed = LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    return c.x(0).permute(c.attributes().integers("perm").orElse(reversed));
  }

  private static Tensor squeeze(Call c) {
    Tensor x = c.x(0);
    long[] shape = x.shape();
    long[] ones = LongStream.range(0, shape.length).filter(i -> shape[(int) i] == 1).toArray();
    long[] axes = c.longs(1, "axes").map(a -> c.axes(a, x.rank())).orElse(ones);
    for (long axis : axes) {
      if (shape[(int) axis] != 1) {
        throw c.error("squeezes axis " + axis + " of shape " + Arrays.toString(shape));
      }
    }
    return axes.length == 0 ? x : x.squeeze(axes);
  }

  private static Tensor unsqueeze(Call c) {
    long[] axes = c.longs(1, "axes").orElseThrow(() -> c.error("is given no axes"));
    Tensor result = c.x(0);
    for (long axis : Arrays.stream(c.axes(axes, result.rank() + axes.length)).sorted().toArray()) {
      result = result.unsqueeze((int) axis);
    }
    return result;
  }

  private static List<Value> concat(Call c) {
    if (c.value(0) instanceof Value.Strings) {
      return List.of(Texts.joined(c));
    }
    List<Tensor> parts = c.all();
    int axis = c.axis(c.attributes().integer("axis", 1), parts.get(0).rank());
    long[] shape = parts.get(0).shape();
    shape[axis] = parts.stream().filter(p -> p.rank() > axis).mapToLong(p -> p.size(axis)).sum();
    c.sized(shape);
    return List.of(Value.of(Indexing.cat(parts, axis)));
  }

  /** Extents are given, or equal: the last piece is smaller where they do not fit. */
  private static List<Value> split(Call c) {
    Tensor x = c.x(0);
    int axis = c.axis(c.attributes().integer("axis", 0), x.rank());
    long size = x.size(axis);
    int pieces = c.node().outputs().size();
    long each = (size + pieces - 1) / pieces;
    long[] equal =
        LongStream.range(0, pieces)
            .map(i -> Math.max(0, Math.min(each, size - i * each)))
            .toArray();
    long[] extents = c.longs(1, "split").orElse(equal);
    if (Arrays.stream(extents).sum() != size) {
      throw c.error("splits " + size + " into " + Arrays.toString(extents));
    }
    return Indexing.split(x, axis, extents).stream().map(Value::of).toList();
  }

  private static Tensor expand(Call c) {
    Tensor x = c.x(0);
    long[] wanted = c.longs(1);
    int rank = Math.max(x.rank(), wanted.length);
    long[] shape = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long a = i <= x.rank() ? x.size(-i) : 1;
      long b = i <= wanted.length ? wanted[wanted.length - i] : 1;
      shape[rank - i] = a == 1 ? b : a;
    }
    return x.expand(c.sized(shape));
  }

  private static Tensor tile(Call c) {
    Tensor x = c.x(0);
    long[] times = c.longs(1);
    if (times.length != x.rank()) {
      throw c.error("repeats %d axes of %d".formatted(times.length, x.rank()));
    }
    long[] shape = x.shape();
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Math.multiplyExact(shape[i], times[i]);
    }
    c.sized(shape);
    return Indexing.tile(x, times);
  }

  private static Tensor slice(Call c) {
    Tensor x = c.x(0);
    long[] starts = c.longs(1, "starts").orElseThrow(() -> c.error("is given no starts"));
    long[] ends = c.longs(2, "ends").orElseThrow(() -> c.error("is given no ends"));
    long[] axes = c.longs(3, "axes").orElse(LongStream.range(0, starts.length).toArray());
    long[] steps =
        c.has(4) ? c.longs(4) : LongStream.generate(() -> 1).limit(starts.length).toArray();
    Tensor result = x;
    for (int i = 0; i < starts.length; i++) {
      int axis = c.axis(axes[i], x.rank());
      result = slice(c, result, axis, starts[i], ends[i], steps[i]);
    }
    return result;
  }

  private static Tensor slice(Call c, Tensor x, int axis, long start, long end, long step) {
    long size = x.size(axis);
    if (step > 0) {
      long from = bounded(start, size, 0, size);
      long to = Math.max(from, bounded(end, size, 0, size));
      return x.slice(axis, from, to, Math.min(step, Math.max(size, 1)));
    }
    if (step == 0) {
      throw c.error("has step 0");
    }
    // Backwards: the same elements of the flipped axis.
    long from = size - 1 - bounded(start, size, -1, size - 1);
    long to = Math.max(from, size - 1 - bounded(end, size, -1, size - 1));
    long stride = step == Long.MIN_VALUE ? size : Math.min(-step, Math.max(size, 1));
    return Indexing.flip(x, axis).slice(axis, from, to, stride);
  }

  private static long bounded(long index, long size, long low, long high) {
    return Math.max(low, Math.min(high, index < 0 ? index + size : index));
  }

  private static Tensor depthToSpace(Call c) {
    Tensor x = c.x(0);
    long b = c.attributes().integer("blocksize", 1);
    long[] s = x.shape();
    long depth = s[1] / (b * b);
    boolean columnsFirst = c.attributes().text("mode", "DCR").equals("DCR");
    Tensor split =
        columnsFirst
            ? x.reshape(s[0], b, b, depth, s[2], s[3]).permute(0, 3, 4, 1, 5, 2)
            : x.reshape(s[0], depth, b, b, s[2], s[3]).permute(0, 1, 4, 2, 5, 3);
    return split.reshape(s[0], depth, s[2] * b, s[3] * b);
  }

  private static Tensor spaceToDepth(Call c) {
    Tensor x = c.x(0);
    long b = c.attributes().integer("blocksize", 1);
    long[] s = x.shape();
    boolean columnsFirst = c.attributes().text("mode", "DCR").equals("DCR");
    Tensor split = x.reshape(s[0], s[1], s[2] / b, b, s[3] / b, b);
    Tensor turned =
        columnsFirst ? split.permute(0, 3, 5, 1, 2, 4) : split.permute(0, 1, 3, 5, 2, 4);
    return turned.reshape(s[0], s[1] * b * b, s[2] / b, s[3] / b);
  }
}
