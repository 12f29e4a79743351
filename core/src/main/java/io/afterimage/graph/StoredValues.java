package io.afterimage.graph;

import io.afterimage.graph.ops.Operators;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model holds from run to run: its trainable parameters, its constants, and what follows
 * from constants alone.
 */
final class StoredValues implements AutoCloseable {
  private final OnnxModel model;
  private final DType real;
  private final TensorScope owner = TensorScope.owner();
  private final Map<String, Value> constants = new HashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  /**
   * @param real the type that stands for FLOAT
   */
  StoredValues(OnnxModel model, DType real) {
    this.model = model;
    this.real = real;
    try {
      TensorScope.run(this::load);
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  private void load() {
    for (String name : model.initializers()) {
      constants.put(name, owned(TensorData.value(model.initializer(name).orElseThrow())));
    }
    for (Parameter parameter : model.parameters()) {
      if (parameter.trainable()) {
        parameters.put(parameter.name(), stored(parameter.name()));
        constants.remove(parameter.name());
      }
    }
  }

  private Tensor stored(String name) {
    if (constants.get(name) instanceof Value.Numbers numbers) {
      return numbers.tensor();
    }
    Tensor tensor =
        Parameters.constant(model, name)
            .map(TensorData::tensor)
            .orElseGet(() -> Parameters.coefficients(model, name));
    return owner.adopt(typed(tensor));
  }

  private Value owned(Value value) {
    return value.map(tensor -> owner.adopt(typed(tensor)));
  }

  /** The type in which a graph's values of this type are computed. */
  DType typed(DType type) {
    return type == DType.FLOAT ? real : type;
  }

  /** The same numbers in the type in which they are computed. */
  Tensor typed(Tensor tensor) {
    return tensor.to(typed(tensor.dtype()));
  }

  /** The type that stands for FLOAT. */
  DType real() {
    return real;
  }

  /** The trainable parameters by name, as stored. */
  Map<String, Tensor> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** The averages of batch normalisation by name, as stored. */
  Map<String, Tensor> averages() {
    Map<String, Tensor> averages = new LinkedHashMap<>();
    for (String name : Averages.names(model)) {
      if (constants.get(name) instanceof Value.Numbers numbers) {
        averages.put(name, numbers.tensor());
      }
    }
    return averages;
  }

  /** Whether a node computes the same in every run. */
  boolean determines(Node node) {
    return !parameters.containsKey(node.outputs().get(0))
        && node.reads().stream().allMatch(i -> i.isEmpty() || constants.containsKey(i))
        && Operators.find(node.domain(), node.type()).isPresent();
  }

  /** What nodes that read constants alone may read. */
  Map<String, Value> constants() {
    return Collections.unmodifiableMap(constants);
  }

  /**
   * Keeps a constant that was computed from others.
   *
   * @param scope in which it was
   */
  void keep(String name, Value value, TensorScope scope) {
    constants.put(
        name, value.map(tensor -> owner.adopt(scope.holds(tensor) ? tensor : tensor.alias())));
  }

  /** A parameter or constant; null where there is none of this name. */
  @Nullable Value find(String name, Map<String, Tensor> exchanged) {
    Tensor parameter = parameters.get(name);
    return parameter == null
        ? constants.get(name)
        : Value.of(exchanged.getOrDefault(name, parameter));
  }

  /** A parameter, or what stands for it. */
  Optional<Tensor> parameter(String name, Map<String, Tensor> exchanged) {
    return Optional.ofNullable(parameters.get(name))
        .map(stored -> exchanged.getOrDefault(name, stored));
  }

  /** What need not be computed: all that is stored, less what depends on replaced defaults. */
  Plan.Known known(Set<String> replaced) {
    Map<String, Value> fixed = new HashMap<>(constants);
    Set<String> names = new HashSet<>(constants.keySet());
    names.addAll(parameters.keySet());
    if (!replaced.isEmpty()) {
      Set<String> changed = new HashSet<>(replaced);
      for (Node node : model.allNodes()) {
        if (node.reads().stream().anyMatch(changed::contains)) {
          changed.addAll(Outputs.names(node));
        }
      }
      names.removeAll(changed);
      fixed.keySet().removeAll(changed);
    }
    return new Plan.Known(names, fixed);
  }

  @Override
  public void close() {
    owner.close();
  }
}
