package io.afterimage.graph.ops;

import io.afterimage.graph.Node;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Recurrent layers: RNN, LSTM and GRU, forward, in reverse or both.
 *
 * <p>The product of all inputs with their weights is one matrix product before the first step. An
 * example shorter than the others keeps its last state and answers zeros from its end on.
 */
final class Recurrent {
  private static final int WEIGHTS = 1;
  private static final int RECURRENCE = 2;
  private static final int BIAS = 3;
  private static final int LENGTHS = 4;
  // The cell's memory follows.
  private static final int INITIAL_HIDDEN = 5;

  private static final List<String> LONG_SHORT = List.of("Sigmoid", "Tanh", "Tanh");

  private Recurrent() {}

  /** Makes the cell of one direction. */
  private interface Kind {
    Cells.Cell cell(
        Call c, Cells.Weights weights, List<UnaryOperator<Tensor>> activations, int direction);
  }

  static void register() {
    Operators.many("RNN", c -> run(c, List.of("Tanh"), 1, (x, w, f, d) -> Cells.plain(w, f)));
    Operators.many(
        "GRU", c -> run(c, List.of("Sigmoid", "Tanh"), 1, (x, w, f, d) -> Cells.gated(x, w, f)));
    Operators.many("LSTM", c -> run(c, LONG_SHORT, 2, Cells::longShort));
    Operators.surrogate(
        Node.MICROSOFT, "DynamicQuantizeLSTM", Quantised.SURROGATE, Recurrent::quantised);
  }

  /**
   * LSTM with quantised weights, [directions, input or hidden, gates * hidden]; what they multiply
   * is quantised at each product, by its own range.
   */
  private static List<Value> quantised(Call c) {
    Call real =
        c.replaced(WEIGHTS, dequantised(c, WEIGHTS, 8))
            .replaced(RECURRENCE, dequantised(c, RECURRENCE, 10));
    Kind kind =
        (call, w, f, d) ->
            Cells.longShort(call, w.reading(x -> Quantisation.throughBytes(c, x)), f, d);
    return run(real, LONG_SHORT, 2, kind);
  }

  /** As the standard has them; a scale and a zero point a direction, or one a gate's unit too. */
  private static Tensor dequantised(Call c, int weights, int scale) {
    Tensor scales = c.x(scale);
    if (c.x(weights).rank() != 3 || scales.rank() < 1 || scales.rank() > 2) {
      throw c.error("has weights %s with scales %s".formatted(c.x(weights), scales));
    }
    Tensor zeros = c.x(scale + 1).to(scales.dtype());
    Tensor shifted = c.x(weights).to(scales.dtype()).sub(columns(zeros));
    return shifted.mul(columns(scales)).transpose(1, 2);
  }

  private static Tensor columns(Tensor numbers) {
    return numbers.reshape(numbers.size(0), 1, -1);
  }

  /** What one direction answers: [sequence, batch, hidden], and the state after the last step. */
  private record Pass(Tensor outputs, List<Tensor> state) {}

  /**
   * Runs the layer in every direction.
   *
   * @param functions the usual activations of one direction
   * @param states how many tensors make the state
   */
  private static List<Value> run(Call c, List<String> functions, int states, Kind kind) {
    boolean batchFirst = c.attributes().flag("layout", false);
    Tensor x = batchFirst ? c.x(0).transpose(0, 1) : c.x(0);
    List<Boolean> reversed = directions(c);
    if (x.rank() != 3 || c.x(RECURRENCE).rank() != 3 || c.x(WEIGHTS).rank() != 3) {
      throw c.error("has an input or weights without three dimensions");
    }
    c.sized(x.size(0), reversed.size(), x.size(1), c.x(RECURRENCE).size(1));
    var activations = GateActivations.of(c, functions, reversed.size());
    List<Pass> passes = new ArrayList<>();
    for (int d = 0; d < reversed.size(); d++) {
      var own = activations.subList(d * functions.size(), (d + 1) * functions.size());
      Cells.Cell cell = kind.cell(c, weights(c, d), own, d);
      passes.add(pass(c, x, cell, initial(c, x, d, states), reversed.get(d)));
    }
    return outputs(passes, states, batchFirst);
  }

