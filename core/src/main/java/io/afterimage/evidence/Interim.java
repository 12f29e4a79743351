package io.afterimage.evidence;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the adversary of a black box would have handed in, had it asked less: after some counts of
 * queries, the picture of each of some classes that it would have kept. What it had before it asked
 * is the start picture, and what it had in the end the reconstruction it keeps.
 *
 * @param queries that had been spent, a point each, ascending
 * @param classes whose pictures were kept, ascending
 * @param pixels picture after picture, those of a point together, in the units of the
 *     reconstructions
 */
public record Interim(List<Long> queries, int[] classes, float[] pixels) {
  /** Nothing was kept: nobody asks, or no picture is made before the end. */
  public static final Interim NONE = new Interim(List.of(), new int[0], new float[0]);

  private static final int MOST_POINTS = 16;

  /** Where the pictures of all classes would otherwise be too many. */
  private static final int FEW_POINTS = 8;

  public Interim {
    queries = List.copyOf(queries);
  }

  /**
   * How many points are kept at most: 16, or 8 where the pictures of so many classes would
   * otherwise take more than 16 MB.
   */
  public static int mostPoints(int classes, Shape shape) {
    return (long) classes * MOST_POINTS * shape.size() <= Stages.MOST_NUMBERS
        ? MOST_POINTS
        : FEW_POINTS;
  }

  /**
   * The classes whose pictures are kept, ascending: all of these, or as many drawn ones as 16 MB
   * hold at {@link #mostPoints}, and at least one. The draw does not depend on the order of
   * classes.
   *
   * @param subjects the classes that are rebuilt, each once
   * @param names of all classes
   */
  public static int[] kept(int[] subjects, List<String> names, Shape shape, Run run) {
    int most = Math.max(1, Stages.MOST_NUMBERS / mostPoints(subjects.length, shape) / shape.size());
    long[] drawn = new long[names.size()];
    Arrays.setAll(drawn, c -> run.seedFor("interim/" + names.get(c)));
    return IntStream.of(subjects)
        .boxed()
        .sorted(Comparator.comparingLong(c -> drawn[c]))
        .limit(most)
        .mapToInt(c -> c)
        .sorted()
        .toArray();
  }

  /** Pictures in all. */
  public int count() {
    return queries.size() * classes.length;
  }

  /** The class of each picture. */
  public int[] classOfEach() {
    return IntStream.range(0, count()).map(i -> classes[i % classes.length]).toArray();
  }

  /** A copy of each picture. */
  public List<float[]> pictures() {
    int size = count() == 0 ? 0 : pixels.length / count();
    return IntStream.range(0, count())
        .mapToObj(i -> Arrays.copyOfRange(pixels, i * size, (i + 1) * size))
        .toList();
  }
}
