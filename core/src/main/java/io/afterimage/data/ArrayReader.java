package io.afterimage.data;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.ArraySource.ArrayRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the arrays of all roles together; what else their files hold is read as a table. */
final class ArrayReader {
  private ArrayReader() {}

  static Map<String, Dataset> read(
      Map<String, ArraySource> sources, ReadOptions options, List<String> notices) {
    Storage storage = Storage.forReading();
    Map<String, ArrayRows> rows = new LinkedHashMap<>();
    sources.forEach(
        (role, source) -> {
          ArrayRows read = source.read(options, storage, notices);
          check(read.input().rows() > 0, "%s holds no rows", role);
          rows.put(role, read);
        });
    requireOneShape(rows);
    return join(rows, tables(rows, options, notices));
  }

  private static void requireOneShape(Map<String, ArrayRows> rows) {
    String first = rows.keySet().iterator().next();
    Shape shape = rows.values().iterator().next().input().shape();
    rows.forEach(
        (role, read) ->
            check(
                read.input().shape().equals(shape),
                "rows of %s are %s, but those of %s are %s; all roles need one shape",
                role,
                read.input().shape(),
                first,
                shape));
  }

  private static Map<String, Dataset> tables(
      Map<String, ArrayRows> rows, ReadOptions options, List<String> notices) {
    Map<String, TableSource> others = new LinkedHashMap<>();
    rows.forEach((role, read) -> read.others().ifPresent(table -> others.put(role, table)));
    if (others.isEmpty()) {
      notices.add("the arrays come without labels");
      return Map.of();
    }
    for (String role : rows.keySet()) {
      if (!others.containsKey(role)) {
        check(
            ArraySource.mayLackLabels(role),
            "some roles have labels (%s), %s has none; give them to all",
            others.keySet(),
            role);
        notices.add("%s comes without labels".formatted(role));
      }
    }
    Optional<String> label =
        rows.values().stream().flatMap(read -> read.label().stream()).findFirst();
    return TableReader.read(others, options.orLabel(label), notices);
  }

  private static Map<String, Dataset> join(
      Map<String, ArrayRows> rows, Map<String, Dataset> tables) {
    String input = rows.values().iterator().next().input().name();
    Map<String, Dataset> joined = new LinkedHashMap<>();
    rows.forEach(
        (role, read) -> {
          Map<String, Role> roles = new LinkedHashMap<>();
          roles.put(input, Role.FEATURE);
          List<Column> columns = new ArrayList<>(List.of(read.input().renamed(input)));
          Optional.ofNullable(tables.get(role))
              .ifPresent(
                  table -> {
                    check(
                        table.rows() == read.input().rows(),
                        "%s has %d arrays, but %d labels",
                        role,
                        read.input().rows(),
                        table.rows());
                    roles.putAll(table.schema().roles());
                    columns.addAll(table.columns());
                  });
          joined.put(role, Dataset.of(role, new Schema(roles), columns));
        });
    return joined;
  }
}
