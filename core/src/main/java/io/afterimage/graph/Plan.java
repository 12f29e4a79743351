package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.ops.Operators;
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
   * One node.
   *
   * @param dead values that nothing needs after it
   */
  record Step(Node node, List<String> dead) {}

  /**
   * Of a model's main graph.
   *
   * @param known values that need not be computed
   */
  static Plan of(OnnxModel model, Set<String> wanted, Set<String> known) {
    requireKnown(model, wanted, known);
    return of(model.name(), model.nodes(), wanted, known);
  }

  /** Of the nodes of one graph, each after those that it needs. */
  static Plan of(String model, List<Node> nodes, Set<String> wanted, Set<String> known) {
    Set<String> needed = new HashSet<>(wanted);
    List<Node> chosen = new ArrayList<>();
    Map<String, Node> lastUse = new HashMap<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (Outputs.names(node).stream().anyMatch(n -> needed.contains(n) && !known.contains(n))) {
        node.withNested().forEach(n -> requireSupported(model, n));
        chosen.add(node);
        for (String input : node.reads()) {
          needed.add(input);
          lastUse.putIfAbsent(input, node);
        }
      }
    }
    Collections.reverse(chosen);
    List<Step> steps =
        chosen.stream().map(node -> new Step(node, dead(node, lastUse, wanted))).toList();
    return new Plan(needed, steps);
  }

  private static List<String> dead(Node node, Map<String, Node> lastUse, Set<String> wanted) {
    Set<String> dead = new LinkedHashSet<>();
    for (String input : node.reads()) {
      if (node.equals(lastUse.get(input)) && !wanted.contains(input)) {
        dead.add(input);
      }
    }
    for (String output : Outputs.names(node)) {
      if (!lastUse.containsKey(output) && !wanted.contains(output)) {
        dead.add(output);
      }
    }
    return List.copyOf(dead);
  }

  private static void requireSupported(String model, Node node) {
    if (Operators.find(node.domain(), node.type()).isEmpty()) {
      throw new BadInputException(
          "%s: %s is an operator that gradients are not implemented for; attack it with scores only"
              .formatted(model, node.label()));
    }
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
