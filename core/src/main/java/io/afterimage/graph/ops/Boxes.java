package io.afterimage.graph.ops;

import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** NonMaxSuppression: of boxes that overlap, the one with the highest score. */
final class Boxes {
  private Boxes() {}

  static void register() {
    Operators.flat("NonMaxSuppression", "its output is an index", Boxes::suppress);
  }

  /** A rectangle with sides along the axes. */
  private record Box(double top, double left, double bottom, double right) {
    static Box ofCorners(double y1, double x1, double y2, double x2) {
      return new Box(Math.min(y1, y2), Math.min(x1, x2), Math.max(y1, y2), Math.max(x1, x2));
    }

    static Box ofCentre(double x, double y, double width, double height) {
      return ofCorners(y - height / 2, x - width / 2, y + height / 2, x + width / 2);
    }

    private double area() {
      return (bottom - top) * (right - left);
    }

    /** Intersection over union. */
    double overlap(Box other) {
      double height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
      double width = Math.min(right, other.right) - Math.max(left, other.left);
      if (height <= 0 || width <= 0) {
        return 0;
      }
      double both = height * width;
      return both / (area() + other.area() - both);
    }
  }

  /** Boxes [n, boxes, 4] and scores [n, classes, boxes] to rows of example, class, box. */
  private static Tensor suppress(Call c) {
    long[] shape = c.x(1).shape();
    if (shape.length != 3 || !Arrays.equals(c.x(0).shape(), new long[] {shape[0], shape[2], 4})) {
      throw c.error("has boxes %s and scores %s".formatted(c.x(0), c.x(1)));
    }
    long most = c.has(2) ? c.longs(2)[0] : 0;
    double overlap = c.optional(3).map(Tensor::item).orElse(0.0);
    double lowest = c.optional(4).map(Tensor::item).orElse(Double.NEGATIVE_INFINITY);
    int count = (int) shape[2];
    double[] scores = c.x(1).toDoubles();
    List<Box> boxes = boxes(c);
    List<Long> selected = new ArrayList<>();
    for (int row = 0; row < shape[0] * shape[1]; row++) {
      int example = (int) (row / shape[1]);
      List<Box> own = boxes.subList(example * count, (example + 1) * count);
      double[] ownScores = Arrays.copyOfRange(scores, row * count, (row + 1) * count);
      for (int box : best(own, ownScores, most, overlap, lowest)) {
        selected.addAll(List.of((long) example, row % shape[1], (long) box));
      }
    }
    long[] flat = selected.stream().mapToLong(Long::longValue).toArray();
    return Tensors.of(flat, flat.length / 3, 3);
  }

  private static List<Box> boxes(Call c) {
    boolean centres = c.attributes().flag("center_point_box", false);
    double[] v = c.x(0).toDoubles();
    return IntStream.range(0, v.length / 4)
        .map(i -> 4 * i)
        .mapToObj(
            i ->
                centres
                    ? Box.ofCentre(v[i], v[i + 1], v[i + 2], v[i + 3])
                    : Box.ofCorners(v[i], v[i + 1], v[i + 2], v[i + 3]))
        .toList();
  }

  private static List<Integer> best(
      List<Box> boxes, double[] scores, long most, double overlap, double lowest) {
    List<Integer> order =
        IntStream.range(0, scores.length)
            .filter(i -> scores[i] > lowest)
            .boxed()
            .sorted((i, j) -> Double.compare(scores[j], scores[i]))
            .toList();
    List<Integer> kept = new ArrayList<>();
    for (int i : order) {
      if (kept.size() >= most) {
        break;
      }
      if (kept.stream().allMatch(k -> boxes.get(i).overlap(boxes.get(k)) <= overlap)) {
        kept.add(i);
      }
    }
    return kept;
  }
}
