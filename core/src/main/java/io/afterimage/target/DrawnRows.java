package io.afterimage.target;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.graph.Categories;
import io.afterimage.graph.OnnxModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Rows drawn to fit a graph's inputs, for a look at a model without data: standard normal numbers,
 * zeros and ones where whole numbers are wanted, of texts those that the graph tells apart.
 */
final class DrawnRows {
  private static final int ROWS = 5;
  private static final long MOST_CELLS = 1 << 22;

  private DrawnRows() {}

  /** A few rows; empty where an extent is open or one row is very large. */
  static Optional<Dataset> of(OnnxModel model, List<GraphInput> inputs) {
    Map<String, Role> roles = new LinkedHashMap<>();
    List<Column> columns = new ArrayList<>();
    for (GraphInput input : inputs) {
      Optional<Integer> width = input.width();
      if (width.isEmpty() || width.get() > MOST_CELLS || (input.takesText() && width.get() > 1)) {
        return Optional.empty();
      }
      roles.put(input.name(), Role.FEATURE);
      columns.add(column(model, input, width.get()));
    }
    return Optional.of(Dataset.of("drawn", new Schema(roles), columns));
  }

  private static Column column(OnnxModel model, GraphInput input, int width) {
    RandomGenerator random = Run.of(0).random(input.name());
    if (input.takesText()) {
      return texts(input.name(), Categories.of(model, input.name()), random);
    }
    float[] values = new float[ROWS * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = input.type().isFloating() ? (float) random.nextGaussian() : random.nextInt(2);
    }
    return new Column.Array(input.name(), values, new Shape(width));
  }

  private static Column texts(String name, Categories categories, RandomGenerator random) {
    List<String> drawn = Stream.generate(() -> categories.drawn(random)).limit(ROWS).toList();
    List<String> dictionary = drawn.stream().distinct().toList();
    int[] codes = drawn.stream().mapToInt(dictionary::indexOf).toArray();
    return new Column.Categorical(name, codes, dictionary);
  }
}
