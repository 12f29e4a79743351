package io.afterimage.target;

import ai.onnxruntime.OnnxTensor;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which columns of a dataset fill which input of a graph: those of the inputs' names, else all in
 * their order.
 */
final class Binding {
  private final Dataset rows;
  private final List<Filling> fillings;
  private final List<String> notices;

  private Binding(Dataset rows, List<Filling> fillings, List<String> notices) {
    this.rows = rows;
    this.fillings = fillings;
    this.notices = notices;
  }

  /** The binding of this dataset; a BadInputException where its columns do not fit. */
  static Binding of(List<GraphInput> inputs, Dataset rows, String model) {
    Map<String, Column> columns =
        rows.inputs().stream()
            .collect(
                Collectors.toMap(
                    Column::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    boolean named = inputs.stream().allMatch(input -> columns.containsKey(input.name()));
    return named ? byName(inputs, rows, columns, model) : byOrder(inputs, rows, columns, model);
  }

  private static Binding byName(
      List<GraphInput> inputs, Dataset rows, Map<String, Column> columns, String model) {
    List<Filling> fillings =
        inputs.stream()
            .map(i -> Filling.of(i, List.of(columns.get(i.name())), rows, model))
            .toList();
    List<String> unused = new ArrayList<>(columns.keySet());
    inputs.forEach(input -> unused.remove(input.name()));
    return new Binding(
        rows,
        fillings,
        unused.isEmpty()
            ? List.of()
            : List.of("%s has no inputs for the columns %s".formatted(model, few(unused))));
  }

  private static Binding byOrder(
      List<GraphInput> inputs, Dataset rows, Map<String, Column> columns, String model) {
    List<Column> left = new ArrayList<>(columns.values());
    List<Filling> fillings = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      boolean last = i == inputs.size() - 1;
      int take = last ? left.size() : columnsFor(inputs.get(i), left);
      if (take == 0 || take > left.size()) {
        throw wrongNumber(inputs, rows, columns, model);
      }
      List<Column> taken = left.subList(0, take);
      if (!fits(inputs.get(i), taken)) {
        throw wrongNumber(inputs, rows, columns, model);
      }
      fillings.add(Filling.of(inputs.get(i), List.copyOf(taken), rows, model));
      taken.clear();
    }
    return new Binding(rows, fillings, orderNotice(inputs, columns, model));
  }

  private static int columnsFor(GraphInput input, List<Column> left) {
    boolean array = !left.isEmpty() && left.get(0) instanceof Column.Array;
    return array ? 1 : input.width().orElse(1);
  }

  // A single array is looked at by the filling, which can say more about shapes.
  private static boolean fits(GraphInput input, List<Column> columns) {
    boolean array = columns.size() == 1 && columns.get(0) instanceof Column.Array;
    return array || input.filledBy(columns.size()).isPresent();
  }

  private static BadInputException wrongNumber(
      List<GraphInput> inputs, Dataset rows, Map<String, Column> columns, String model) {
    String wanted =
        inputs.stream()
            .limit(20)
            .map(i -> i.name() + " (" + i.shape() + ")")
            .collect(Collectors.joining(", "));
    return new BadInputException(
        "%s takes %s; %s has %d input columns: %s; name the label with --label and leave out the rest"
            .formatted(
                model, wanted, rows.name(), columns.size(), few(List.copyOf(columns.keySet()))));
  }

  private static List<String> orderNotice(
      List<GraphInput> inputs, Map<String, Column> columns, String model) {
    if (columns.size() == 1) {
      return List.of();
    }
    return List.of(
        "%s: no columns bear the names of the inputs %s; they were filled in order with %s"
            .formatted(
                model,
                few(inputs.stream().map(GraphInput::name).toList()),
                few(List.copyOf(columns.keySet()))));
  }

  private static String few(List<String> names) {
    return names.size() <= 8
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 8)) + ", … (" + names.size() + ")";
  }

  Dataset rows() {
    return rows;
  }

  /** What the user should know about how columns and inputs came together. */
  List<String> notices() {
    return notices;
  }

  /** Cells of one row over all inputs. */
  long cellsPerRow() {
    return fillings.stream().mapToLong(Filling::cells).sum();
  }

  /** The extents of one row of the only input, where there is but one and it takes numbers. */
  Optional<long[]> onlyNumericRow() {
    boolean one = fillings.size() == 1 && !fillings.get(0).input().takesText();
    return one ? Optional.of(fillings.get(0).row()) : Optional.empty();
  }

  /** All rows of the only input as floats, row after row. */
  float[] floats() {
    return fillings.get(0).floats();
  }

  /** The tensors of these rows, by input; the caller closes them. */
  Map<String, OnnxTensor> tensors(int[] chosen) {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Filling filling : fillings) {
        tensors.put(filling.input().name(), filling.tensor(chosen));
      }
      return tensors;
    } catch (RuntimeException e) {
      tensors.values().forEach(OnnxTensor::close);
      throw e;
    }
  }
}
