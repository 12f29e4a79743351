package io.afterimage.graph;

import io.afterimage.graph.ops.Operators;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells whether gradients flow from a model's inputs and parameters to a value. */
public final class Gradients {
  private final Set<String> reached = new HashSet<>();
  private String reason;

  private Gradients(OnnxModel model, Collection<String> sources, String otherwise) {
    reason = otherwise;
    reached.addAll(sources);
    follow(model.nodes());
  }

  /** Why a value has no gradients with respect to any input; empty where it has. */
  public static Optional<String> missing(OnnxModel model, String value) {
    return new Gradients(model, reals(model), "no input of real numbers leads to it")
        .missing(value);
  }

  /** Why a value has no gradients with respect to any parameter; empty where it has. */
  public static Optional<String> missingByParameters(OnnxModel model, String value) {
    return new Gradients(model, parameters(model), "it has no parameter that can be trained")
        .missing(value);
  }

  /** The inputs with respect to which a value has gradients. */
  public static List<String> inputs(OnnxModel model, String value) {
    return reals(model).stream()
        .filter(input -> new Gradients(model, List.of(input), "").missing(value).isEmpty())
        .toList();
  }

  private Optional<String> missing(String value) {
    return reached.contains(value) ? Optional.empty() : Optional.of(reason);
  }

  private static List<String> reals(OnnxModel model) {
    return model.inputs().stream()
        .filter(i -> i.element().filter(ElementType::isFloating).isPresent())
        .map(ValueInfo::name)
        .toList();
  }

  /** What holds them: stored values, and the results of those that stand in attributes. */
  private static Set<String> parameters(OnnxModel model) {
    Set<String> names = new HashSet<>();
    model.parameters().stream()
        .filter(Parameter::trainable)
        .forEach(parameter -> names.add(parameter.name()));
    model.allNodes().stream()
        .filter(node -> Parameters.namesWithin(node).stream().anyMatch(names::contains))
        .forEach(node -> names.addAll(Outputs.names(node)));
    return names;
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
