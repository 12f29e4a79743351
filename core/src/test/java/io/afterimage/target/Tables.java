package io.afterimage.target;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small datasets for tests. */
final class Tables {
  private Tables() {}

  /** A table of these columns, all of them inputs. */
  static Dataset of(String name, Column... columns) {
    Map<String, Role> roles = new LinkedHashMap<>();
    for (Column column : columns) {
      roles.put(column.name(), Role.FEATURE);
    }
    return Dataset.of(name, new Schema(roles), List.of(columns));
  }

  static Column.Numeric numbers(String name, double... values) {
    return new Column.Numeric(name, values);
  }

  static Column.Categorical texts(String name, String... values) {
    List<String> dictionary = Arrays.stream(values).distinct().toList();
    int[] codes = Arrays.stream(values).mapToInt(dictionary::indexOf).toArray();
    return new Column.Categorical(name, codes, dictionary);
  }

  /** The same column of numbers or texts under another name. */
  static Column renamed(Column column, String name) {
    return column instanceof Column.Categorical texts
        ? new Column.Categorical(name, texts.codes(), texts.dictionary())
        : new Column.Numeric(name, ((Column.Numeric) column).values());
  }
}
