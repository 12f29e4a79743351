package io.afterimage.judge;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pictures of people for tests. */
final class People {
  private People() {}

  /** Rows of pixels "x", each of one "person". */
  static Dataset rows(String role, float[] pixels, Shape shape, int[] people, List<String> names) {
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("x", Role.FEATURE);
    roles.put("person", Role.LABEL);
    return Dataset.of(
        role,
        new Schema(roles),
        List.of(
            new Column.Array("x", pixels, shape), new Column.Categorical("person", people, names)));
  }
}
