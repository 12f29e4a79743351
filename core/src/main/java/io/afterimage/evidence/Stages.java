package io.afterimage.evidence;

import io.afterimage.data.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How some of the reconstructions came about: where the search for each stood on its way. Of each
 * the first stage is where it began, after 0 steps; where it ended is the reconstruction.
 *
 * @param rows the reconstruction that each stage belongs to, ascending
 * @param steps how many steps led there, ascending within a reconstruction
 * @param pixels picture after picture, in the units of the reconstructions
 */
public record Stages(int[] rows, int[] steps, float[] pixels) {
  /** No way was kept: the attack does not search, or the run is older than strips. */
  public static final Stages NONE = new Stages(new int[0], new int[0], new float[0]);

  /** Of one reconstruction. */
  public static final int MOST_OF_EACH = 8;

  private static final int MOST_ROWS = 40;

  /** Of all pictures that are kept of ways. */
  static final int MOST_NUMBERS = 1 << 22;

  /** Where the search for one reconstruction stood after so many steps. */
  public record Stage(int row, int steps, float[] picture) {}

  /** These, in whatever order. */
  public static Stages of(List<Stage> taken) {
    List<Stage> stages =
        taken.stream()
            .sorted(Comparator.comparingInt(Stage::row).thenComparingInt(Stage::steps))
            .toList();
    int size = stages.isEmpty() ? 0 : stages.get(0).picture().length;
    float[] pixels = new float[stages.size() * size];
    for (int i = 0; i < stages.size(); i++) {
      System.arraycopy(stages.get(i).picture(), 0, pixels, i * size, size);
    }
    return new Stages(
        stages.stream().mapToInt(Stage::row).toArray(),
        stages.stream().mapToInt(Stage::steps).toArray(),
        pixels);
  }

  /**
   * The reconstructions whose way is kept, ascending: the first of each class, then the second and
   * so on, at most 40, and fewer where their pictures would take more than 16 MB.
   *
   * @param classes of all reconstructions
   */
  public static int[] kept(int[] classes, Shape shape) {
    int most = Math.min(MOST_ROWS, MOST_NUMBERS / MOST_OF_EACH / shape.size());
    return firstOfEach(classes, Math.max(1, most));
  }

  /**
   * So many reconstructions, ascending: the first of each class, then the second and so on.
   *
   * @param classes of all reconstructions
   */
  public static int[] firstOfEach(int[] classes, int most) {
    int[] numbers = new int[classes.length];
    int[] found = new int[Arrays.stream(classes).max().orElse(0) + 1];
    Arrays.setAll(numbers, row -> found[classes[row]]++);
    return IntStream.range(0, classes.length)
        .boxed()
        .sorted(Comparator.comparingInt(row -> numbers[row]))
        .limit(most)
        .mapToInt(row -> row)
        .sorted()
        .toArray();
  }

  /** Those of one reconstruction, in order; none where its way was not kept. */
  public List<Stage> of(int row) {
    List<Stage> own = new ArrayList<>();
    int size = rows.length == 0 ? 0 : pixels.length / rows.length;
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == row) {
        own.add(new Stage(row, steps[i], Arrays.copyOfRange(pixels, i * size, (i + 1) * size)));
      }
    }
    return own;
  }
}
