package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.ops.Operators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes compute the wanted values, in order, and when each value is needed for the last time.
 *
 * @param inputs of the graph that are needed
 */
record Plan(Set<String> inputs, List<Step> steps) {
  /**
   * One node.
   *
   * @param dead values that nothing needs after it
   */
  record Step(Node node, List<String> dead) {}

  static Plan of(OnnxModel model, Set<String> wanted, Set<String> known) {
    Set<String> needed = new HashSet<>(wanted);
    List<Node> nodes = new ArrayList<>();
    Map<String, Node> lastUse = new HashMap<>();
    for (int i = model.nodes().size() - 1; i >= 0; i--) {
      Node node = model.nodes().get(i);
      if (Outputs.names(node).stream().anyMatch(n -> needed.contains(n) && !known.contains(n))) {
        nodes.add(0, supported(model, node));
        for (String input : node.inputs()) {
          needed.add(input);
          lastUse.putIfAbsent(input, node);
        }
      }
    }
    Set<String> inputs = new LinkedHashSet<>();
    model.inputs().stream().map(ValueInfo::name).filter(needed::contains).forEach(inputs::add);
    requireKnown(model, wanted, known);
    List<Step> steps = new ArrayList<>();
    for (Node node : nodes) {
      steps.add(new Step(node, dead(node, lastUse, wanted)));
    }
    return new Plan(inputs, List.copyOf(steps));
  }

  private static List<String> dead(Node node, Map<String, Node> lastUse, Set<String> wanted) {
    Set<String> dead = new LinkedHashSet<>();
    for (String input : node.inputs()) {
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

  private static Node supported(OnnxModel model, Node node) {
    if (Operators.find(node.domain(), node.type()).isEmpty()) {
      throw new BadInputException(
          "%s: %s is an operator that gradients are not implemented for; attack it with scores only"
              .formatted(model.name(), node.label()));
    }
    return node;
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
