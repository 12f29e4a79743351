package io.afterimage.target;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The columns that fill one input. A missing number becomes NaN, a missing text the empty text.
 *
 * @param row the extents of one row
 */
record Filling(
    GraphInput input, List<Column> columns, long[] row, List<double[]> numbers, Dataset rows) {

  /** A BadInputException where the columns' shapes or texts are not what the input takes. */
  static Filling of(GraphInput input, List<Column> columns, Dataset rows, String model) {
    long[] row = extents(input, columns, rows, model);
    List<double[]> numbers =
        columns.stream()
            .map(
                c ->
                    c instanceof Column.Categorical texts && !input.takesText()
                        ? numbers(texts, rows)
                        : new double[0])
            .toList();
    return new Filling(input, columns, row, numbers, rows);
  }

  private static long[] extents(
      GraphInput input, List<Column> columns, Dataset rows, String model) {
    if (columns.size() == 1 && columns.get(0) instanceof Column.Array array) {
      return (input.takesText()
              ? java.util.Optional.<long[]>empty()
              : input.filledBy(array.shape()))
          .orElseThrow(
              () ->
                  new BadInputException(
                      "%s: input %s takes %s %s a row, but %s holds %s; see --layout"
                          .formatted(
                              model,
                              input.name(),
                              input.shape(),
                              input.takesText() ? "texts" : "numbers",
                              rows.name(),
                              array.shape())));
    }
    return input
        .filledBy(columns.size())
        .orElseThrow(
            () ->
                new BadInputException(
                    "%s: input %s takes %s cells a row, but column %s of %s is one"
                        .formatted(
                            model,
                            input.name(),
                            input.shape(),
                            columns.get(0).name(),
                            rows.name())));
  }

  // A column with few distinct numbers may have been read as texts: the labels of a category.
  private static double[] numbers(Column.Categorical column, Dataset rows) {
    return column.dictionary().stream().mapToDouble(text -> number(text, column, rows)).toArray();
  }

  private static double number(String text, Column column, Dataset rows) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "column %s of %s holds the text \"%s\", but the model takes a number there"
              .formatted(
                  column.name(), rows.name(), text.length() > 40 ? text.substring(0, 40) : text),
          e);
    }
  }

  /** How many cells one row has. */
  long cells() {
    return Arrays.stream(row).reduce(1, Math::multiplyExact);
  }

  /** These rows as a tensor; the caller closes it. */
  OnnxTensor tensor(int[] chosen) {
    long[] shape = new long[row.length + 1];
    shape[0] = chosen.length;
    System.arraycopy(row, 0, shape, 1, row.length);
    try {
      return input.takesText()
          ? OnnxTensor.createTensor(OnnxSession.environment(), texts(chosen), shape)
          : OnnxTensor.createTensor(OnnxSession.environment(), bytes(chosen), shape, type());
    } catch (OrtException e) {
      throw new BadInputException("input " + input.name() + ": " + RuntimeFailure.firstLine(e), e);
    }
  }

  private String[] texts(int[] chosen) {
    String[] texts = new String[Math.multiplyExact(chosen.length, columns.size())];
    int at = 0;
    for (int r : chosen) {
      for (Column column : columns) {
        texts[at++] = Objects.requireNonNullElse(column.text(r), "");
      }
    }
    return texts;
  }

  private ByteBuffer bytes(int[] chosen) {
    long size = Math.multiplyExact(Math.multiplyExact(cells(), chosen.length), type().size);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Math.toIntExact(size)).order(ByteOrder.nativeOrder());
    if (input.type() == ElementType.FLOAT && columns.get(0) instanceof Column.Array array) {
      FloatBuffer floats = bytes.asFloatBuffer();
      for (int r : chosen) {
        floats.put(array.row(r));
      }
      return bytes; // whole rows at once: attacks ask about pictures by the million
    }
    for (int r : chosen) {
      eachCell(r, (value, column) -> put(bytes, value, column, r));
    }
    return bytes.flip();
  }

  /** All rows as floats, row after row. */
  float[] floats() {
    FloatBuffer floats =
        FloatBuffer.allocate(Math.toIntExact(Math.multiplyExact(cells(), rows.rows())));
    for (int r = 0; r < rows.rows(); r++) {
      eachCell(r, (value, column) -> floats.put((float) value));
    }
    return floats.array();
  }

  /** Hears one number of a row. */
  @FunctionalInterface
  private interface Cell {
    void put(double value, Column column);
  }

  private void eachCell(int r, Cell cell) {
    for (int c = 0; c < columns.size(); c++) {
      Column column = columns.get(c);
      if (column instanceof Column.Array array) {
        for (float value : array.row(r)) {
          cell.put(value, column);
        }
      } else if (column instanceof Column.Numeric numeric) {
        cell.put(numeric.get(r), column);
      } else if (column instanceof Column.Categorical texts) {
        int code = texts.code(r);
        cell.put(code < 0 ? Double.NaN : numbers.get(c)[code], column);
      }
    }
  }

  private void put(ByteBuffer bytes, double value, Column column, int r) {
    switch (input.type()) {
      case FLOAT -> bytes.putFloat((float) value);
      case DOUBLE -> bytes.putDouble(value);
      case FLOAT16 -> bytes.putShort(Fp16Conversions.floatToFp16((float) value));
      case INT64 -> bytes.putLong(whole(value, -0x1p63, 0x1p63, column, r));
      case INT32 -> bytes.putInt((int) whole(value, -0x1p31, 0x1p31 - 1, column, r));
      case INT16 -> bytes.putShort((short) whole(value, -0x1p15, 0x1p15 - 1, column, r));
      case INT8 -> bytes.put((byte) whole(value, -128, 127, column, r));
      case UINT8 -> bytes.put((byte) whole(value, 0, 255, column, r));
      case BOOL -> bytes.put((byte) whole(value, 0, 1, column, r));
      default -> throw new IllegalStateException("input of " + input.type());
    }
  }

  private long whole(double value, double low, double high, Column column, int r) {
    if (value == Math.rint(value) && value >= low && value <= high) {
      return (long) value;
    }
    throw new BadInputException(
        "column %s, record %s: %s, but the model takes %s there"
            .formatted(
                column.name(),
                rows.id(r),
                Double.isNaN(value) ? "missing" : Double.toString(value),
                input.type() == ElementType.BOOL ? "0 or 1" : "a whole number"));
  }

  private OnnxJavaType type() {
    return OnnxJavaType.valueOf(input.type().name());
  }
}
