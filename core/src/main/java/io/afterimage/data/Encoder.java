package io.afterimage.data;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns columns into one row of floats each: numbers scaled to mean 0 and deviation 1, categories
 * as one indicator each, arrays flattened as they stand. What it knows is fitted on some rows and
 * then fixed, so that it can be written into a model's graph.
 *
 * <ul>
 *   <li>A missing number becomes the mean, which is 0.
 *   <li>A missing category, and one that did not occur in the fitted rows, is all zeros.
 *   <li>A column without a number, or with one number only, has deviation 1.
 * </ul>
 */
public final class Encoder {
  private static final int WIDEST = 1 << 17;

  private final List<Field> fields;
  private final int width;

  /** An encoder of these fields, one after the other. */
  public Encoder(List<Field> fields) {
    this.fields = List.copyOf(fields);
    long total = fields.stream().mapToLong(Field::width).sum();
    check(
        total <= WIDEST,
        "encoded rows would have %d numbers; at most %d are used (leave out texts with many values)",
        total,
        WIDEST);
    this.width = (int) total;
  }

  /** How one column is encoded. */
  public sealed interface Field {
    String column();

    /** How many floats the column becomes. */
    int width();
  }

  /** {@code (x - mean) / deviation}. */
  public record Scaled(String column, double mean, double deviation) implements Field {
    @Override
    public int width() {
      return 1;
    }
  }

  /** One indicator for each category, in this order. */
  public record OneHot(String column, List<String> categories) implements Field {
    public OneHot {
      categories = List.copyOf(categories);
    }

    @Override
    public int width() {
      return categories.size();
    }
  }

  /** The cells of an array in C order. */
  public record Flat(String column, Shape shape) implements Field {
    @Override
    public int width() {
      return shape.size();
    }
  }

  /** Fits the encoding of all inputs. */
  public static Encoder fit(Dataset rows) {
    return fit(rows, rows.schema().inputs());
  }

  /** Fits the encoding of these columns, in this order. */
  public static Encoder fit(Dataset rows, List<String> columns) {
    return new Encoder(columns.stream().map(name -> field(rows.column(name))).toList());
  }

  /** How each column is encoded, in order. */
  public List<Field> fields() {
    return fields;
  }

  /** How many floats a row becomes. */
  public int width() {
    return width;
  }

  /** All rows, [rows, width]. */
  public float[] encode(Dataset rows) {
    return encode(rows, 0, rows.rows());
  }

  /** The rows from one up to but without another, [end - start, width]. */
  public float[] encode(Dataset rows, int start, int end) {
    long size = (long) (end - start) * width;
    check(
        size <= Integer.MAX_VALUE - 8,
        "%d encoded rows of %d numbers do not fit into one array; give fewer rows",
        end - start,
        width);
    float[] encoded = new float[(int) size];
    int offset = 0;
    for (Field field : fields) {
      Writer writer = writer(field, rows.column(field.column()));
      for (int row = start; row < end; row++) {
        writer.write(row, encoded, (row - start) * width + offset);
      }
      offset += field.width();
    }
    return encoded;
  }

  private static Field field(Column column) {
    if (column instanceof Column.Numeric numbers) {
      return scaled(numbers);
    }
    if (column instanceof Column.Categorical texts) {
      return oneHot(texts);
    }
    return new Flat(column.name(), ((Column.Array) column).shape());
  }

  /** Mean and deviation in one pass (Welford 1962), which does not cancel. */
  private static Scaled scaled(Column.Numeric column) {
    double mean = 0;
    double squares = 0;
    long count = 0;
    for (int row = 0; row < column.rows(); row++) {
      double value = column.get(row);
      if (!Double.isNaN(value)) {
        double before = value - mean;
        mean += before / ++count;
        squares += before * (value - mean);
      }
    }
    double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
    return new Scaled(
        column.name(), mean, deviation > 0 && Double.isFinite(deviation) ? deviation : 1);
  }

  private static OneHot oneHot(Column.Categorical column) {
    boolean[] seen = new boolean[column.dictionary().size()];
    for (int row = 0; row < column.rows(); row++) {
      if (column.code(row) >= 0) {
        seen[column.code(row)] = true;
      }
    }
    List<String> categories = new ArrayList<>();
    IntStream.range(0, seen.length)
        .filter(code -> seen[code])
        .forEach(code -> categories.add(column.dictionary().get(code)));
    return new OneHot(column.name(), categories);
  }

  private interface Writer {
    void write(int row, float[] into, int offset);
  }

  private static Writer writer(Field field, Column column) {
    if (field instanceof Scaled scaled && column instanceof Column.Numeric numbers) {
      return (row, into, offset) -> {
        double value = numbers.get(row);
        float number =
            Double.isNaN(value) ? 0 : (float) ((value - scaled.mean()) / scaled.deviation());
        check(
            Float.isFinite(number),
            "column %s holds %s, which is too large to be encoded",
            Show.quoted(scaled.column()),
            value);
        into[offset] = number;
      };
    }
    if (field instanceof OneHot oneHot && column instanceof Column.Categorical texts) {
      int[] places = places(oneHot, texts.dictionary());
      return (row, into, offset) -> {
        int code = texts.code(row);
        if (code >= 0 && places[code] >= 0) {
          into[offset + places[code]] = 1;
        }
      };
    }
    if (field instanceof Flat flat
        && column instanceof Column.Array array
        && array.shape().equals(flat.shape())) {
      return array::copyRow;
    }
    throw new BadInputException(
        "column %s is not of the kind that the encoding was fitted to"
            .formatted(Show.quoted(field.column())));
  }

  /** For each code of a dictionary the indicator that stands for it, -1 for none. */
  private static int[] places(OneHot field, List<String> dictionary) {
    Map<String, Integer> indicators = new HashMap<>();
    field.categories().forEach(category -> indicators.put(category, indicators.size()));
    int[] places = new int[dictionary.size()];
    Arrays.setAll(places, code -> indicators.getOrDefault(dictionary.get(code), -1));
    return places;
  }
}