  /** Y, then each part of the state, with the directions in an axis of their own. */
  private static List<Value> outputs(List<Pass> passes, int states, boolean batchFirst) {
    List<Value> outputs = new ArrayList<>();
    Tensor y = Indexing.stack(passes.stream().map(Pass::outputs).toList(), 1);
    outputs.add(Value.of(batchFirst ? y.permute(2, 0, 1, 3) : y));
    for (int s = 0; s < states; s++) {
      int part = s;
      Tensor last = Indexing.stack(passes.stream().map(p -> p.state().get(part)).toList(), 0);
      outputs.add(Value.of(batchFirst ? last.transpose(0, 1) : last));
    }
    return outputs;
  }

  /** Whether each direction reads from the end. */
  private static List<Boolean> directions(Call c) {
    return switch (c.attributes().text("direction", "forward")) {
      case "forward" -> List.of(false);
      case "reverse" -> List.of(true);
      case "bidirectional" -> List.of(false, true);
      default -> throw c.error("has a direction other than forward, reverse and bidirectional");
    };
  }

  private static Cells.Weights weights(Call c, int direction) {
    if (c.x(WEIGHTS).size(0) <= direction || c.x(RECURRENCE).size(0) <= direction) {
      throw c.error("has no weights for its second direction");
    }
    Tensor input = c.x(WEIGHTS).select(0, direction);
    return new Cells.Weights(
        input,
        c.x(RECURRENCE).select(0, direction),
        c.optional(BIAS)
            .map(b -> b.select(0, direction))
            .orElseGet(() -> Tensors.zeros(input.dtype(), 2 * input.size(0))),
        UnaryOperator.identity());
  }

  private static Pass pass(
      Call c, Tensor x, Cells.Cell cell, List<Tensor> initial, boolean reversed) {
    Optional<Tensor> lengths = c.optional(LENGTHS).map(t -> t.to(DType.LONG));
    Tensor read = reversed ? turned(c, x, lengths) : x;
    Tensor inputs = cell.inputs(read.reshape(-1, read.size(2)));
    List<Tensor> steps = Indexing.unbind(inputs.reshape(x.size(0), x.size(1), inputs.size(1)), 0);
    List<Tensor> state = initial;
    List<Tensor> outputs = new ArrayList<>();
    for (int t = 0; t < steps.size(); t++) {
      List<Tensor> seen = new ArrayList<>(state);
      if (t > 0) {
        // Zeros where an example has ended: all that a cell may make of the whole batch.
        seen.set(0, outputs.get(t - 1));
      }
      List<Tensor> next = cell.step().next(steps.get(t), seen);
      if (lengths.isPresent()) {
        Tensor goesOn = lengths.get().gt(t).unsqueeze(1);
        next = chosen(goesOn, next, state);
        outputs.add(next.get(0).where(goesOn, Tensors.zerosLike(next.get(0))));
      } else {
        outputs.add(next.get(0));
      }
      state = next;
    }
    Tensor y =
        outputs.isEmpty()
            ? Tensors.zeros(x.dtype(), 0, x.size(1), state.get(0).size(1))
            : Indexing.stack(outputs, 0);
    return new Pass(reversed ? turned(c, y, lengths) : y, state);
  }

  private static List<Tensor> chosen(Tensor condition, List<Tensor> then, List<Tensor> otherwise) {
    List<Tensor> chosen = new ArrayList<>();
    for (int i = 0; i < then.size(); i++) {
      chosen.add(then.get(i).where(condition, otherwise.get(i)));
    }
    return chosen;
  }

  /** The steps of each example from its last to its first; what follows its end stays. */
  private static Tensor turned(Call c, Tensor x, Optional<Tensor> lengths) {
    if (lengths.isEmpty()) {
      return Indexing.flip(x, 0);
    }
    Tensor places = Reversal.places(c, x.size(0), lengths.get());
    return Indexing.gather(x, 0, places.unsqueeze(2).expand(x.shape()));
  }

  private static List<Tensor> initial(Call c, Tensor x, int direction, int states) {
    boolean batchFirst = c.attributes().flag("layout", false);
    long[] shape = {x.size(1), c.x(RECURRENCE).size(2)};
    List<Tensor> state = new ArrayList<>();
    for (int input = INITIAL_HIDDEN; input < INITIAL_HIDDEN + states; input++) {
      state.add(
          c.optional(input)
              .map(t -> t.select(batchFirst ? 1 : 0, direction))
              .orElseGet(() -> Tensors.zeros(x.dtype(), shape)));
    }
    return state;
  }
}
