package io.afterimage.graph.ops;

import io.afterimage.graph.Subgraph;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
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
      return scanOfBatches(c);
    }
    int carried = carried(c);
    List<Tensor> scanned = IntStream.range(carried, c.inputs()).mapToObj(c::x).toList();
    return scan(c, values(c, 0, carried), scanned);
  }

  /** From which input on they are scanned. */
  private static int carried(Call c) {
    long scanned = c.attributes().integer("num_scan_inputs", 0);
    if (scanned < 1 || scanned > c.inputs()) {
      throw c.error("scans %d of its %d inputs".formatted(scanned, c.inputs()));
    }
    return c.inputs() - (int) scanned;
  }

  private static List<Value> scan(Call c, List<Value> initial, List<Tensor> scanned) {
    Subgraph body = c.subgraph("body");
    List<Value> state = initial;
    int carried = state.size();
    Axes axes = new Axes(c, "scan_input", scanned.size());
    Collected collected = Collected.of(c, body, carried);
    long steps = steps(c, scanned, axes);
    for (long i = 0; i < steps; i++) {
      List<Value> given = new ArrayList<>(state);
      for (int k = 0; k < scanned.size(); k++) {
        given.add(Value.of(axes.slice(k, scanned.get(k), i)));
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

  /**
   * As in operator set 8: every input and output has an axis of examples before the others, and the
   * first input may tell how long each example is. What lies beyond its end is zero.
   */
  private static List<Value> scanOfBatches(Call c) {
    int carried = carried(c);
    long examples = c.x(carried).size(0);
    List<List<Tensor>> outputs = new ArrayList<>();
    for (int i = 0; i < examples; i++) {
      int example = i;
      List<Value> state =
          IntStream.range(1, carried).mapToObj(k -> Value.of(c.x(k).select(0, example))).toList();
      List<Tensor> scanned =
          IntStream.range(carried, c.inputs())
              .mapToObj(k -> ofExample(c, k - carried, c.x(k).select(0, example), example))
              .toList();
      outputs.add(scan(c, state, scanned).stream().map(v -> numbers(c, v)).toList());
    }
    if (outputs.isEmpty()) {
      throw c.error("scans no example");
    }
    return IntStream.range(0, outputs.get(0).size())
        .mapToObj(k -> Value.of(stacked(outputs.stream().map(o -> o.get(k)).toList())))
        .toList();
  }

  /** What of an example is scanned, in the order in which it is. */
  private static Tensor ofExample(Call c, int which, Tensor x, int example) {
    Tensor whole = c.has(0) ? x.narrow(0, 0, c.longs(0)[example]) : x;
    long[] directions = c.attributes().integers("directions").orElse(new long[0]);
    boolean backwards = which < directions.length && directions[which] != 0;
    return backwards ? Indexing.flip(whole, 0) : whole;
  }

  private static Tensor numbers(Call c, Value value) {
    if (value instanceof Value.Numbers numbers) {
      return numbers.tensor();
    }
    throw c.error("carries what is not numbers");
  }

  /** One behind the other, the shorter ones filled with zeros. */
  private static Tensor stacked(List<Tensor> examples) {
    if (examples.get(0).rank() == 0) {
      return Indexing.stack(examples, 0);
    }
    long longest = examples.stream().mapToLong(x -> x.size(0)).max().orElse(0);
    return Indexing.stack(
        examples.stream()
            .map(
                x -> {
                  long[] counts = new long[2 * x.rank()];
                  counts[counts.length - 1] = longest - x.size(0);
                  return Indexing.pad(x, 0, counts);
                })
            .toList(),
        0);
  }

  private static long steps(Call c, List<Tensor> scanned, Axes axes) {
    long[] lengths =
        IntStream.range(0, scanned.size())
            .mapToLong(i -> axes.length(i, scanned.get(i)))
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
