package io.afterimage.graph;

import io.afterimage.graph.ops.Operators;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells whether gradients flow from a model's inputs to a value. */
public final class Gradients {
  private final Set<String> reached = new HashSet<>();
  private String reason = "no input of real numbers leads to it";

  private Gradients() {}

  /** Why a value has no gradients with respect to any input; empty where it has. */
  public static Optional<String> missing(OnnxModel model, String value) {
    Gradients gradients = new Gradients();
    model.inputs().stream()
        .filter(i -> i.element().filter(ElementType::isFloating).isPresent())
        .forEach(i -> gradients.reached.add(i.name()));
    gradients.follow(model.nodes());
    return gradients.reached.contains(value) ? Optional.empty() : Optional.of(gradients.reason);
  }

  private void follow(List<Node> nodes) {
    for (Node node : nodes) {
      if (node.reads().stream().anyMatch(reached::contains) && flowsThrough(node)) {
        reached.addAll(Outputs.names(node));
      }
    }
  }

  private boolean flowsThrough(Node node) {
    Optional<Operators.Entry> entry = Operators.find(node.domain(), node.type());
    if (entry.filter(Operators.Entry::differentiable).isEmpty()) {
      reason =
          node.label()
              + " has no gradient: "
              + entry.map(Operators.Entry::reason).orElse("the interpreter does not know it");
      return false;
    }
    return node.attributes().subgraphs().isEmpty() || flowsThroughSubgraph(node);
  }

  /** Whether any graph inside answers something that is reached. */
  private boolean flowsThroughSubgraph(Node node) {
    boolean given = node.inputs().stream().anyMatch(reached::contains);
    boolean flows = false;
    for (Subgraph subgraph : node.attributes().subgraphs()) {
      if (given) {
        reached.addAll(subgraph.inputs());
      }
      follow(subgraph.nodes());
      flows |= subgraph.outputs().stream().anyMatch(o -> reached.contains(o.name()));
    }
    return flows;
  }
}
