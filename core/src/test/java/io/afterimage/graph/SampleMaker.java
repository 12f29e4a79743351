package io.afterimage.graph;

import io.afterimage.graph.GradientSamples.Sample;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes small models of single operators, of drawn numbers. */
abstract class SampleMaker {
  private final Draws draws;
  private final List<Sample> samples = new ArrayList<>();

  SampleMaker(Draws draws) {
    this.draws = draws;
  }

  /** Makes all of its kind. */
  abstract void make();

  /** Those that it makes; their tensors belong to the innermost scope. */
  final List<Sample> made() {
    make();
    return samples;
  }

  final Tensor drawn(long... shape) {
    return draws.normal(DType.DOUBLE, 0, 1, shape);
  }

  final float[] numbers(int count) {
    return draws.normal(count).toFloats();
  }

  static Tensor whole(long... values) {
    return Tensors.of(values, values.length);
  }

  final void add(String operator, @Nullable Tensor... inputs) {
    add(operator, node -> node, 1, inputs);
  }

  final void add(String operator, UnaryOperator<OneNode> settings, @Nullable Tensor... inputs) {
    add(operator, settings, 1, inputs);
  }

  final void add(
      String operator, UnaryOperator<OneNode> settings, int outputs, @Nullable Tensor... inputs) {
    List<@Nullable Value> values = new ArrayList<>();
    for (Tensor input : inputs) {
      values.add(input == null ? null : Value.of(input));
    }
    addValues(operator, settings, outputs, values);
  }

  final void addValues(
      String operator, UnaryOperator<OneNode> settings, int outputs, List<@Nullable Value> inputs) {
    int colon = operator.indexOf(':');
    String domain = operator.substring(0, colon);
    long opset = domain.isEmpty() ? 26 : domain.equals(Node.ML) ? 3 : 1;
    OneNode node = settings.apply(OneNode.of(domain, operator.substring(colon + 1), opset));
    OnnxModel model = node.model(outputs, inputs);
    samples.add(new Sample(Set.of(operator), model, OneNode.given(inputs)));
  }

  final void add(Set<String> operators, GraphBuilder graph, Tensor... inputs) {
    OnnxModel model = graph.build();
    Map<String, Value> given = new LinkedHashMap<>();
    List<ValueInfo> infos = model.inputs();
    for (int i = 0; i < inputs.length; i++) {
      given.put(infos.get(i).name(), Value.of(inputs[i]));
    }
    samples.add(new Sample(operators, model, given));
  }
}
