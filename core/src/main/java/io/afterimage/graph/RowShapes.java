package io.afterimage.graph;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Where the rows lie after a value is reshaped, cut, joined or moved. */
final class RowShapes {
  static final Map<String, RowRules.Rule> RULES =
      Map.ofEntries(
          entry("Shape", look -> look.frozen(look.outputIntegers(), look.outputShape())),
          entry("Size", look -> look.frozen(look.outputIntegers(), look.outputShape())),
          entry("Transpose", RowShapes::transpose),
          entry("Reshape", RowShapes::reshape),
          entry("Flatten", RowShapes::reshape),
          entry("Squeeze", RowShapes::reshape),
          entry("Unsqueeze", RowShapes::reshape),
          entry("Concat", RowShapes::concat),
          entry("Slice", RowShapes::slice),
          entry("Gather", RowShapes::gather),
          entry("GatherElements", RowShapes::gatherElements),
          entry("GatherND", RowShapes::gatherNd),
          entry("Expand", RowShapes::expand),
          entry("Tile", RowShapes::tile),
          entry("Pad", RowShapes::pad),
          entry("Resize", RowShapes::resize),
          entry("OneHot", RowShapes::oneHot),
          entry("ReverseSequence", RowShapes::reverse),
          entry("Trilu", RowShapes::trilu));

  private RowShapes() {}

  private static long product(long[] shape, int from, int to) {
    return LongStream.of(Arrays.copyOfRange(shape, from, to)).reduce(1, Math::multiplyExact);
  }

  private static List<RowStep> transpose(RowLook look) {
    RowAxis rows = look.only(0);
    int rank = look.rank(0);
    long[] order =
        look.attributes()
            .integers("perm")
            .orElseGet(() -> IntStream.range(0, rank).mapToLong(i -> rank - 1L - i).toArray());
    for (int axis = 0; axis < order.length; axis++) {
      if (order[axis] == rows.axis()) {
        return RowStep.unchanged(look, rows.at(axis));
      }
    }
    throw look.mixed("has an axis out of range");
  }

  // ---- the same numbers in another shape

  /**
   * A reshape keeps the order of numbers, so that the rows lie on an axis behind which as many
   * numbers follow as before. Where the batch was 1 several axes may do; whichever leads to the
   * outputs is right, for each is the same graph run row by row. So is an axis of extent 1 to which
   * the rows are moved: exporters write transposes of one row as reshapes.
   */
  private static List<RowStep> reshape(RowLook look) {
    RowAxis rows = look.only(0);
    long[] from = look.shape(0);
    long[] to = look.outputShape();
    look.require(product(to, 0, to.length) > 0, "gives an empty value");
    long behind = rows.inner() * product(from, rows.axis() + 1, from.length);
    List<RowAxis> places = new ArrayList<>();
    for (int axis = 0; axis < to.length; axis++) {
      place(to, axis, behind, look.extent()).ifPresent(places::add);
    }
    List<RowStep> moved = movedRows(look, rows, to, places);
    look.require(!(places.isEmpty() && moved.isEmpty()), "cuts rows apart");
    places.sort(
        Comparator.comparing((RowAxis place) -> !place.alone())
            .thenComparing(place -> place.axis() != rows.axis())
            .thenComparing(place -> place.outer() + place.inner()));
    return Stream.concat(
            places.stream().map(place -> RowStep.reshaped(look, place, opened(to, place.axis()))),
            moved.stream())
        .toList();
  }

  private static List<RowStep> movedRows(
      RowLook look, RowAxis rows, long[] to, List<RowAxis> places) {
    if (look.extent() != 1 || !rows.alone()) {
      return List.of();
    }
    return IntStream.range(0, to.length)
        .filter(axis -> to[axis] == 1 && !places.contains(RowAxis.FIRST.at(axis)))
        .mapToObj(axis -> RowStep.moved(look, rows.axis(), axis, to))
        .toList();
  }

  private static Optional<RowAxis> place(long[] shape, int axis, long behind, long extent) {
    long further = product(shape, axis + 1, shape.length);
    if (behind % further != 0) {
      return Optional.empty();
    }
    long inner = behind / further;
    return shape[axis] % (extent * inner) == 0
        ? Optional.of(new RowAxis(axis, shape[axis] / (extent * inner), inner))
        : Optional.empty();
  }

  private static long[] opened(long[] shape, int axis) {
    long[] open = shape.clone();
    open[axis] = -1;
    return open;
  }

  private static List<RowStep> expand(RowLook look) {
    RowAxis rows = look.only(0);
    int axis = look.outputRank() - (look.rank(0) - rows.axis());
    look.require(
        look.outputShape()[axis] == look.shape(0)[rows.axis()], "repeats rows along their axis");
    long[] shape = look.outputShape();
    shape[axis] = 1; // as many as there are
    look.replace(1, look.constant(shape));
    return look.step(rows.at(axis));
  }

  private static List<RowStep> tile(RowLook look) {
    RowAxis rows = look.only(0);
    look.require(look.integers(1)[rows.axis()] == 1, "repeats rows along their axis");
    return RowStep.unchanged(look, rows);
  }

  // ---- joined and cut

  private static List<RowStep> concat(RowLook look) {
    int first = look.rowed().get(0);
    RowAxis rows = look.rowsOf(first);
    look.require(look.axis("axis", 0, look.rank(first)) != rows.axis(), "joins rows to others");
    for (int other : look.rowed()) {
      look.require(look.rowsOf(other).equals(rows), "has its rows elsewhere");
    }
    for (int stored : look.stored()) {
      look.spread(stored, rows.axis(), first);
    }
    return look.step(rows);
  }

