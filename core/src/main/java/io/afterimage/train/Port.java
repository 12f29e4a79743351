package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.graph.FinalScores;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Outputs;
import io.afterimage.graph.Value;
import io.afterimage.graph.ValueInfo;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a network takes rows, and perhaps their classes, and where it is read.
 *
 * @param input of the rows
 * @param classes of the rows' classes, FLOAT [N, classes], one column each; empty where it is told
 *     none
 * @param value that is read
 */
record Port(ValueInfo input, Optional<ValueInfo> classes, String value) {
  /** The inputs of a network that is read at its first output. */
  static Port of(OnnxModel model) {
    List<ValueInfo> inputs = model.inputs();
    check(
        inputs.size() == 1 || inputs.size() == 2,
        "%s has %d inputs; there may be one, and a second for classes",
        model.name(),
        inputs.size());
    Optional<ValueInfo> classes = inputs.stream().skip(1).findFirst();
    classes.ifPresent(
        second ->
            check(
                second.dimensions().size() == 2 && second.dimensions().get(1).isFixed(),
                "%s takes classes as %s; it must take N x classes",
                model.name(),
                second.shape()));
    return new Port(inputs.get(0), classes, model.outputs().get(0).name());
  }

  /** The same, read before a final sigmoid; empty where the first output is not made by one. */
  static Optional<Port> beforeSigmoid(OnnxModel model) {
    Port port = of(model);
    return Outputs.finalScores(model, port.value)
        .filter(scores -> scores.link() == FinalScores.Link.SIGMOID)
        .map(scores -> new Port(port.input, port.classes, scores.value()));
  }

  /** How many classes it is told; 0 where it is told none. */
  long count() {
    return classes.map(info -> info.dimensions().get(1).extent()).orElse(0L);
  }

  /** The classes of these rows as it is told them: the examples' targets. */
  Optional<Tensor> told(Examples examples, int[] rows) {
    return classes.map(info -> Indexing.oneHot(examples.targets(rows), count()));
  }

  /** What it is given. */
  Map<String, Value> inputs(Tensor x, Optional<Tensor> told) {
    Map<String, Value> inputs = new LinkedHashMap<>();
    inputs.put(input.name(), Value.of(x));
    classes.ifPresent(info -> inputs.put(info.name(), Value.of(told.orElseThrow())));
    return inputs;
  }

  /** The numbers of these rows, whatever their input is called. */
  static Tensor numbers(Examples examples, Batch batch) {
    Examples shown = examples.inEpoch(batch.epoch());
    return ((Value.Numbers) shown.inputs(batch.rows()).values().iterator().next()).tensor();
  }
}
