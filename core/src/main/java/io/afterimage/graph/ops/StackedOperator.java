package io.afterimage.graph.ops;

import io.afterimage.tensor.Tensor;
import java.util.Optional;

/** What one operator computes for several models at once, whose parameters stand in a stack. */
@FunctionalInterface
public interface StackedOperator {
  /** Where an input comes from. */
  enum Source {
    /** Rows of the first model, then of the second: [models * n, …]. */
    ROWS,
    /** Parameters, or what is made of them alone: [models, …]. */
    MODELS,
    /** The same for all models. */
    ALIKE
  }

  /**
   * What is stacked.
   *
   * @param models how many there are
   */
  record Stack(int models, Source... sources) {
    boolean is(int input, Source source) {
      return input < sources.length && sources[input] == source;
    }
  }

  /**
   * Its output, of all rows, or of all models where no rows flow in; empty where it has no form.
   */
  Optional<Tensor> run(Call call, Stack stack);
}
