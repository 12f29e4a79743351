package io.afterimage.graph.ops;

import io.afterimage.graph.ElementType;
import io.afterimage.graph.Subgraph;
import io.afterimage.graph.Value;
import io.afterimage.graph.ValueInfo;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/** What the steps of a loop leave behind, output by output. */
final class Collected {
  private static final int BYTES = 8;

  private final Call call;
  private final List<ValueInfo> outputs;
  private final List<List<Tensor>> slices = new ArrayList<>();
  private long bytes;

  private Collected(Call call, List<ValueInfo> outputs) {
    this.call = call;
    this.outputs = outputs;
    outputs.forEach(o -> slices.add(new ArrayList<>()));
  }

  /** Of the body's outputs from this one on. */
  static Collected of(Call call, Subgraph body, int from) {
    List<ValueInfo> outputs = body.outputs();
    if (outputs.size() < from) {
      throw call.error(
          "needs %d outputs of its graph, which has %d".formatted(from, outputs.size()));
    }
    return new Collected(call, outputs.subList(from, outputs.size()));
  }

  int size() {
    return outputs.size();
  }

  /** One step's. */
  void add(List<Value> step) {
    for (int i = 0; i < step.size(); i++) {
      if (!(step.get(i) instanceof Value.Numbers numbers)) {
        throw call.error("collects " + outputs.get(i).name() + ", which is not numbers");
      }
      bytes += BYTES * (1 + numbers.tensor().count());
      slices.get(i).add(numbers.tensor());
    }
    if (bytes > Call.MAX_VALUE_BYTES) {
      throw call.error("collects more than %d bytes".formatted(Call.MAX_VALUE_BYTES));
    }
  }

  /** The steps of each output joined; as declared, with no step, where there was none. */
  List<Value> stacked(Axes axes) {
    List<Value> stacked = new ArrayList<>();
    for (int i = 0; i < slices.size(); i++) {
      List<Tensor> steps = slices.get(i);
      stacked.add(Value.of(steps.isEmpty() ? none(axes, i) : axes.joined(i, steps)));
    }
    return stacked;
  }

  private Tensor none(Axes axes, int output) {
    ValueInfo info = outputs.get(output);
    DType type =
        info.element()
            .flatMap(ElementType::dtype)
            .map(call::type)
            .orElseThrow(() -> call.error("makes no step, and " + info.name() + " has no type"));
    long[] shape = info.dimensions().stream().mapToLong(d -> Math.max(0, d.extent())).toArray();
    Tensor one = Tensors.zeros(type, call.sized(shape));
    return axes.joined(output, List.of(one)).narrow(axes.axis(output, shape.length + 1), 0, 0);
  }
}
