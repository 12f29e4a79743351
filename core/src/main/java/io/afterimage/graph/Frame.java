package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A graph at work: the values that it holds by now, and those of the graphs around it. */
final class Frame {
  /** How many nodes of subgraphs one run executes: a bound on loops that never end. */
  static final int MAX_STEPS = 1 << 18;

  private final Run run;
  private final @Nullable Frame outer;
  private final Map<String, Value> values = new HashMap<>();

  /** What all frames of a run share. */
  private static final class Run {
    private final Map<String, Tensor> exchanged;
    private final Set<String> replaced;
    private final Optional<Draws> training;
    private int steps;

    Run(Map<String, Tensor> exchanged, Set<String> replaced, Optional<Draws> training) {
      this.exchanged = exchanged;
      this.replaced = replaced;
      this.training = training;
    }
  }

  /**
   * Of the main graph.
   *
   * @param exchanged tensors that stand for parameters
   * @param replaced names of the defaults for which inputs were given
   * @param training what draws where the graph runs as in training
   */
  Frame(Map<String, Tensor> exchanged, Set<String> replaced, Optional<Draws> training) {
    this(new Run(exchanged, replaced, training), null);
  }

  private Frame(Run run, @Nullable Frame outer) {
    this.run = run;
    this.outer = outer;
  }

  /** Of a subgraph that is about to execute so many nodes of this node. */
  Frame inner(int nodes, Node node) {
    run.steps += 1 + nodes;
    if (run.steps > MAX_STEPS) {
      throw new BadInputException(
          "%s does not end: its graph has executed more than %d nodes"
              .formatted(node.label(), MAX_STEPS));
    }
    return new Frame(run, this);
  }

  Map<String, Tensor> exchanged() {
    return run.exchanged;
  }

  Set<String> replaced() {
    return run.replaced;
  }

  Optional<Draws> training() {
    return run.training;
  }

  void put(String name, Value value) {
    values.put(name, value);
  }

  void forEach(BiConsumer<String, Value> action) {
    values.forEach(action);
  }

  /** Forgets a value of its own, and gives it. */
  @Nullable Value remove(String name) {
    return values.remove(name);
  }

  /** The value of this name, here or in the graphs around; null where there is none. */
  @Nullable Value find(String name) {
    Value value = values.get(name);
    return value != null || outer == null ? value : outer.find(name);
  }
}
