package io.afterimage.graph.ops;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Resize and Upsample: each axis by itself, every place of the result a weighted sum of places of
 * the input.
 */
final class Resize {
  private Resize() {}

  static void register() {
    Operators.one("Resize", c -> c.opset() < 11 ? resize(c, legacy(c)) : resize(c, plan(c)));
    Operators.one("Upsample", c -> resize(c, legacy(c)));
  }

  /**
   * What to do.
   *
   * @param axes resized
   * @param scales one an axis
   * @param sizes one an axis
   * @param transform from places of the result to places of the input
   * @param nearest how a place between two is rounded
   */
  private record Plan(
      long[] axes, double[] scales, long[] sizes, String transform, String nearest) {}

  /** Before version 11: all axes, places counted from the first. */
  private static Plan legacy(Call c) {
    int rank = c.x(0).rank();
    double[] scales =
        c.has(1)
            ? c.x(1).toDoubles()
            : c.attributes().numbers("scales").map(Resize::widened).orElseGet(() -> oldest(c));
    return new Plan(allAxes(rank), scales, scaled(c, allAxes(rank), scales), "asymmetric", "floor");
  }

  /** In version 1 only height and width. */
  private static double[] oldest(Call c) {
    return new double[] {
      1, 1, c.attributes().number("height_scale", 1), c.attributes().number("width_scale", 1)
    };
  }

  private static Plan plan(Call c) {
    int rank = c.x(0).rank();
    long[] axes = c.attributes().integers("axes").map(a -> c.axes(a, rank)).orElse(allAxes(rank));
    String transform = c.attributes().text("coordinate_transformation_mode", "half_pixel");
    String nearest = c.attributes().text("nearest_mode", "round_prefer_floor");
    if (c.has(3) && c.x(3).count() > 0) {
      long[] sizes = c.longs(3);
      double[] scales = new double[Math.min(sizes.length, axes.length)];
      for (int i = 0; i < scales.length; i++) {
        scales[i] = (double) sizes[i] / c.x(0).size((int) axes[i]);
      }
      return proportional(c, new Plan(axes, scales, sizes, transform, nearest));
    }
    double[] scales =
        c.optional(2).orElseThrow(() -> c.error("is given neither scales nor sizes")).toDoubles();
    return new Plan(axes, scales, scaled(c, axes, scales), transform, nearest);
  }

  /** One scale for all axes, where the sizes given only bound the result. */
  private static Plan proportional(Call c, Plan plan) {
    String policy = c.attributes().text("keep_aspect_ratio_policy", "stretch");
    if (policy.equals("stretch")) {
      return plan;
    }
    var all = Arrays.stream(plan.scales);
    double scale =
        (policy.equals("not_larger") ? all.min() : all.max())
            .orElseThrow(() -> c.error("is given no sizes"));
    double[] scales = new double[plan.axes.length];
    long[] sizes = new long[plan.axes.length];
    for (int i = 0; i < sizes.length; i++) {
      scales[i] = scale;
      sizes[i] = (long) Math.floor(scale * c.x(0).size((int) plan.axes[i]) + 0.5);
    }
    return new Plan(plan.axes, scales, sizes, plan.transform, plan.nearest);
  }

  private static long[] allAxes(int rank) {
    return LongStream.range(0, rank).toArray();
  }

