package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes compute the wanted values, in order, and when each value is needed for the last time.
 *
 * @param needed names of all values that are read, those that are given among them
 */
record Plan(Set<String> needed, List<Step> steps) {
  /**
   * Of a model's main graph.
   *
   * @param known what need not be computed
   */
  static Plan of(OnnxModel model, Set<String> wanted, Known known) {
    requireKnown(model, wanted, known.names());
    return of(model.name(), model.nodes(), wanted, known);
  }

  /**
   * What need not be computed.
   *
   * @param names of all of it, parameters among them
   * @param constants what is the same in every run
   */
  record Known(Set<String> names, Map<String, Value> constants) {}

  /** Of the nodes of one graph, each after those that it needs. */
  static Plan of(String model, List<Node> nodes, Set<String> wanted, Known known) {
    Set<String> needed = new HashSet<>(wanted);
    List<Node> chosen = new ArrayList<>();
    Map<String, Node> lastUse = new HashMap<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (Outputs.names(node).stream()
          .anyMatch(n -> needed.contains(n) && !known.names().contains(n))) {
        node.withNested().forEach(n -> Step.operator(model, n));
        chosen.add(node);
        for (String input : node.reads()) {
          needed.add(input);
          lastUse.putIfAbsent(input, node);
        }
      }
    }
    Collections.reverse(chosen);
    Set<String> kept = new HashSet<>(wanted);
    kept.addAll(known.names());
    List<Step> steps =
        chosen.stream()
            .map(node -> Step.of(model, node, known.constants(), dead(node, lastUse, kept)))
            .toList();
    return new Plan(needed, steps);
  }

  private static List<String> dead(Node node, Map<String, Node> lastUse, Set<String> kept) {
    Set<String> dead = new LinkedHashSet<>();
    for (String input : node.reads()) {
      if (node.equals(lastUse.get(input)) && !kept.contains(input)) {
        dead.add(input);
      }
    }
    for (String output : Outputs.names(node)) {
      if (!lastUse.containsKey(output) && !kept.contains(output)) {
        dead.add(output);
      }
    }
    return List.copyOf(dead);
  }

  private static void requireKnown(OnnxModel model, Set<String> wanted, Set<String> known) {
    for (String name : wanted) {
      boolean found =
          known.contains(name)
              || model.inputs().stream().anyMatch(i -> i.name().equals(name))
              || model.nodes().stream().anyMatch(n -> Outputs.names(n).contains(name));
      if (!found) {
        throw new BadInputException("%s has no value %s".formatted(model.name(), name));
      }
    }
  }
}
