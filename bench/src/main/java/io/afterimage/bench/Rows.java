package io.afterimage.bench;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.train.Architecture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes datasets of arrays. */
final class Rows {
  private Rows() {}

  /**
   * Arrays with a class each.
   *
   * @param cells row after row
   * @param names of the classes
   */
  static Dataset of(String role, float[] cells, Shape row, int[] classes, List<String> names) {
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put(Architecture.INPUT, Role.FEATURE);
    roles.put("class", Role.LABEL);
    return Dataset.of(
        role,
        new Schema(roles),
        List.of(
            new Column.Array(Architecture.INPUT, cells, row),
            new Column.Categorical("class", classes, names)));
  }
}
