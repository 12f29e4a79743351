package io.afterimage.train;

import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Tables for tests. */
final class Tables {
  private Tables() {}

  /** Cells of a standard normal distribution. */
  static Matrix normal(int rows, int columns, long seed) {
    return new Matrix(Gaussians.floats(rows * columns, Run.of(seed).random("table")), columns);
  }

  /** A number, a number with gaps, a text with gaps, and a label of three classes. */
  static Dataset mixed(int rows, long seed) {
    RandomGenerator random = Run.of(seed).random("table");
    double[] age = new double[rows];
    double[] income = new double[rows];
    int[] town = new int[rows];
    int[] label = new int[rows];
    for (int row = 0; row < rows; row++) {
      age[row] = 20 + random.nextInt(60);
      income[row] = random.nextInt(5) == 0 ? Double.NaN : 1e6 + 300 * random.nextGaussian();
      town[row] = random.nextInt(4) - 1;
      label[row] = town[row] < 0 ? 2 : age[row] > 50 ? 1 : 0;
    }
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("age", Role.FEATURE);
    roles.put("income", Role.FEATURE);
    roles.put("town", Role.FEATURE);
    roles.put("label", Role.LABEL);
    return Dataset.of(
        "table",
        new Schema(roles),
        List.of(
            new Column.Numeric("age", age),
            new Column.Numeric("income", income),
            new Column.Categorical("town", town, List.of("Aix", "Ulm", "Łódź")),
            new Column.Categorical("label", label, List.of("a", "b", "c"))));
  }
}