  private static double[] widened(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  private static long[] scaled(Call c, long[] axes, double[] scales) {
    long[] sizes = new long[Math.min(axes.length, scales.length)];
    Arrays.setAll(sizes, i -> (long) Math.floor(c.x(0).size((int) axes[i]) * scales[i]));
    return sizes;
  }

  private static Tensor resize(Call c, Plan plan) {
    Tensor x = c.x(0);
    int axes = plan.axes.length;
    if (plan.scales.length != axes || plan.sizes.length != axes) {
      throw c.error("is given %d scales for %d axes".formatted(plan.scales.length, axes));
    }
    check(c, plan);
    // Whole numbers are weighted as real ones.
    Tensor result = x.dtype().isFloating() ? x : x.to(c.real());
    for (int i = 0; i < axes; i++) {
      result = along(c, result, plan, i);
    }
    return result.to(x.dtype());
  }

  private static void check(Call c, Plan plan) {
    long[] shape = c.x(0).shape();
    for (int i = 0; i < plan.axes.length; i++) {
      if (!(plan.scales[i] > 0)) {
        throw c.error("has scale " + plan.scales[i]);
      }
      shape[(int) plan.axes[i]] = plan.sizes[i];
    }
    c.sized(shape);
  }

  /** One axis. */
  private static Tensor along(Call c, Tensor x, Plan plan, int i) {
    int axis = (int) plan.axes[i];
    boolean cropped = plan.transform.equals("tf_crop_and_resize");
    if (plan.sizes[i] == 0) {
      return x.narrow(axis, 0, 0);
    }
    if (plan.scales[i] == 1 && plan.sizes[i] == x.size(axis) && !cropped) {
      return x;
    }
    double[] places = places(c, x.size(axis), plan, i);
    String mode = c.attributes().text("mode", "nearest").toLowerCase(Locale.ROOT);
    Tensor result =
        switch (mode) {
          case "nearest" -> nearest(c, x, axis, plan.nearest, places);
          case "linear", "bilinear" -> weighted(c, x, plan, i, places, Taps.Kernel.LINEAR);
          case "cubic" -> {
            double a = c.attributes().number("cubic_coeff_a", -0.75);
            yield weighted(c, x, plan, i, places, Taps.Kernel.cubic(a));
          }
          default -> throw c.error("has mode " + mode + ", which is not of the standard");
        };
    return cropped ? extrapolated(c, result, places, x.size(axis), axis) : result;
  }

  private static Tensor nearest(Call c, Tensor x, int axis, String rounding, double[] places) {
    long[] indices = new long[places.length];
    for (int i = 0; i < indices.length; i++) {
      double place =
          switch (rounding) {
            case "round_prefer_floor" -> Math.ceil(places[i] - 0.5);
            case "round_prefer_ceil" -> Math.floor(places[i] + 0.5);
            case "floor" -> Math.floor(places[i]);
            case "ceil" -> Math.ceil(places[i]);
            default -> throw c.error("rounds in a way that is not of the standard: " + rounding);
          };
      indices[i] = (long) Math.max(0, Math.min(x.size(axis) - 1.0, place));
    }
    return Indexing.indexSelect(x, axis, Tensors.of(indices, indices.length));
  }

  private static Tensor weighted(
      Call c, Tensor x, Plan plan, int i, double[] places, Taps.Kernel kernel) {
    boolean smooth = c.attributes().flag("antialias", false);
    double scale = smooth ? Math.min(1, plan.scales[i]) : 1;
    boolean inside = c.attributes().flag("exclude_outside", false);
    int axis = (int) plan.axes[i];
    Taps taps = Taps.of(places, x.size(axis), kernel, scale, inside);
    c.sized(x.count() / x.size(axis), taps.indices().length);
    return taps.apply(x, axis);
  }

  /** The input's place for each place of the result. */
  private static double[] places(Call c, long size, Plan plan, int i) {
    double scale = plan.scales[i];
    double length = scale * size;
    double[] places = new double[Math.toIntExact(plan.sizes[i])];
    for (int x = 0; x < places.length; x++) {
      places[x] =
          switch (plan.transform) {
            case "half_pixel" -> (x + 0.5) / scale - 0.5;
            case "half_pixel_symmetric" ->
                size / 2.0 * (1 - places.length / length) + (x + 0.5) / scale - 0.5;
            case "pytorch_half_pixel" -> length == 1 ? -0.5 : (x + 0.5) / scale - 0.5;
            case "tf_half_pixel_for_nn" -> (x + 0.5) / scale;
            case "asymmetric" -> x / scale;
            case "align_corners" -> length == 1 ? 0 : x * (size - 1) / (length - 1);
            case "tf_crop_and_resize" -> cropped(c, plan, i, x, size, length);
            default -> throw c.error("maps places in a way that is not of the standard");
          };
    }
    return places;
  }

  private static double cropped(Call c, Plan plan, int i, int x, long size, double length) {
    double[] region =
        c.optional(1).map(Tensor::toDoubles).orElseThrow(() -> c.error("is given no region"));
    if (region.length != 2 * plan.axes.length) {
      throw c.error("has a region of %d numbers".formatted(region.length));
    }
    double start = region[i];
    double extent = region[plan.axes.length + i] - start;
    double within = length == 1 ? extent / 2 : x * extent / (length - 1);
    return (start + within) * (size - 1);
  }

  private static Tensor extrapolated(Call c, Tensor x, double[] places, long size, int axis) {
    boolean[] outside = new boolean[places.length];
    for (int i = 0; i < outside.length; i++) {
      outside[i] = places[i] < 0 || places[i] > size - 1;
    }
    long[] shape = new long[x.rank()];
    Arrays.fill(shape, 1);
    shape[axis] = outside.length;
    Tensor mask = Tensors.of(outside, shape);
    double value = c.attributes().number("extrapolation_value", 0);
    return Indexing.maskedFill(x, mask, value);
  }
}
