package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/** Pools over regions of pictures: RoiAlign and MaxRoiPool. */
final class Regions {
  private Regions() {}

  static void register() {
    Operators.one("RoiAlign", Regions::align);
    Operators.one("MaxRoiPool", Regions::maxPool);
  }

  /**
   * He et al.: Mask R-CNN, 2017. Each region is cut into bins, each bin is read at a grid of points
   * between the elements. [n, channels, height, width] to [regions, channels, rows, columns].
   */
  private static Tensor align(Call c) {
    Tensor x = c.x(0);
    Tensor regions = c.x(1).to(x.dtype());
    Tensor pictures = Indexes.indices(c, c.x(2), x.size(0));
    long rows = c.attributes().integer("output_height", 1);
    long columns = c.attributes().integer("output_width", 1);
    if (x.rank() != 4 || regions.rank() != 2 || regions.size(1) != 4) {
      throw c.error("reads regions %s of %s".formatted(regions, x));
    }
    c.sized(regions.size(0), x.size(1), rows, columns);
    long[] from = pictures.toLongs();
    List<Tensor> pooled = new ArrayList<>();
    for (int r = 0; r < from.length; r++) {
      Tensor region = regions.select(0, r).mul(c.attributes().number("spatial_scale", 1));
      Bins down = Bins.of(c, region.narrow(0, 1, 1), region.narrow(0, 3, 1), rows, x.size(2));
      Bins across = Bins.of(c, region.narrow(0, 0, 1), region.narrow(0, 2, 1), columns, x.size(3));
      c.sized(x.size(1), 4, down.points(), across.points());
      pooled.add(pooled(c, x.select(0, from[r]), down, across));
    }
    return pooled.isEmpty()
        ? Tensors.zeros(x.dtype(), 0, x.size(1), rows, columns)
        : Indexing.stack(pooled, 0);
  }

  /** One region, [channels, rows, columns]. */
  private static Tensor pooled(Call c, Tensor picture, Bins down, Bins across) {
    List<Tensor> taps = new ArrayList<>();
    for (Bins.Tap v : down.taps()) {
      Tensor lines = Indexing.indexSelect(picture, 1, v.index()).mul(v.weight().unsqueeze(1));
      for (Bins.Tap h : across.taps()) {
        taps.add(Indexing.indexSelect(lines, 2, h.index()).mul(h.weight()));
      }
    }
    Tensor read =
        Indexing.stack(taps, 0)
            .reshape(4, picture.size(0), down.bins, down.each, across.bins, across.each);
    boolean empty = down.each == 0 || across.each == 0;
    return switch (c.attributes().text("mode", "avg")) {
      case "avg" -> empty ? read.sum(false, 0, 3, 5) : read.sum(false, 0).mean(false, 2, 4);
      case "max" -> empty ? read.sum(false, 0, 3, 5) : read.max(false, 0, 3, 5);
      default -> throw c.error("has a mode other than avg and max");
    };
  }

  /**
   * The points along one axis of a region.
   *
   * @param bins that the region is cut into
   * @param each how many points a bin is read at
   * @param taps what is read for a point: its two neighbours
   */
  private record Bins(long bins, long each, List<Tap> taps) {
    record Tap(Tensor index, Tensor weight) {}

    long points() {
      return bins * each;
    }

    static Bins of(Call c, Tensor from, Tensor to, long bins, long size) {
      String usual = c.opset() < 16 ? "output_half_pixel" : "half_pixel";
      boolean centred =
          c.attributes().text("coordinate_transformation_mode", usual).equals("half_pixel");
      Tensor start = centred ? from.sub(0.5) : from;
      Tensor extent = to.sub(from);
      if (!centred) {
        // Regions of no extent are as large as one element.
        extent = Maths.clamp(extent, 1, Double.POSITIVE_INFINITY);
      }
      long ratio = c.attributes().integer("sampling_ratio", 0);
      double needed = ratio > 0 ? (double) ratio : Math.ceil(extent.item() / bins);
      if (!(needed * bins <= Call.MAX_VALUE_BYTES)) {
        throw c.error("has a region that reaches from %s to %s".formatted(from.item(), to.item()));
      }
      long each = (long) Math.max(0, needed);
      double count = Math.max(1.0, (double) (bins * each));
      Tensor shares = Tensors.arange(bins * each).to(extent.dtype()).add(0.5).div(count);
      return new Bins(bins, each, taps(start.add(extent.mul(shares)), size));
    }

    /** Beyond one element outside lie zeros. */
    private static List<Tap> taps(Tensor place, long size) {
      Tensor outside = Maths.or(place.lt(-1), place.gt((double) size));
      Tensor inside = Maths.clamp(place, 0, size - 1.0);
      Tensor low = Maths.floor(inside.detach());
      Tensor high = Maths.clamp(low.add(1), 0, size - 1.0);
      Tensor t = inside.sub(low);
      return List.of(
          new Tap(low.to(DType.LONG), Indexing.maskedFill(t.neg().add(1), outside, 0)),
          new Tap(high.to(DType.LONG), Indexing.maskedFill(t, outside, 0)));
    }
  }

  /**
   * Girshick: Fast R-CNN, 2015. The greatest element of each bin; bins that hold none give 0.
   * Regions are rows of picture, x1, y1, x2, y2, both ends included.
   */
  private static Tensor maxPool(Call c) {
    Tensor x = c.x(0);
    long[] pooled =
        c.attributes().integers("pooled_shape").orElseThrow(() -> c.error("has no pooled_shape"));
    double scale = c.attributes().number("spatial_scale", 1);
    if (x.rank() != 4 || c.x(1).rank() != 2 || c.x(1).size(1) != 5 || pooled.length != 2) {
      throw c.error("pools regions %s of %s".formatted(c.x(1), x));
    }
    long count = c.x(1).size(0);
    c.sized(count, x.size(1), pooled[0], pooled[1]);
    double[] rows = c.x(1).toDoubles();
    List<Tensor> bins = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      if (!(rows[5 * r] >= 0 && rows[5 * r] < x.size(0))) {
        throw c.error("has a region of picture %s of %d".formatted(rows[5 * r], x.size(0)));
      }
      Tensor picture = x.select(0, (long) rows[5 * r]);
      long[] corners = new long[4];
      for (int i = 0; i < 4; i++) {
        corners[i] = Math.round(rows[5 * r + 1 + i] * scale);
      }
      for (long i = 0; i < pooled[0]; i++) {
        for (long j = 0; j < pooled[1]; j++) {
          Tensor lines = bin(picture, 1, corners[1], corners[3], i, pooled[0]);
          Tensor bin = bin(lines, 2, corners[0], corners[2], j, pooled[1]);
          bins.add(bin.count() == 0 ? Tensors.zeros(x.dtype(), x.size(1)) : bin.max(false, 1, 2));
        }
      }
    }
    return bins.isEmpty()
        ? Tensors.zeros(x.dtype(), 0, x.size(1), pooled[0], pooled[1])
        : Indexing.stack(bins, 0)
            .reshape(count, pooled[0], pooled[1], x.size(1))
            .permute(0, 3, 1, 2);
  }

  private static Tensor bin(Tensor x, int axis, long from, long to, long bin, long bins) {
    double each = (double) Math.max(1, to - from + 1) / bins;
    long size = x.size(axis);
    long start = Math.max(0, Math.min(size, (long) Math.floor(bin * each) + from));
    long end = Math.max(start, Math.min(size, (long) Math.ceil((bin + 1) * each) + from));
    return x.narrow(axis, start, end - start);
  }
}
