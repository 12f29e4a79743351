package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.graph.ValueInfo;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dataset's columns as a graph takes them, and what each row is to be answered with. */
final class ColumnExamples implements Examples {
  /** The columns of each input: one where the graph names them, else all in the one input. */
  private final Map<ValueInfo, List<Column>> columns = new LinkedHashMap<>();

  private final Answers answers;

  ColumnExamples(OnnxModel model, Dataset rows, Answers answers) {
    check(answers.rows() > 0, "there are no rows to train on");
    check(rows.rows() == answers.rows(), "%d rows but %d labels", rows.rows(), answers.rows());
    this.answers = answers;
    List<ValueInfo> inputs = model.inputs();
    List<String> names = rows.schema().inputs();
    if (inputs.stream().allMatch(input -> names.contains(input.name()))) {
      inputs.forEach(input -> columns.put(input, List.of(rows.column(input.name()))));
    } else {
      check(
          inputs.size() == 1,
          "%s takes %s, but the rows have the columns %s; rename them",
          model.name(),
          inputs.stream().map(ValueInfo::name).toList(),
          names);
      columns.put(inputs.get(0), rows.inputs());
    }
    columns.forEach(ColumnExamples::checkKinds);
  }

  private static void checkKinds(ValueInfo input, List<Column> columns) {
    for (Column column : columns) {
      check(
          isText(input) ? columns.size() == 1 : !(column instanceof Column.Categorical),
          "input %s takes %s, which column %s is not",
          input.name(),
          input.type(),
          column.name());
    }
  }

  @Override
  public int rows() {
    return answers.rows();
  }

  @Override
  public Map<String, Value> inputs(int[] rows) {
    Map<String, Value> values = new LinkedHashMap<>();
    columns.forEach(
        (input, from) ->
            values.put(
                input.name(),
                isText(input) ? texts(input, from.get(0), rows) : numbers(input, from, rows)));
    return values;
  }

  @Override
  public Examples resident(TensorScope owner) {
    if (columns.keySet().stream().anyMatch(ColumnExamples::isText)) {
      return this;
    }
    long width =
        columns.values().stream().flatMap(List::stream).mapToLong(ColumnExamples::width).sum();
    return Resident.of(this, Double.BYTES * width, owner);
  }

  @Override
  public Tensor targets(int[] rows) {
    return answers.of(rows);
  }

  @Override
  public String sha256() {
    Sha256 digest = new Sha256();
    for (int row = 0; row < rows(); row++) {
      for (List<Column> from : columns.values()) {
        for (Column column : from) {
          digest.add(String.valueOf(column.text(row)));
        }
      }
      digest.add(answers.bits(row));
    }
    return digest.hex();
  }

  private static boolean isText(ValueInfo input) {
    return input.element().filter(type -> type == ElementType.STRING).isPresent();
  }

  /** Texts; empty where they are missing. */
  private static Value texts(ValueInfo input, Column column, int[] rows) {
    List<String> texts =
        Arrays.stream(rows)
            .mapToObj(row -> column.text(row))
            .map(text -> text == null ? "" : text)
            .toList();
    return new Value.Strings(texts, shape(input, rows.length, 1));
  }

  /** The cells of all columns side by side, in the input's shape. */
  private static Value numbers(ValueInfo input, List<Column> columns, int[] rows) {
    int width = columns.stream().mapToInt(ColumnExamples::width).sum();
    double[] cells = new double[Math.multiplyExact(rows.length, width)];
    int offset = 0;
    for (Column column : columns) {
      for (int i = 0; i < rows.length; i++) {
        copy(column, rows[i], cells, i * width + offset);
      }
      offset += width(column);
    }
    Tensor numbers = Tensors.of(cells, shape(input, rows.length, width));
    return Value.of(input.element().flatMap(ElementType::dtype).map(numbers::to).orElse(numbers));
  }

  private static int width(Column column) {
    return column instanceof Column.Array array ? array.shape().size() : 1;
  }

  private static void copy(Column column, int row, double[] into, int offset) {
    if (column instanceof Column.Array array) {
      float[] cells = array.row(row);
      for (int i = 0; i < cells.length; i++) {
        into[offset + i] = cells[i];
      }
    } else {
      into[offset] = ((Column.Numeric) column).get(row);
    }
  }

  /** The input's shape for so many rows; what it leaves open must be what the columns hold. */
  private static long[] shape(ValueInfo input, int rows, int width) {
    long[] shape = new long[Math.max(1, input.dimensions().size())];
    long size = 1;
    for (int axis = 1; axis < shape.length; axis++) {
      ValueInfo.Dimension dimension = input.dimensions().get(axis);
      shape[axis] = dimension.isFixed() ? dimension.extent() : width / size;
      size *= shape[axis];
    }
    shape[0] = rows;
    if (size != width) {
      throw new BadInputException(
          "input %s takes %s, but the columns hold %d numbers a row"
              .formatted(input.name(), input.shape(), width));
    }
    return shape;
  }
}
