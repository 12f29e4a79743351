package io.afterimage.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Follows rows through nodes in their order. Where a node leaves more than one axis for the rows,
 * all are tried until one leads to the end.
 */
final class RowSearch {
  private static final int MOST_TRIES = 100_000;

  private final RowGraph graph;
  private final List<Node> nodes;
  private final Map<String, RowAxis> rows;
  private int furthest = -1;
  private String reason = "";

  /**
   * @param rows where they lie at the start
   */
  RowSearch(RowGraph graph, List<Node> nodes, Map<String, RowAxis> rows) {
    this.graph = graph;
    this.nodes = nodes;
    this.rows = new HashMap<>(rows);
  }

  /**
   * One step for each node; empty where none leads to the end.
   *
   * @param end why the rows must not end so; empty where they may
   */
  Optional<List<RowStep>> to(Function<Map<String, RowAxis>, Optional<String>> end) {
    List<List<RowStep>> open = new ArrayList<>(); // of each node so far, what is still to be tried
    int tries = 0;
    while (open.size() < nodes.size() || !ends(end)) {
      List<RowStep> ways = open.size() < nodes.size() ? ways(open.size()) : List.of();
      if (!ways.isEmpty()) {
        open.add(ways);
      } else if (!turnBack(open)) {
        return Optional.empty();
      }
      if (++tries > MOST_TRIES) {
        reason = "its reshapes leave too many readings";
        return Optional.empty();
      }
      place(open.size() - 1, open.get(open.size() - 1).get(0));
    }
    return Optional.of(open.stream().map(ways -> ways.get(0)).toList());
  }

  private boolean ends(Function<Map<String, RowAxis>, Optional<String>> end) {
    Optional<String> why = end.apply(rows);
    why.ifPresent(w -> note(Integer.MAX_VALUE, w));
    return why.isEmpty();
  }

  /** Why there is no way, of the node that was reached last. */
  String reason() {
    return reason;
  }

  /** Where the rows lie in a value after the search; empty where it has none. */
  Optional<RowAxis> rows(String value) {
    return Optional.ofNullable(rows.get(value));
  }

  private static boolean turnBack(List<List<RowStep>> open) {
    while (!open.isEmpty()) {
      List<RowStep> ways = open.remove(open.size() - 1);
      if (ways.size() > 1) {
        open.add(ways.subList(1, ways.size()));
        return true;
      }
    }
    return false;
  }

  private List<RowStep> ways(int index) {
    RowLook look = new RowLook(nodes.get(index), graph, rows);
    boolean inside = RowBodies.reads(look.proto(), rows.keySet());
    try {
      if (look.rowed().isEmpty() && !inside) {
        return look.withoutRows();
      }
      look.require(!inside || RowLoops.stepsThrough(look.node()), "may mix rows");
      return RowRules.of(look);
    } catch (RowLook.MixedException e) {
      note(index, String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private void note(int index, String why) {
    if (index > furthest) {
      furthest = index;
      reason = why;
    }
  }

  private void place(int index, RowStep step) {
    List<String> outputs = nodes.get(index).outputs();
    for (int i = 0; i < outputs.size(); i++) {
      if (step.outputs().get(i).isPresent() && !outputs.get(i).isEmpty()) {
        rows.put(outputs.get(i), step.outputs().get(i).get());
      } else {
        rows.remove(outputs.get(i));
      }
    }
  }
}
