package io.afterimage.attack.common;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The numbers among the inputs of rows, as coordinates in which an attack goes to places beside a
 * row.
 *
 * <p>A coordinate is a number divided by the spread of its column: the standard deviation of the
 * known numbers in it, for an array of all its cells together; 1 where all are equal. Texts stay as
 * they stand in the row, and so do missing numbers, whose coordinate is NaN.
 *
 * <p>The known rows are measured on a sample drawn by record id, and in sorted order, so that not
 * even the last bit depends on how rows are ordered.
 */
public final class NumericSpace {
  private static final int MOST_ROWS = 2000;

  private final List<Axis> axes;
  private final boolean keepsWhole;

  private NumericSpace(List<Axis> axes, boolean keepsWhole) {
    this.axes = axes;
    this.keepsWhole = keepsWhole;
  }

  /**
   * One column.
   *
   * @param cells numbers in a row of it
   * @param whole whether its known numbers are whole
   */
  private record Axis(
      String column, int cells, double spread, double low, double high, boolean whole) {}

  /** Why nothing can be moved in such rows; empty where something can. */
  public static Optional<String> refusal(String attack, Dataset rows) {
    return rows.inputs().stream().allMatch(Column.Categorical.class::isInstance)
        ? Optional.of(attack + " changes numbers, but every input of these rows is a text")
        : Optional.empty();
  }

  /**
   * The space of rows like the known ones.
   *
   * @param known datasets of the same columns, not all empty
   * @param keepsWhole whether columns that hold whole numbers alone are only moved to whole numbers
   */
  public static NumericSpace of(List<Dataset> known, boolean keepsWhole, Run run) {
    List<Dataset> drawn = known.stream().map(rows -> Sample.drawn(rows, MOST_ROWS, run)).toList();
    List<Axis> axes =
        drawn.get(0).inputs().stream()
            .filter(column -> !(column instanceof Column.Categorical))
            .map(column -> axis(column, drawn))
            .toList();
    return new NumericSpace(axes, keepsWhole);
  }

  private static Axis axis(Column column, List<Dataset> known) {
    double[] sorted =
        known.stream()
            .flatMapToDouble(rows -> numbers(rows.column(column.name())))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    int cells = column instanceof Column.Array array ? array.shape().size() : 1;
    boolean any = sorted.length > 0;
    return new Axis(
        column.name(),
        cells,
        spread(sorted),
        any ? sorted[0] : 0,
        any ? sorted[sorted.length - 1] : 0,
        Arrays.stream(sorted).allMatch(value -> value == Math.rint(value)));
  }

  private static DoubleStream numbers(Column column) {
    return column instanceof Column.Array array
        ? IntStream.range(0, array.rows()).mapToObj(array::row).flatMapToDouble(NumericSpace::cells)
        : IntStream.range(0, column.rows()).mapToDouble(((Column.Numeric) column)::get);
  }

  private static DoubleStream cells(float[] row) {
    return IntStream.range(0, row.length).mapToDouble(i -> row[i]);
  }

  private static double spread(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double variance =
        Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElse(0);
    return variance > 0 && Double.isFinite(variance) ? Math.sqrt(variance) : 1;
  }

  /** How many numbers a row holds. */
  public int dimensions() {
    return axes.stream().mapToInt(Axis::cells).sum();
  }

  /** The least known coordinates. */
  public double[] low() {
    return bounds(axis -> axis.low / axis.spread);
  }

  /** The greatest known coordinates. */
  public double[] high() {
    return bounds(axis -> axis.high / axis.spread);
  }

  private double[] bounds(ToDoubleFunction<Axis> bound) {
    return axes.stream()
        .flatMapToDouble(a -> DoubleStream.generate(() -> bound.applyAsDouble(a)).limit(a.cells))
        .toArray();
  }

  /** Where a row lies. */
  public double[] point(Dataset rows, int row) {
    double[] point = new double[dimensions()];
    int offset = 0;
    for (Axis axis : axes) {
      Column column = rows.column(axis.column);
      if (column instanceof Column.Array array) {
        float[] cells = array.row(row);
        for (int i = 0; i < cells.length; i++) {
          point[offset + i] = cells[i] / axis.spread;
        }
      } else {
        point[offset] = ((Column.Numeric) column).get(row) / axis.spread;
      }
      offset += axis.cells;
    }
    return point;
  }

  /** Where all rows lie. */
  public double[][] points(Dataset rows) {
    return IntStream.range(0, rows.rows())
        .mapToObj(row -> point(rows, row))
        .toArray(double[][]::new);
  }

  /**
   * Rows at these points.
   *
   * @param who the row of which each is a copy but for its numbers
   */
  public Dataset rowsAt(Dataset rows, int[] who, double[][] points) {
    Dataset moved = rows.select(who);
    int offset = 0;
    for (Axis axis : axes) {
      moved = moved.with(column(moved.column(axis.column), axis, points, offset));
      offset += axis.cells;
    }
    return moved;
  }

  private Column column(Column before, Axis axis, double[][] points, int offset) {
    if (before instanceof Column.Array array) {
      float[] cells = new float[points.length * axis.cells];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = (float) number(axis, points[i / axis.cells][offset + i % axis.cells]);
      }
      return new Column.Array(axis.column, cells, array.shape());
    }
    double[] numbers = new double[points.length];
    Arrays.setAll(numbers, i -> number(axis, points[i][offset]));
    return new Column.Numeric(axis.column, numbers);
  }

  private double number(Axis axis, double coordinate) {
    double number = coordinate * axis.spread;
    return keepsWhole && axis.whole ? Math.rint(number) : number;
  }
}
