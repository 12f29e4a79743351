package io.afterimage.graph.ops;

import io.afterimage.graph.Subgraph;
import io.afterimage.graph.Value;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that run graphs inside them: branches and loops. Gradients flow through what ran. */
final class ControlFlow {
  private ControlFlow() {}

  static void register() {
    Operators.many("If", ControlFlow::branch);
    Operators.many("Loop", ControlFlow::loop);
    Operators.many("Scan", ControlFlow::scan);
  }

  private static List<Value> branch(Call c) {
    return c.run(c.subgraph(c.truth(0) ? "then_branch" : "else_branch"), List.of());
  }

  /**
   * The body's inputs are the iteration, the condition and the state; its outputs the condition,
   * the state and what is collected.
   */
  private static List<Value> loop(Call c) {
    Subgraph body = c.subgraph("body");
    long most = c.has(0) ? c.number(0) : Long.MAX_VALUE;
    boolean goesOn = !c.has(1) || c.truth(1);
    List<Value> state = values(c, 2, c.inputs());
    Collected collected = Collected.of(c, body, 1 + state.size());
    for (long i = 0; i < most && goesOn; i++) {
      List<Value> given = new ArrayList<>();
      given.add(Value.of(Tensors.scalar(i)));
      given.add(Value.of(Tensors.of(new boolean[] {true})));
      given.addAll(state);
      List<Value> results = c.run(body, given);
      free(given);
      goesOn = c.truth(results.get(0));
      state = results.subList(1, 1 + state.size());
      collected.add(results.subList(1 + state.size(), results.size()));
    }
    List<Value> outputs = new ArrayList<>(state);
    outputs.addAll(collected.stacked(new Axes(c, "scan_output", collected.size())));
    return outputs;
  }

  /** The body's inputs are the state and one slice of each scanned input. */
  private static List<Value> scan(Call c) {
    if (c.opset() < 9) {
      throw c.error("is a Scan over batches as before operator set 9, which is not supported");
    }
    Subgraph body = c.subgraph("body");
    int scanned = (int) c.attributes().integer("num_scan_inputs", 0);
    if (scanned < 1 || scanned > c.inputs()) {
      throw c.error("scans %d of its %d inputs".formatted(scanned, c.inputs()));
    }
    List<Value> state = values(c, 0, c.inputs() - scanned);
    int carried = state.size();
    Axes axes = new Axes(c, "scan_input", scanned);
    Collected collected = Collected.of(c, body, carried);
    long steps = steps(c, carried, axes);
    for (long i = 0; i < steps; i++) {
      List<Value> given = new ArrayList<>(state);
      for (int k = 0; k < scanned; k++) {
        given.add(Value.of(axes.slice(k, c.x(carried + k), i)));
      }
      List<Value> results = c.run(body, given);
      free(given);
      state = results.subList(0, carried);
      collected.add(results.subList(carried, results.size()));
    }
    List<Value> outputs = new ArrayList<>(state);
    outputs.addAll(collected.stacked(new Axes(c, "scan_output", collected.size())));
    return outputs;
  }

  private static long steps(Call c, int carried, Axes axes) {
    long[] lengths =
        IntStream.range(carried, c.inputs())
            .mapToLong(i -> axes.length(i - carried, c.x(i)))
            .distinct()
            .toArray();
    if (lengths.length != 1) {
      throw c.error("scans inputs of different lengths");
    }
    return lengths[0];
  }

  private static List<Value> values(Call c, int from, int to) {
    return IntStream.range(from, to).mapToObj(c::value).toList();
  }

  /** Frees what the last step gave to this one; what came from outside stays. */
  private static void free(List<Value> given) {
    TensorScope scope = TensorScope.current();
    for (Value value : given) {
      value.forEach(
          tensor -> {
            if (scope.holds(tensor)) {
              tensor.close();
            }
          });
    }
  }
}
