package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Schedule;
import java.util.List;
import java.util.function.Consumer;

/**
 * Numbers that an optimiser moves down a cost, those of many reconstructions side by side.
 *
 * @param optimiser whose rate falls by the schedule
 * @param steps how many
 */
public record Descending(Optimiser optimiser, Schedule schedule, int steps) {

  /** What is descended. */
  public interface Cost {
    /**
     * The cost of all together: a sum over rows where they are to go their own ways.
     *
     * @param at the numbers, recorded by autograd
     * @param step from 0
     * @return a single number
     */
    Tensor of(Tensor at, int step);
  }

  /** Looks on. */
  public interface Watch {
    /** Nobody does. */
    Watch NONE = (at, step) -> {};

    /**
     * Sees where the numbers stand before a step is taken from there.
     *
     * @param at detached; changed by the step
     * @param step from 0
     */
    void see(Tensor at, int step);
  }

  /** Where they end, in the innermost scope, with nobody looking on. */
  public Tensor from(String name, Tensor start, Cost cost, Consumer<Tensor> bound, Run run) {
    return from(name, start, cost, bound, Watch.NONE, run);
  }

  /**
   * Where they end, in the innermost scope.
   *
   * @param name for progress
   * @param start left as it is
   * @param bound brings the numbers back to where they may be, in place, after every step
   */
  @SuppressWarnings("try") // scope and guard are there to close
  public Tensor from(
      String name, Tensor start, Cost cost, Consumer<Tensor> bound, Watch watch, Run run) {
    Tensor at = start.copy().requireGrad();
    try (Optimiser.Updates updates = optimiser.on(List.of(at))) {
      for (int step = 0; step < steps; step++) {
        run.progress(name, step, steps);
        try (TensorScope scope = new TensorScope()) {
          watch.see(at.detach(), step);
          Tensor all = cost.of(at, step);
          check(
              Double.isFinite(all.item()),
              "the cost is not finite after %d steps; lower --learning-rate",
              step);
          List<Tensor> gradients = Autograd.gradients(all, List.of(at), false);
          try (Autograd.Guard unrecorded = Autograd.noGrad()) {
            updates.apply(gradients, schedule.at(step, steps));
            bound.accept(at);
          }
        }
      }
      run.progress(name, steps, steps);
    }
    return at.detach();
  }
}
