package io.afterimage.target;

import io.afterimage.base.Checks;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.ValueInfo;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One input of a graph, as rows fill it.
 *
 * @param batch how many rows the graph wants at once; -1 where any number
 * @param row the extents of one row, -1 where the file leaves one open
 */
record GraphInput(String name, ElementType type, long batch, List<Long> row) {
  private static final int MOST_CELLS = 1 << 28;
  private static final Set<ElementType> FILLABLE =
      EnumSet.of(
          ElementType.FLOAT,
          ElementType.DOUBLE,
          ElementType.FLOAT16,
          ElementType.INT8,
          ElementType.UINT8,
          ElementType.INT16,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.BOOL,
          ElementType.STRING);

  GraphInput {
    row = List.copyOf(row);
  }

  static GraphInput of(ValueInfo info, String model) {
    ElementType type =
        info.element()
            .filter(FILLABLE::contains)
            .orElseThrow(
                () ->
                    new UnsupportedModelException(
                        "%s: input %s takes %s, which no table holds"
                            .formatted(model, info.name(), info.type())));
    boolean room =
        !info.dimensions().isEmpty() && info.dimensions().stream().noneMatch(d -> d.extent() == 0);
    if (!room) {
      throw new UnsupportedModelException(
          "%s: input %s has the shape [%s], without room for rows"
              .formatted(model, info.name(), info.shape()));
    }
    List<Long> extents = info.dimensions().stream().map(ValueInfo.Dimension::extent).toList();
    double cells =
        extents.stream().skip(1).mapToDouble(e -> Math.max(1, e)).reduce(1, (a, b) -> a * b);
    Checks.check(
        cells <= MOST_CELLS,
        "%s: input %s has the shape %s: more than %d numbers a row",
        model,
        info.name(),
        info.shape(),
        MOST_CELLS);
    return new GraphInput(info.name(), type, extents.get(0), extents.subList(1, extents.size()));
  }

  boolean takesText() {
    return type == ElementType.STRING;
  }

  /** How many cells one row has; empty where the file leaves an extent open. */
  Optional<Integer> width() {
    return row.contains(-1L) ? Optional.empty() : Optional.of((int) product());
  }

  private long product() {
    return row.stream().filter(e -> e >= 0).reduce(1L, (a, b) -> a * b);
  }

  /**
   * The extents of one row when it is filled with so many cells; empty where they do not fit.
   * Several open extents can only be taken over from a picture's own.
   */
  Optional<long[]> filledBy(int cells) {
    long known = product();
    long open = row.stream().filter(e -> e < 0).count();
    boolean fits = open == 0 ? known == cells : open == 1 && known > 0 && cells % known == 0;
    return fits
        ? Optional.of(row.stream().mapToLong(e -> e < 0 ? cells / known : e).toArray())
        : Optional.empty();
  }

  /**
   * The extents of one row when it is filled with an array: one of the same extents, those of 1
   * aside, or of one axis, or where the input itself has one.
   */
  Optional<long[]> filledBy(Shape shape) {
    if (row.size() <= 1 || shape.rank() <= 1) {
      return filledBy(shape.size());
    }
    if (shape.rank() == row.size() && agrees(shape)) {
      return Optional.of(Arrays.stream(shape.extents()).asLongStream().toArray());
    }
    long[] own = row.stream().mapToLong(Long::longValue).filter(e -> e != 1).toArray();
    long[] given = Arrays.stream(shape.extents()).filter(e -> e != 1).asLongStream().toArray();
    return Arrays.equals(own, given) ? filledBy(shape.size()) : Optional.empty();
  }

  private boolean agrees(Shape shape) {
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (row.get(axis) >= 0 && row.get(axis) != shape.extent(axis)) {
        return false;
      }
    }
    return true;
  }

  /** The shape of one row in words. */
  String shape() {
    return row.isEmpty()
        ? "1"
        : String.join("x", row.stream().map(e -> e < 0 ? "?" : e.toString()).toList());
  }
}
