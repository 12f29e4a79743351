package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Split;
import io.afterimage.train.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Rows that are one record twice, or nearly: nearer to each other than a twentieth of what most
 * rows are to their nearest neighbour. Inputs and label count, scaled; rows chain into groups. Of
 * more than 4,000 rows so many are drawn.
 */
public final class NearDuplicates {
  private static final int MOST_ROWS = 4_000;
  private static final double NEAR = 0.05;

  private final float[] values;
  private final int width;
  private final int rows;
  private final int[] parents;

  private NearDuplicates(Matrix table) {
    this.values = table.values();
    this.width = table.columns();
    this.rows = table.rows();
    this.parents = IntStream.range(0, rows).toArray();
  }

  /**
   * The groups of two rows and more.
   *
   * @return for each group whether each of its rows is a member's
   */
  public static List<boolean[]> groups(Split split, Run run) {
    List<Dataset> roles = List.of(split.members(), split.nonMembers());
    List<String> columns = new ArrayList<>(split.members().schema().inputs());
    columns.addAll(split.members().schema().names(Role.LABEL));
    Encoding encoding = Encoding.of(roles, columns, run.keyed("near-duplicates"));
    Matrix table = encoding.encode(split.members()).above(encoding.encode(split.nonMembers()));
    int[] member = new int[table.rows()];
    Arrays.fill(member, 0, split.members().rows(), 1);
    Sample sample = Sample.of(table, member, 2, roles).drawn(MOST_ROWS, run);
    NearDuplicates near = new NearDuplicates(sample.table());
    near.join(run);
    return near.groups(sample.labels());
  }

  private void join(Run run) {
    double[] nearest = new double[rows];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int a = 0; a < rows; a++) {
      run.checkCancelled();
      for (int b = a + 1; b < rows; b++) {
        double distance = squaredDistance(a, b, Math.max(nearest[a], nearest[b]));
        if (distance > 0) {
          nearest[a] = Math.min(nearest[a], distance);
          nearest[b] = Math.min(nearest[b], distance);
        }
      }
    }
    double near = NEAR * NEAR * median(nearest);
    for (int a = 0; a < rows; a++) {
      run.checkCancelled();
      for (int b = a + 1; b < rows; b++) {
        if (squaredDistance(a, b, near) <= near) {
          parents[root(b)] = root(a);
        }
      }
    }
  }

  /** Squared; where it passes the bound, some number beyond it. */
  private double squaredDistance(int a, int b, double bound) {
    double sum = 0;
    for (int i = 0; i < width && sum <= bound; i++) {
      double difference = values[a * width + i] - values[b * width + i];
      sum += difference * difference;
    }
    return sum;
  }

  private static double median(double[] distances) {
    double[] sorted = Arrays.stream(distances).filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private int root(int row) {
    int at = row;
    while (parents[at] != at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  }

  private List<boolean[]> groups(int[] member) {
    Map<Integer, List<Integer>> byRoot = new HashMap<>();
    for (int row = 0; row < rows; row++) {
      byRoot.computeIfAbsent(root(row), r -> new ArrayList<>()).add(row);
    }
    List<boolean[]> groups = new ArrayList<>();
    for (List<Integer> group : byRoot.values()) {
      if (group.size() > 1) {
        boolean[] inFirst = new boolean[group.size()];
        for (int i = 0; i < inFirst.length; i++) {
          inFirst[i] = member[group.get(i)] == 1;
        }
        groups.add(inFirst);
      }
    }
    return groups;
  }
}
