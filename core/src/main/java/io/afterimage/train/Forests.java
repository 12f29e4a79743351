package io.afterimage.train;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.Run;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Grows classification trees and forests: CART with the Gini impurity (Breiman, Friedman, Olshen,
 * Stone 1984), random forests (Breiman 2001), and extremely randomised trees (Geurts, Ernst,
 * Wehenkel 2006).
 *
 * <p>Each tree draws from a generator of its own, so that a forest is the same for one seed
 * whatever the number of workers.
 */
public final class Forests {
  private Forests() {}

  /** How a node finds its threshold. */
  public enum Splits {
    /** The threshold of least impurity among all. */
    BEST,
    /** One threshold for each looked-at column, drawn evenly within the node's range. */
    RANDOM
  }

  /**
   * What a forest is grown by.
   *
   * @param trees how many, 1 to 10,000
   * @param maxDepth splits on the way to a leaf, 0 to 10,000; a tree of depth 0 is one leaf
   * @param minLeaf training rows that each leaf holds at least, from 1
   * @param featureShare share of the columns that each split looks at, above 0 to 1; at least one
   *     column. Where none of them can be split, further columns are looked at
   * @param bootstrap whether each tree sees a sample drawn with replacement, or every row
   * @param splits how a node finds its threshold
   */
  public record Settings(
      int trees, int maxDepth, int minLeaf, double featureShare, boolean bootstrap, Splits splits) {
    public Settings {
      inRange("trees", trees, 1, 10_000);
      inRange("maxDepth", maxDepth, 0, 10_000);
      atLeast("minLeaf", minLeaf, 1);
      above("featureShare", featureShare, 0, 1);
    }

    /** One tree that looks at every column and grows until its leaves are pure. */
    public static Settings tree() {
      return new Settings(1, 10_000, 1, 1, false, Splits.BEST);
    }

    /** Breiman's forest: bootstrap, the square root of the columns at each split, pure leaves. */
    public static Settings forest(int trees, int columns) {
      return new Settings(trees, 10_000, 1, 1 / Math.sqrt(columns), true, Splits.BEST);
    }

    /** Extremely randomised trees, on every row. */
    public static Settings extraTrees(int trees, int columns) {
      return new Settings(trees, 10_000, 1, 1 / Math.sqrt(columns), false, Splits.RANDOM);
    }

    public Settings withMaxDepth(int depth) {
      return new Settings(trees, depth, minLeaf, featureShare, bootstrap, splits);
    }

    public Settings withMinLeaf(int rows) {
      return new Settings(trees, maxDepth, rows, featureShare, bootstrap, splits);
    }

    /** The same forest with each tree grown on every row: each remembers all of them. */
    public Settings withoutBootstrap() {
      return new Settings(trees, maxDepth, minLeaf, featureShare, false, splits);
    }
  }

  /**
   * Grows a forest that tells the classes apart.
   *
   * @param labels the class of each row, 0 to {@code classes - 1}
   * @throws io.afterimage.base.BadInputException where there are no rows, or a value is not finite
   */
  public static Forest grow(Matrix table, int[] labels, int classes, Settings settings, Run run) {
    check(table.rows() > 0, "a forest needs rows to grow on, but there are none");
    table.checkFinite();
    Ranks ranks = Ranks.of(table);
    List<Tree> trees =
        Workers.map(
            run,
            "forest",
            settings.trees(),
            tree -> {
              RandomGenerator random = run.random("tree/" + tree);
              int[] rows = rows(table.rows(), settings.bootstrap(), random);
              return new TreeGrower(ranks, labels, classes, settings, random).grow(rows);
            });
    return new Forest(trees, table.columns());
  }

  private static int[] rows(int count, boolean bootstrap, RandomGenerator random) {
    int[] rows = IntStream.range(0, count).toArray();
    if (bootstrap) {
      Arrays.setAll(rows, i -> random.nextInt(count));
    }
    return rows;
  }
}
