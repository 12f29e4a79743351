package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.ops.Operator;
import io.afterimage.graph.ops.Operators;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node of a plan, with all looked up that is the same in every run. */
final class Step {
  private final Node node;
  private final Operator operator;
  private final @Nullable Value[] constants;
  private final List<String> dead;

  private Step(Node node, Operator operator, @Nullable Value[] constants, List<String> dead) {
    this.node = node;
    this.operator = operator;
    this.constants = constants;
    this.dead = dead;
  }

  /**
   * Looks a node's operator and inputs up; a BadInputException where the operator is not known.
   *
   * @param dead values that nothing needs after it
   */
  static Step of(String model, Node node, Map<String, Value> constants, List<String> dead) {
    @Nullable Value[] found = new Value[node.inputs().size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = constants.get(node.inputs().get(i));
    }
    return new Step(node, operator(model, node), found, dead);
  }

  static Operator operator(String model, Node node) {
    return Operators.find(node.domain(), node.type())
        .orElseThrow(
            () ->
                new BadInputException(
                    "%s: the interpreter does not know the operator of %s; attack the model by its scores"
                        .formatted(model, node.label())))
        .operator();
  }

  Node node() {
    return node;
  }

  Operator operator() {
    return operator;
  }

  /** For each input the constant that it reads, null where it reads something else; a copy. */
  @Nullable Value[] constants() {
    return constants.clone();
  }

  List<String> dead() {
    return dead;
  }
}
