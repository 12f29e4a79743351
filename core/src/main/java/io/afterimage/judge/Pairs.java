package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Reconstructions of a class and the members that they are assigned to, each to another, so that
 * they correlate best together.
 *
 * @param rebuilt which reconstructions are paired
 * @param members where the member of each stands; -1 where there are fewer members and others took
 *     them
 * @param among among how many members they were looked for
 */
record Pairs(int[] rebuilt, int[] members, int among) {
  /** Of a class at most: an assignment takes as many steps as the cube of it. */
  static final int MOST_REBUILT = 1 << 10;

  /** Correlations of a class at most: 32 MB of them. */
  private static final int MOST_CORRELATIONS = 1 << 22;

  /**
   * Where pairs are looked for.
   *
   * @param members of all classes
   * @param rows that they were read from
   * @param mostRebuilt reconstructions of a class at most; of more, as many are drawn
   * @param mostCorrelations of a class at most; of more members than leaves each reconstruction, as
   *     many are drawn
   */
  record Ground(Pictures members, Dataset rows, Run run, int mostRebuilt, int mostCorrelations) {
    Ground(Pictures members, Dataset rows, Run run) {
      this(members, rows, run, MOST_REBUILT, MOST_CORRELATIONS);
    }

    /**
     * The pairs of one class, which has a member and a reconstruction.
     *
     * @param rebuilt which reconstructions are of the class
     * @param shown the picture of each
     */
    Pairs of(int subject, int[] rebuilt, IntFunction<float[]> shown) {
      int[] some = drawn(subject, rebuilt);
      int[] places = drawn(members.of(subject), mostCorrelations / some.length);
      double[][] cost =
          IntStream.of(some)
              .mapToObj(i -> Nearest.correlations(shown.apply(i), members, places))
              .map(row -> Arrays.stream(row).map(correlation -> -correlation).toArray())
              .toArray(double[][]::new);
      int[] assigned = Arrays.stream(Assignment.of(cost)).map(i -> i < 0 ? i : places[i]).toArray();
      return new Pairs(some, assigned, places.length);
    }

    private int[] drawn(int subject, int[] rebuilt) {
      return rebuilt.length <= mostRebuilt
          ? rebuilt
          : Arrays.stream(run.shuffled("paired/" + subject, rebuilt.length))
              .limit(mostRebuilt)
              .sorted()
              .map(i -> rebuilt[i])
              .toArray();
    }

    private int[] drawn(int[] places, int most) {
      return places.length <= most
          ? places
          : Arrays.stream(Drawn.order(members, places, rows, run)).limit(most).sorted().toArray();
    }
  }
}
