package io.afterimage.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names as they stand in a file's head. */
final class ColumnNames {
  private ColumnNames() {}

  /** The name of a column that has none. */
  static String numbered(int column) {
    return "c" + (column + 1);
  }

  /** The names, all different; one that is empty becomes its number, with a notice. */
  static List<String> checked(InputFile file, List<String> names, List<String> notices) {
    List<String> checked = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int c = 0; c < names.size(); c++) {
      String name = names.get(c).isBlank() ? numbered(c) : names.get(c);
      if (names.get(c).isBlank()) {
        notices.add("%s: column %d has no name and is called %s".formatted(file, c + 1, name));
      }
      Integer before = seen.putIfAbsent(name, c);
      if (before != null) {
        throw file.bad(
            "columns %d and %d are both called %s; rename one",
            before + 1, c + 1, Show.quoted(name));
      }
      checked.add(name);
    }
    long numbers = names.stream().filter(n -> Numbers.kind(n) == Numbers.Kind.NUMBER).count();
    if (numbers > 0 && numbers < names.size()) {
      notices.add(
          file + ": some column names are numbers; if the first line is a row, say --header none");
    }
    return List.copyOf(checked);
  }
}
