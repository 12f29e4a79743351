package io.afterimage.data;

import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of named columns with a role each. Immutable.
 *
 * <p>A record keeps its id through every selection, so that randomness keyed by it does not depend
 * on where the row stands. The id is the text of the ROW_ID column, else the dataset's name and the
 * row's number in its file: {@code members:17}.
 */
public final class Dataset {
  private final String name;
  private final Schema schema;
  private final List<Column> columns;
  private final Map<String, Column> byName = new HashMap<>();
  private final int rows;

  /** The number that each row has in its file; null where that is its place. */
  private final int @Nullable [] numbers;

  private Dataset(
      String name, Schema schema, List<Column> columns, int rows, int @Nullable [] numbers) {
    this.name = name;
    this.schema = schema;
    this.columns = List.copyOf(columns);
    this.rows = rows;
    this.numbers = numbers;
    for (Column column : columns) {
      if (column.rows() != rows) {
        throw new IllegalArgumentException(
            "column %s has %d rows, the dataset %d".formatted(column.name(), column.rows(), rows));
      }
      byName.put(column.name(), column);
    }
  }

  /** A dataset of these columns, which have a role in the schema and equally many rows. */
  public static Dataset of(String name, Schema schema, List<Column> columns) {
    int rows = columns.isEmpty() ? 0 : columns.get(0).rows();
    return new Dataset(name, schema, columns, rows, null);
  }

  public String name() {
    return name;
  }

  public Schema schema() {
    return schema;
  }

  public List<Column> columns() {
    return columns;
  }

  public int rows() {
    return rows;
  }

  /** The column of this name; a BadInputException that lists the columns where there is none. */
  public Column column(String column) {
    Column found = byName.get(column);
    if (found == null) {
      throw new BadInputException(
          "%s has no column %s; it has %s"
              .formatted(name, column, byName.keySet().stream().sorted().limit(20).toList()));
    }
    return found;
  }

  /** The columns that the model is fed, in order. */
  public List<Column> inputs() {
    return schema.inputs().stream().map(this::column).toList();
  }

  /** The label column, if there is one. */
  public Optional<Column> label() {
    return schema.names(Role.LABEL).stream().findFirst().map(this::column);
  }

  /**
   * The class of each row as an index into the label's dictionary; a BadInputException without a
   * class label.
   */
  public int[] classes() {
    if (label().orElse(null) instanceof Column.Categorical label) {
      return label.codes();
    }
    throw new BadInputException(name + " has no class label; name its column with --label");
  }

  /** The record's id: stable through selections. */
  public String id(int row) {
    List<String> ids = schema.names(Role.ROW_ID);
    return ids.isEmpty() ? name + ":" + number(row) : cell(ids.get(0), row);
  }

  /** The person's id: the record's own where there is no PERSON column. */
  public String person(int row) {
    List<String> persons = schema.names(Role.PERSON);
    return persons.isEmpty() ? id(row) : cell(persons.get(0), row);
  }

  /** The privacy unit of each row, as numbers from 0 in order of first appearance. */
  public int[] units() {
    if (rowsAreUnits()) {
      return IntStream.range(0, rows()).toArray();
    }
    Map<String, Integer> seen = new HashMap<>();
    int[] units = new int[rows()];
    for (int row = 0; row < units.length; row++) {
      Integer unit = seen.putIfAbsent(person(row), seen.size());
      units[row] = unit == null ? seen.size() - 1 : unit;
    }
    return units;
  }

  /** Whether each row is a unit of its own, as it is without ids and repeated rows. */
  private boolean rowsAreUnits() {
    return schema.names(Role.PERSON).isEmpty()
        && schema.names(Role.ROW_ID).isEmpty()
        && IntStream.range(1, rows()).allMatch(row -> number(row - 1) < number(row));
  }

  /** The rows of these indices, in this order. */
  public Dataset select(int[] indices) {
    return new Dataset(
        name,
        schema,
        columns.stream().map(c -> c.select(indices)).toList(),
        indices.length,
        Arrays.stream(indices).map(this::number).toArray());
  }

  /** The same rows with one column exchanged for another of the same name. */
  public Dataset with(Column changed) {
    column(changed.name());
    List<Column> exchanged = new ArrayList<>();
    for (Column column : columns) {
      exchanged.add(column.name().equals(changed.name()) ? changed : column);
    }
    return new Dataset(name, schema, exchanged, rows, numbers);
  }

  /** The same rows with their columns in other roles. */
  public Dataset with(Schema changed) {
    return new Dataset(name, changed, columns, rows, numbers);
  }

  private int number(int row) {
    return numbers == null ? row : numbers[row];
  }

  private String cell(String column, int row) {
    return String.valueOf(column(column).text(row));
  }
}
