package io.afterimage.graph.ops;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One step of each recurrent layer. Gates stand side by side in the order of the standard. */
final class Cells {
  private static final int PEEPHOLES = 7;

  private Cells() {}

  /** The state after a step; its first tensor is what the cell answers. */
  @FunctionalInterface
  interface Step {
    /**
     * Takes one step.
     *
     * @param gates what the inputs of this step bring: [batch, gates * hidden]
     * @param state before it
     */
    List<Tensor> next(Tensor gates, List<Tensor> state);
  }

  /**
   * The parameters of one direction.
   *
   * @param input [gates * hidden, input]
   * @param recurrence [gates * hidden, hidden]
   * @param bias [2 * gates * hidden]: of the input, then of the recurrence
   * @param operand what becomes of the other operand of their products
   */
  record Weights(Tensor input, Tensor recurrence, Tensor bias, UnaryOperator<Tensor> operand) {
    /** The same, the other operand changed first. */
    Weights reading(UnaryOperator<Tensor> change) {
      return new Weights(input, recurrence, bias, change);
    }

    long hidden() {
      return recurrence.size(1);
    }

    Tensor inputBias() {
      return bias.narrow(0, 0, input.size(0));
    }

    Tensor recurrentBias() {
      return bias.narrow(0, input.size(0), input.size(0));
    }

    /** The recurrent weights of some gates, transposed. */
    Tensor recurrence(int gate, int count) {
      return recurrence.narrow(0, gate * hidden(), count * hidden()).t();
    }

    /** Cuts gates apart, so many at a time: one backward step where a view each would take many. */
    List<Tensor> split(Tensor gates, int... counts) {
      return Indexing.split(gates, 1, Arrays.stream(counts).mapToLong(n -> n * hidden()).toArray());
    }

    Tensor gate(Tensor all, int gate) {
      return all.narrow(-1, gate * hidden(), hidden());
    }
  }

  /**
   * A recurrent cell.
   *
   * @param bias of the inputs' share of the gates
   */
  record Cell(Weights weights, Tensor bias, Step step) {
    /** What the inputs of all steps, [steps * batch, input], bring to the gates. */
    Tensor inputs(Tensor x) {
      return bias.addmm(weights.operand().apply(x), weights.input().t());
    }
  }

  /** H = f(X W + H R + b). */
  static Cell plain(Weights w, List<UnaryOperator<Tensor>> f) {
    Tensor recurrence = w.recurrence(0, 1);
    return new Cell(
        w,
        w.inputBias().add(w.recurrentBias()),
        (gates, state) ->
            List.of(f.get(0).apply(gates.addmm(w.operand().apply(state.get(0)), recurrence))));
  }

  /** Gates i, o, f, c. Hochreiter, Schmidhuber: Long Short-Term Memory, 1997. */
  static Cell longShort(Call c, Weights w, List<UnaryOperator<Tensor>> f, int direction) {
    Tensor recurrence = w.recurrence(0, 4);
    boolean coupled = c.attributes().flag("input_forget", false);
    Optional<Tensor> peepholes = c.optional(PEEPHOLES).map(p -> p.select(0, direction));
    return new Cell(
        w,
        w.inputBias().add(w.recurrentBias()),
        (gates, state) -> {
          Tensor hidden = w.operand().apply(state.get(0));
          List<Tensor> all = w.split(gates.addmm(hidden, recurrence), 3, 1);
          Tensor memory = state.get(1);
          Tensor closed = peepholes.map(p -> peeped(w, p, all.get(0), memory)).orElse(all.get(0));
          List<Tensor> open = w.split(f.get(0).apply(closed), 1, 1, 1);
          Tensor candidate = f.get(1).apply(all.get(1));
          Tensor in = open.get(0);
          Tensor kept = coupled ? memory.sub(memory.mul(in)) : memory.mul(open.get(2));
          Tensor cell = kept.add(in.mul(candidate));
          Tensor out =
              peepholes
                  .map(p -> f.get(0).apply(w.gate(all.get(0), 1).add(w.gate(p, 1).mul(cell))))
                  .orElse(open.get(1));
          return List.of(out.mul(f.get(2).apply(cell)), cell);
        });
  }

  /** The gates i, o and f, of which i and f see the memory before the step. */
  private static Tensor peeped(Weights w, Tensor peepholes, Tensor gates, Tensor memory) {
    return Indexing.cat(
        List.of(
            w.gate(gates, 0).add(w.gate(peepholes, 0).mul(memory)),
            w.gate(gates, 1),
            w.gate(gates, 2).add(w.gate(peepholes, 2).mul(memory))),
        1);
  }

  /** Gates z, r, h. Cho et al.: Learning Phrase Representations, 2014. */
  static Cell gated(Call c, Weights w, List<UnaryOperator<Tensor>> f) {
    Tensor recurrence = w.recurrence(0, 2);
    Tensor candidates = w.recurrence(2, 1);
    boolean linearFirst = c.attributes().flag("linear_before_reset", false);
    Tensor own = w.gate(w.recurrentBias(), 2);
    // Where the reset gate acts after the product, its bias is reset too.
    Tensor shared =
        linearFirst
            ? Indexing.pad(w.recurrentBias().narrow(0, 0, 2 * w.hidden()), 0, 0, w.hidden())
            : w.recurrentBias();
    return new Cell(
        w,
        w.inputBias().add(shared),
        (gates, state) -> {
          Tensor hidden = state.get(0);
          List<Tensor> parts = w.split(gates, 2, 1);
          Tensor read = w.operand().apply(hidden);
          List<Tensor> open = w.split(f.get(0).apply(parts.get(0).addmm(read, recurrence)), 1, 1);
          Tensor update = open.get(0);
          Tensor reset = open.get(1);
          Tensor fresh = parts.get(1);
          Tensor candidate =
              f.get(1)
                  .apply(
                      linearFirst
                          ? fresh.add(reset.mul(own.addmm(read, candidates)))
                          : fresh.addmm(w.operand().apply(reset.mul(hidden)), candidates));
          return List.of(candidate.add(update.mul(hidden.sub(candidate))));
        });
  }
}
