package io.afterimage.data;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An archive of NumPy arrays: the input, the label, and what else the user names. */
record NpzSource(InputFile file) implements ArraySource {
  private static final List<String> INPUTS =
      List.of("x", "X", "input", "inputs", "data", "images", "features");
  private static final List<String> LABELS =
      List.of("y", "Y", "label", "labels", "target", "targets");

  @Override
  public ArrayRows read(ReadOptions options, Storage storage, List<String> notices) {
    Map<String, NpyArray> arrays = Npz.archive(file, storage);
    NpyArray input = input(arrays);
    Map<String, TextColumns.Texts> columns = new LinkedHashMap<>();
    Optional<String> label = label(arrays, options);
    for (String name : named(options, label.stream().toList())) {
      columns.put(name, NpyRows.texts(column(arrays, name)));
    }
    Set<String> unused = new LinkedHashSet<>(arrays.keySet());
    unused.remove(input.name());
    unused.removeAll(columns.keySet());
    if (!unused.isEmpty()) {
      notices.add("%s: arrays %s are not used".formatted(file, unused));
    }
    return new ArrayRows(
        NpyRows.input(input.name(), file, input, options, storage, notices),
        columns.isEmpty() ? Optional.empty() : Optional.of(new TextColumns(file, columns)),
        label);
  }

  private Optional<String> label(Map<String, NpyArray> arrays, ReadOptions options) {
    if (options.label().isPresent()) {
      boolean optional = ArraySource.mayLackLabels(file.role());
      return options.label().filter(name -> !optional || arrays.containsKey(name));
    }
    return LABELS.stream().filter(name -> isColumn(arrays.get(name))).findFirst();
  }

  private NpyArray input(Map<String, NpyArray> arrays) {
    return INPUTS.stream()
        .filter(name -> isInput(arrays.get(name)))
        .map(arrays::get)
        .findFirst()
        .or(() -> arrays.values().stream().filter(NpzSource::isInput).findFirst())
        .orElseThrow(
            () -> file.bad("no array has rows and a second axis; it holds %s", arrays.keySet()));
  }

  private static Set<String> named(ReadOptions options, Collection<String> label) {
    Set<String> named = new LinkedHashSet<>(label);
    named.addAll(options.sensitive());
    options.person().ifPresent(named::add);
    options.rowId().ifPresent(named::add);
    return named;
  }

  private NpyArray column(Map<String, NpyArray> arrays, String name) {
    NpyArray array = arrays.get(name);
    if (array == null || !isColumn(array)) {
      throw file.bad(
          "there is no array %s with one axis; it holds %s", Show.quoted(name), arrays.keySet());
    }
    return array;
  }

  private static boolean isInput(@Nullable NpyArray array) {
    return array != null && array.rank() >= 2 && !array.isText();
  }

  private static boolean isColumn(@Nullable NpyArray array) {
    return array != null && array.rank() == 1;
  }
}
