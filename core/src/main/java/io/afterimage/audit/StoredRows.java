package io.afterimage.audit;

import io.afterimage.data.Split;
import io.afterimage.graph.EmbeddingLookups;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.StoredMatrix;
import io.afterimage.target.OnnxTarget;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds rows that a model carries: nearest neighbours, support vectors, points of a Gaussian
 * process. A row is carried where some value that the graph computes of it, or is given, equals a
 * row of a stored matrix; so scaled rows are found wherever the graph scales them. Rows that equal
 * what somebody who was not trained on has too are not counted: zeros, rows of a unit matrix,
 * people who are alike. Neither are rows of an embedding that the graph looked up: they equal a
 * stored row because they were taken from there.
 */
final class StoredRows {
  /** Least numbers in a row: one number is anybody's. */
  private static final int LEAST_WIDTH = 2;

  /** Float computes a scaled value to about seven digits. */
  private static final double RELATIVE = 1e-5;

  private final Map<Integer, List<Entry>> byWidth = new HashMap<>();

  /** A stored row, with the sum by which it is looked up. */
  private record Entry(double[] row, double sum) {}

  private StoredRows(List<StoredMatrix> matrices) {
    Set<DoubleBuffer> known = new HashSet<>();
    for (StoredMatrix matrix : matrices) {
      for (double[] row : matrix.rows()) {
        if (!known.add(DoubleBuffer.wrap(row))) {
          continue; // tables of zeros hold one row many times
        }
        Entry entry = new Entry(row, Arrays.stream(row).sum());
        byWidth.computeIfAbsent(row.length, w -> new ArrayList<>()).add(entry);
      }
    }
    byWidth.values().forEach(rows -> rows.sort(Comparator.comparingDouble(Entry::sum)));
  }

  /** For each member 1 where the model carries it and no non-member equals it, else 0. */
  static int[] carried(OnnxTarget target, OnnxModel graph, Split split) {
    Set<String> copies = EmbeddingLookups.copies(graph);
    Set<Integer> widths = new HashSet<>();
    target.trace(
        graph, split.members().select(new int[] {0}), (row, value, x) -> widths.add(x.length));
    widths.removeIf(width -> width < LEAST_WIDTH);
    StoredRows stored = new StoredRows(StoredMatrix.of(graph, widths));
    Set<Entry> anybodys = new HashSet<>();
    target.trace(
        graph,
        split.nonMembers(),
        (row, value, x) -> {
          if (!copies.contains(value)) {
            anybodys.addAll(stored.equalTo(x));
          }
        });
    int[] carried = new int[split.members().rows()];
    target.trace(
        graph,
        split.members(),
        (row, value, x) -> {
          if (!copies.contains(value)
              && stored.equalTo(x).stream().anyMatch(entry -> !anybodys.contains(entry))) {
            carried[row] = 1;
          }
        });
    return carried;
  }

  private List<Entry> equalTo(double[] x) {
    List<Entry> rows = byWidth.getOrDefault(x.length, List.of());
    double sum = Arrays.stream(x).sum();
    double reach = x.length * tolerance(Arrays.stream(x).map(Math::abs).max().orElse(0));
    List<Entry> equal = new ArrayList<>();
    for (int i = firstFrom(rows, sum - reach); i < rows.size(); i++) {
      if (!(rows.get(i).sum <= sum + reach)) {
        break;
      }
      if (equal(rows.get(i).row, x)) {
        equal.add(rows.get(i));
      }
    }
    return equal;
  }

  private static double tolerance(double size) {
    return RELATIVE * size;
  }

  private static boolean equal(double[] stored, double[] x) {
    for (int i = 0; i < x.length; i++) {
      if (!(Math.abs(stored[i] - x[i]) <= tolerance(Math.max(1e-3, Math.abs(x[i]))))) {
        return false;
      }
    }
    return true;
  }

  private static int firstFrom(List<Entry> rows, double sum) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows.get(middle).sum < sum) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
