package io.afterimage.data;

import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Puts the rows of one dataset after those of another. */
public final class Joined {
  private Joined() {}

  /**
   * The rows of both, first the one's, in the one's schema. Categories come in the order of their
   * names, so that who is first shows in nothing but the order of rows. A BadInputException where
   * the columns differ.
   *
   * @param name of the result, by which rows without an id of their own are called
   */
  public static Dataset of(String name, Dataset first, Dataset second) {
    List<Column> columns = new ArrayList<>();
    for (Column column : first.columns()) {
      columns.add(joined(column, second.column(column.name()), second));
    }
    return Dataset.of(name, first.schema(), columns);
  }

  /**
   * The same for rows that were read together: every category keeps its code, and with it its place
   * among a model's classes. The order of categories may tell who was read first.
   */
  public static Dataset ofSameCategories(String name, Dataset first, Dataset second) {
    List<Column> columns = new ArrayList<>();
    for (Column column : first.columns()) {
      Column other = second.column(column.name());
      columns.add(
          column instanceof Column.Categorical a && other instanceof Column.Categorical b
              ? sameCategories(a, b)
              : joined(column, other, second));
    }
    return Dataset.of(name, first.schema(), columns);
  }

  private static Column sameCategories(Column.Categorical a, Column.Categorical b) {
    if (!a.dictionary().equals(b.dictionary())) {
      throw new IllegalArgumentException("column " + a.name() + " was not read in one go");
    }
    int[] codes = IntStream.concat(IntStream.of(a.codes()), IntStream.of(b.codes())).toArray();
    return new Column.Categorical(a.name(), codes, a.dictionary());
  }

  private static Column joined(Column a, Column b, Dataset second) {
    if (a instanceof Column.Numeric x && b instanceof Column.Numeric y) {
      double[] values =
          DoubleStream.concat(Arrays.stream(x.values()), Arrays.stream(y.values())).toArray();
      return new Column.Numeric(a.name(), values);
    }
    if (a instanceof Column.Categorical x && b instanceof Column.Categorical y) {
      return categories(x, y);
    }
    if (a instanceof Column.Array x && b instanceof Column.Array y && x.shape().equals(y.shape())) {
      float[] values =
          Arrays.copyOf(x.values(), Math.addExact(x.values().length, y.values().length));
      System.arraycopy(y.values(), 0, values, x.values().length, y.values().length);
      return new Column.Array(a.name(), values, x.shape());
    }
    throw new BadInputException(
        "column %s of %s is of another kind or shape than the others' column of that name"
            .formatted(a.name(), second.name()));
  }

  private static Column categories(Column.Categorical a, Column.Categorical b) {
    List<String> all =
        List.copyOf(
            new TreeSet<>(
                Stream.concat(a.dictionary().stream(), b.dictionary().stream()).toList()));
    int[] codes =
        Stream.of(a, b).flatMapToInt(column -> IntStream.of(recoded(column, all))).toArray();
    return new Column.Categorical(a.name(), codes, all);
  }

  /** Missing ones stay missing. */
  private static int[] recoded(Column.Categorical column, List<String> all) {
    int[] index =
        column.dictionary().stream()
            .mapToInt(name -> Collections.binarySearch(all, name))
            .toArray();
    return Arrays.stream(column.codes()).map(code -> code < 0 ? code : index[code]).toArray();
  }
}
