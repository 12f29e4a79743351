package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Overlap;
import io.afterimage.data.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * How many rows of the second dataset stand in the first as well, beside what chance gives.
 *
 * <p>Tables of few categories hold the same row many times. If the two sets were drawn from one
 * pool, then dealing the pool out again gives as many shared rows; a row that was put into both
 * files gives about twice as many. Rows that occur once in the pool cannot be shared, so only the
 * others are dealt.
 *
 * @param shared rows of the second that also stand in the first
 * @param expected mean of the same count over {@value #DEALS} deals
 * @param spread its standard deviation
 */
public record SharedRows(int shared, double expected, double spread) {
  private static final int DEALS = 200;

  /** Beyond it a normal count falls once in 1,000 deals. */
  private static final double BEYOND = 3.1;

  /** Counts the rows that stand in both, by their inputs and label. */
  public static SharedRows between(Dataset first, Dataset second, Run run) {
    long[] a = Overlap.hashes(first);
    long[] b = Overlap.hashes(second);
    List<boolean[]> groups = groups(a, b);
    return dealt(groups, a.length / (double) (a.length + b.length), run);
  }

  /** The same of rows that are nearly alike, in a sample of the two roles. */
  public static SharedRows near(Split split, Run run) {
    int members = split.members().rows();
    double share = members / (double) (members + split.nonMembers().rows());
    return dealt(NearDuplicates.groups(split, run), share, run);
  }

  private static SharedRows dealt(List<boolean[]> groups, double share, Run run) {
    RandomGenerator random = run.random("shared rows");
    double[] counts = new double[DEALS];
    Arrays.setAll(counts, deal -> groups.stream().mapToInt(g -> dealt(g, share, random)).sum());
    double mean = Arrays.stream(counts).average().orElse(0);
    double variance = Arrays.stream(counts).map(c -> (c - mean) * (c - mean)).sum() / (DEALS - 1);
    return new SharedRows(
        groups.stream().mapToInt(SharedRows::shared).sum(), mean, Math.sqrt(variance));
  }

  /** Whether more rows are shared than chance explains. */
  public boolean beyondChance() {
    return shared > expected + BEYOND * Math.max(spread, 0.5);
  }

  /** Rows that occur more than once in the pool, by content: whether each stands in the first. */
  private static List<boolean[]> groups(long[] a, long[] b) {
    Map<Long, int[]> counts = new HashMap<>();
    LongStream.of(a).forEach(hash -> counts.computeIfAbsent(hash, h -> new int[2])[0]++);
    LongStream.of(b).forEach(hash -> counts.computeIfAbsent(hash, h -> new int[2])[1]++);
    List<boolean[]> groups = new ArrayList<>();
    for (int[] count : counts.values()) {
      if (count[0] + count[1] > 1) {
        boolean[] inFirst = new boolean[count[0] + count[1]];
        Arrays.fill(inFirst, 0, count[0], true);
        groups.add(inFirst);
      }
    }
    return groups;
  }

  private static int shared(boolean[] inFirst) {
    int first = 0;
    for (boolean in : inFirst) {
      first += in ? 1 : 0;
    }
    return first == 0 ? 0 : inFirst.length - first;
  }

  private static int dealt(boolean[] group, double share, RandomGenerator random) {
    boolean[] dealt = new boolean[group.length];
    for (int i = 0; i < dealt.length; i++) {
      dealt[i] = random.nextDouble() < share;
    }
    return shared(dealt);
  }
}