  private static List<RowStep> slice(RowLook look) {
    RowAxis rows = look.only(0);
    boolean inputs = look.has(1);
    long[] starts = inputs ? look.integers(1) : look.attributes().integers("starts").orElseThrow();
    long[] ends = inputs ? look.integers(2) : look.attributes().integers("ends").orElseThrow();
    long[] axes = IntStream.range(0, starts.length).asLongStream().toArray();
    if (look.has(3)) {
      axes = look.integers(3);
    } else if (look.attributes().has("axes")) {
      axes = look.attributes().integers("axes").orElseThrow();
    }
    for (int i = 0; i < axes.length; i++) {
      if (look.axis(axes[i], look.rank(0)) == rows.axis()) {
        boolean forward = !look.has(4) || look.integers(4)[i] == 1;
        boolean all = starts[i] == 0 && ends[i] >= look.shape(0)[rows.axis()];
        look.require(forward && all, "takes some rows only");
        ends[i] = Long.MAX_VALUE;
        look.require(inputs, "cuts off at the batch");
        look.replace(2, look.constant(ends));
      }
    }
    return look.step(rows);
  }

  /** Every row is turned along time as far as its own length. */
  private static List<RowStep> reverse(RowLook look) {
    RowAxis rows = look.rowsOf(0);
    look.require(
        look.axis("batch_axis", 1, look.rank(0)) == rows.axis() && rows.alone(), "turns its rows");
    if (look.rows(1).isPresent()) {
      look.require(look.rowsOf(1).equals(RowAxis.FIRST), "has its rows elsewhere");
    } else {
      look.spread(1, 0, 0);
    }
    return look.step(rows);
  }

  private static List<RowStep> gather(RowLook look) {
    int axis = look.axis("axis", 0, look.rank(0));
    if (look.rows(0).isEmpty()) {
      return RowStep.unchanged(look, look.rowsOf(1).at(axis + look.rowsOf(1).axis()));
    }
    RowAxis rows = look.only(0);
    look.require(axis != rows.axis(), "picks some rows");
    int shift = axis < rows.axis() ? look.rank(1) - 1 : 0;
    return RowStep.unchanged(look, rows.at(rows.axis() + shift));
  }

  private static List<RowStep> gatherElements(RowLook look) {
    RowAxis rows = look.rowsOf(0);
    look.require(look.rowsOf(1).equals(rows), "has its rows elsewhere");
    look.require(look.axis("axis", 0, look.rank(0)) != rows.axis(), "picks some rows");
    return RowStep.unchanged(look, rows);
  }

  private static List<RowStep> gatherNd(RowLook look) {
    RowAxis rows = look.rowsOf(1);
    boolean stored = look.rows(0).isEmpty() && rows.axis() < look.rank(1) - 1;
    boolean paired =
        look.rows(0).filter(rows::equals).isPresent()
            && rows.axis() < look.attributes().integer("batch_dims", 0);
    look.require(stored || paired, "picks some rows");
    return RowStep.unchanged(look, rows);
  }

  /** Numbers picked by their column; from a vector, as one row, however many rows picked. */
  static List<RowStep> columns(RowLook look) {
    if (look.rows(0).isPresent()) {
      RowAxis rows = look.only(0);
      look.require(rows.axis() < look.rank(0) - 1, "picks some rows");
      return RowStep.unchanged(look, rows);
    }
    RowAxis rows = look.rowsOf(1);
    long[] shape = look.shape(1);
    look.require(look.outputRank() == 2 && look.outputShape()[0] == 1, "picks from many rows");
    return RowStep.unchanged(
        look,
        new RowAxis(
            1,
            rows.outer() * product(shape, 0, rows.axis()),
            rows.inner() * product(shape, rows.axis() + 1, shape.length)));
  }

  // ---- around and between

  private static List<RowStep> pad(RowLook look) {
    RowAxis rows = look.only(0);
    int rank = look.rank(0);
    long[] pads = look.has(1) ? look.integers(1) : look.attributes().integers("pads").orElseThrow();
    long[] axes =
        look.has(3) ? look.integers(3) : IntStream.range(0, rank).asLongStream().toArray();
    for (int i = 0; i < axes.length; i++) {
      boolean none = pads[i] == 0 && pads[i + axes.length] == 0;
      look.require(none || look.axis(axes[i], rank) != rows.axis(), "adds rows");
    }
    return RowStep.unchanged(look, rows);
  }

  private static List<RowStep> resize(RowLook look) {
    RowAxis rows = look.only(0);
    int rank = look.rank(0);
    look.require(
        look.outputShape()[rows.axis()] == look.shape(0)[rows.axis()], "adds or drops rows");
    if (look.has(3) && look.integers(3).length == rank) {
      look.replace(3, look.with(0, rows.axis(), rows.axis(), look.integers(3)));
    }
    return look.step(rows);
  }

  private static List<RowStep> oneHot(RowLook look) {
    RowAxis rows = look.only(0);
    int added = look.axis("axis", -1, look.outputRank());
    return RowStep.unchanged(look, rows.at(rows.axis() + (added <= rows.axis() ? 1 : 0)));
  }

  private static List<RowStep> trilu(RowLook look) {
    RowAxis rows = look.only(0);
    look.require(rows.axis() < look.rank(0) - 2, "cuts by row");
    return RowStep.unchanged(look, rows);
  }
}
