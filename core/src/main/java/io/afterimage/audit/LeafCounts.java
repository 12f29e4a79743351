package io.afterimage.audit;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TreeLeaves;
import io.afterimage.target.OnnxTarget;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * How many members share the leaves of a model's trees. The members pass through the trees twice,
 * to count and to look up, so that memory grows with the leaves and not with members times trees.
 */
final class LeafCounts {
  private LeafCounts() {}

  private record Leaf(String ensemble, int tree, long number) {}

  /**
   * For each member, how many members reach the emptiest of the leaves that it reaches, itself
   * among them.
   *
   * @throws BadInputException where the trees are written in a form that is not read
   */
  static int[] fewest(OnnxTarget target, OnnxModel graph, Dataset members) {
    OnnxModel told =
        TreeLeaves.told(graph)
            .orElseThrow(
                () ->
                    new BadInputException(
                        graph.name() + " holds trees in a form whose leaves are not read"));
    Map<Leaf, Integer> counts = new HashMap<>();
    trace(target, told, members, (row, leaf) -> counts.merge(leaf, 1, Integer::sum));
    int[] fewest = new int[members.rows()];
    Arrays.fill(fewest, Integer.MAX_VALUE);
    trace(
        target,
        told,
        members,
        (row, leaf) ->
            fewest[row] = Math.min(fewest[row], Objects.requireNonNull(counts.get(leaf))));
    for (int count : fewest) {
      check(
          count <= fewest.length,
          "%s computes the leaves of its trees otherwise than row by row; they are not read",
          graph.name());
    }
    return fewest;
  }

  private static void trace(
      OnnxTarget target, OnnxModel told, Dataset members, BiConsumer<Integer, Leaf> heard) {
    target.trace(
        told,
        members,
        (row, value, leaves) -> {
          for (int tree = 0; value.startsWith(TreeLeaves.PREFIX) && tree < leaves.length; tree++) {
            heard.accept(row, new Leaf(value, tree, (long) leaves[tree]));
          }
        });
  }
}
