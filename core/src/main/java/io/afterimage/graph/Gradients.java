package io.afterimage.graph;

import io.afterimage.graph.ops.Operators;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Tells whether gradients flow from a model's inputs to a value. */
public final class Gradients {
  private Gradients() {}

  /** Why a value has no gradients with respect to any input; empty where it has. */
  public static Optional<String> missing(OnnxModel model, String value) {
    Set<String> reached = new HashSet<>();
    model.inputs().stream()
        .filter(i -> i.element().filter(ElementType::isFloating).isPresent())
        .forEach(i -> reached.add(i.name()));
    String reason = "no input of real numbers leads to it";
    for (Node node : model.nodes()) {
      if (node.reads().stream().anyMatch(reached::contains)) {
        Optional<Operators.Entry> entry = Operators.find(node.domain(), node.type());
        if (entry.filter(Operators.Entry::differentiable).isPresent()) {
          reached.addAll(Outputs.names(node));
        } else {
          reason =
              node.label()
                  + " has no gradient: "
                  + entry.map(Operators.Entry::reason).orElse("it is not implemented");
        }
      }
    }
    return reached.contains(value) ? Optional.empty() : Optional.of(reason);
  }
}
