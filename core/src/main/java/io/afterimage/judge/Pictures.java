package io.afterimage.judge;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of one class each, as arrays in the target's own units, so that they can be compared with
 * reconstructions.
 *
 * @param shape of one picture
 * @param pixels one picture after another, each in C order
 * @param classes the class of each, as an index into the target's; -1 where it has none
 * @param rows where each stands in its dataset
 */
record Pictures(Shape shape, List<float[]> pixels, int[] classes, int[] rows) {
  private static final int NUMBERS = 1 << 26;

  Pictures {
    pixels = List.copyOf(pixels);
  }

  /**
   * The inputs of these rows: one array column, or numeric columns side by side. Of more than 64
   * million numbers, as many rows as fit, drawn.
   *
   * @param shape that one row must fill
   * @param classNames the target's classes
   */
  static Pictures of(Dataset rows, Shape shape, List<String> classNames, Run run) {
    List<Column> inputs = rows.inputs();
    int[] chosen = Drawn.rows(rows, Math.max(1, NUMBERS / shape.size()), run);
    List<float[]> pixels = new ArrayList<>();
    for (int row : chosen) {
      pixels.add(row(inputs, row, rows.name()));
    }
    if (!pixels.isEmpty() && pixels.get(0).length != shape.size()) {
      throw new BadInputException(
          "%s has %d numbers a row, but a reconstruction has %d (%s)"
              .formatted(rows.name(), pixels.get(0).length, shape.size(), shape));
    }
    return new Pictures(shape, pixels, classes(rows, chosen, classNames), chosen);
  }

  private static int[] classes(Dataset rows, int[] chosen, List<String> classNames) {
    if (!(rows.label().orElse(null) instanceof Column.Categorical label)) {
      return IntStream.generate(() -> -1).limit(chosen.length).toArray();
    }
    int[] index = label.dictionary().stream().mapToInt(classNames::indexOf).toArray();
    return Arrays.stream(chosen)
        .map(row -> label.code(row) < 0 ? -1 : index[label.code(row)])
        .toArray();
  }

  private static float[] row(List<Column> inputs, int row, String name) {
    if (inputs.size() == 1 && inputs.get(0) instanceof Column.Array array) {
      return array.row(row);
    }
    float[] numbers = new float[inputs.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(inputs.get(i) instanceof Column.Numeric numeric)) {
        throw new BadInputException(
            "%s: column %s is not numeric, so that a reconstruction cannot be compared with it"
                .formatted(name, inputs.get(i).name()));
      }
      numbers[i] = (float) numeric.get(row);
    }
    return numbers;
  }

  /** Those that stand at these places here. */
  Pictures select(int[] places) {
    return new Pictures(
        shape,
        Arrays.stream(places).mapToObj(pixels::get).toList(),
        Arrays.stream(places).map(i -> classes[i]).toArray(),
        Arrays.stream(places).map(i -> rows[i]).toArray());
  }

  /** These and then others, all of which are said to be of one class. */
  Pictures and(Pictures others, int subject) {
    List<float[]> both = new ArrayList<>(pixels);
    both.addAll(others.pixels());
    int[] of = Arrays.copyOf(classes, both.size());
    Arrays.fill(of, count(), both.size(), subject);
    int[] stand = Arrays.copyOf(rows, both.size());
    System.arraycopy(others.rows(), 0, stand, count(), others.count());
    return new Pictures(shape, both, of, stand);
  }

  int count() {
    return classes.length;
  }

  /** Where those of this class stand here, ascending. */
  int[] of(int subject) {
    return IntStream.range(0, count()).filter(row -> classes[row] == subject).toArray();
  }

  /** The mean of the pictures at these places; there must be one at least. */
  float[] mean(int[] places) {
    double[] sum = new double[shape.size()];
    for (int place : places) {
      float[] picture = pixels.get(place);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += picture[i];
      }
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / places.length);
    }
    return mean;
  }

  /** The least and the greatest number in any picture. */
  Range range() {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float[] picture : pixels) {
      for (float value : picture) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    return new Range(low, high);
  }

  /** Values that pixels take, ends included. */
  record Range(float low, float high) {
    float width() {
      return high - low;
    }

    float middle() {
      return low + width() / 2;
    }
  }
}
