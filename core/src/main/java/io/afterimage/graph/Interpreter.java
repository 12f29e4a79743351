package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.ops.Call;
import io.afterimage.graph.ops.Operators;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Executes a model operator by operator on tensors, so that autograd can differentiate it with
 * respect to inputs, parameters and everything between.
 *
 * <p>Holds the model's tensors until it is closed; may be run from several threads. What {@link
 * #run} gives belongs to the caller's innermost scope. Call {@code requireGrad} on an input or
 * parameter beforehand to have gradients.
 */
public final class Interpreter implements AutoCloseable {
  private final OnnxModel model;
  private final DType real;
  private final TensorScope owner = TensorScope.owner();
  private final Map<String, Value> constants = new HashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<Set<String>, Plan> plans = new ConcurrentHashMap<>();

  private Interpreter(OnnxModel model, DType real) {
    this.model = model;
    this.real = real;
    try {
      TensorScope.run(this::load);
      fold();
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  /** Executes the model in its own precision. */
  public static Interpreter of(OnnxModel model) {
    return new Interpreter(model, DType.FLOAT);
  }

  /** Executes the model with every FLOAT as a DOUBLE. */
  public static Interpreter inDouble(OnnxModel model) {
    return new Interpreter(model, DType.DOUBLE);
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
    return owner.adopt(tensor.to(typed(tensor.dtype())));
  }

  private DType typed(DType type) {
    return type == DType.FLOAT ? real : type;
  }

  private Value owned(Value value) {
    if (value instanceof Value.Numbers numbers) {
      Tensor tensor = numbers.tensor();
      return Value.of(owner.adopt(tensor.to(typed(tensor.dtype()))));
    }
    return value;
  }

  // What depends on stored tensors alone is computed once.
  private void fold() {
    for (Node node : model.nodes()) {
      boolean known =
          !parameters.containsKey(node.outputs().get(0))
              && node.inputs().stream().allMatch(i -> i.isEmpty() || constants.containsKey(i))
              && Operators.find(node.domain(), node.type()).isPresent();
      if (known) {
        fold(node);
      }
    }
  }

  private void fold(Node node) {
    try (TensorScope scope = new TensorScope()) {
      compute(node, constants, new Surroundings(parameters, Optional.empty()))
          .forEach((name, value) -> constants.put(name, adopted(scope, value)));
    } catch (BadInputException leftForTheRun) {
      // It fails again, and is reported, if anybody asks for what it computes.
    }
  }

  private Value adopted(TensorScope scope, Value value) {
    if (value instanceof Value.Numbers numbers) {
      Tensor tensor = numbers.tensor();
      return Value.of(owner.adopt(scope.holds(tensor) ? tensor : tensor.alias()));
    }
    return value;
  }

  // ---- what it knows

  public OnnxModel model() {
    return model;
  }

  /** The trainable parameters by name, as stored; live until the interpreter is closed. */
  public Map<String, Tensor> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** The averages of batch normalisation by name, as stored; {@link #runInTraining} moves them. */
  public Map<String, Tensor> averages() {
    Map<String, Tensor> averages = new LinkedHashMap<>();
    for (String name : Averages.names(model)) {
      if (constants.get(name) instanceof Value.Numbers numbers) {
        averages.put(name, numbers.tensor());
      }
    }
    return averages;
  }

  /** Every operator of a model, and what can be done with it. */
  public static List<OperatorSupport> supports(OnnxModel model) {
    return OperatorSupport.of(model);
  }

  // ---- running

  /**
   * Computes values by name: outputs, or anything between.
   *
   * @param inputs one value for each input of the graph
   * @param wanted names of values
   */
  public Map<String, Value> run(Map<String, Value> inputs, Collection<String> wanted) {
    return run(inputs, parameters, wanted);
  }

  /** Computes one value of a model with one input. */
  public Tensor run(Tensor input, String wanted) {
    return run(input, parameters, wanted);
  }

  /** Computes one value of a model with one input, with these parameters instead of the stored. */
  public Tensor run(Tensor input, Map<String, Tensor> exchanged, String wanted) {
    List<ValueInfo> infos = model.inputs();
    if (infos.size() != 1) {
      throw new BadInputException(
          "%s has %d inputs, not one".formatted(model.name(), infos.size()));
    }
    Map<String, Value> inputs = Map.of(infos.get(0).name(), Value.of(input));
    if (run(inputs, exchanged, List.of(wanted)).get(wanted) instanceof Value.Numbers numbers) {
      return numbers.tensor();
    }
    throw new BadInputException(
        "value %s of %s is texts, not numbers".formatted(wanted, model.name()));
  }

  /**
   * Computes values by name with these parameters instead of the stored ones of the same names.
   *
   * <p>Values between are freed as soon as nothing needs them.
   */
  public Map<String, Value> run(
      Map<String, Value> inputs, Map<String, Tensor> exchanged, Collection<String> wanted) {
    return run(inputs, wanted, new Surroundings(exchanged, Optional.empty()));
  }

  /**
   * Computes values by name as in training: Dropout drops, and batch normalisation works by the
   * batch's own statistics and moves its {@link #averages}.
   */
  public Map<String, Value> runInTraining(
      Map<String, Value> inputs, Collection<String> wanted, Draws draws) {
    return run(inputs, wanted, new Surroundings(parameters, Optional.of(draws)));
  }

  private Map<String, Value> run(
      Map<String, Value> inputs, Collection<String> wanted, Surroundings around) {
    Map<String, Tensor> exchanged = around.exchanged;
    Plan plan = plans.computeIfAbsent(Set.copyOf(wanted), names -> Plan.of(model, names, known()));
    try (TensorScope scope = new TensorScope()) {
      Map<String, Value> values = new HashMap<>();
      for (String input : plan.inputs()) {
        values.put(input, given(inputs, input));
      }
      for (Plan.Step step : plan.steps()) {
        values.putAll(compute(step.node(), values, around));
        for (String dead : step.dead()) {
          free(scope, values.remove(dead));
        }
      }
      Map<String, Value> results = new LinkedHashMap<>();
      for (String name : wanted) {
        Value value = find(name, values, exchanged).orElseThrow(() -> notGiven(name));
        results.put(name, kept(scope, value));
      }
      return results;
    }
  }

  private BadInputException notGiven(String name) {
    return new BadInputException(
        "%s: %s does not give %s, which is not supported"
            .formatted(
                model.name(), model.producer(name).map(Node::label).orElse("the graph"), name));
  }

  private Set<String> known() {
    Set<String> known = new HashSet<>(constants.keySet());
    known.addAll(parameters.keySet());
    return known;
  }

  private Value given(Map<String, Value> inputs, String name) {
    Value value = inputs.get(name);
    if (value == null) {
      throw new BadInputException(
          "%s needs input %s, but is given %s".formatted(model.name(), name, inputs.keySet()));
    }
    ValueInfo info = model.input(name);
    if (value instanceof Value.Numbers numbers && info.element().isPresent()) {
      return info.element()
          .flatMap(ElementType::dtype)
          .<Value>map(type -> Value.of(numbers.tensor().to(typed(type))))
          .orElse(value);
    }
    return value;
  }

  private static void free(TensorScope scope, @Nullable Value value) {
    if (value instanceof Value.Numbers numbers && scope.holds(numbers.tensor())) {
      numbers.tensor().close();
    }
  }

  private static Value kept(TensorScope scope, Value value) {
    if (value instanceof Value.Numbers numbers) {
      Tensor tensor = numbers.tensor();
      return Value.of(scope.keep(scope.holds(tensor) ? tensor : tensor.alias()));
    }
    return value;
  }

  private Optional<Value> find(
      String name, Map<String, Value> values, Map<String, Tensor> exchanged) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Value value = values.get(name);
    if (value != null) {
      return Optional.of(value);
    }
    Optional<Tensor> parameter = parameter(name, exchanged);
    return parameter.isPresent()
        ? parameter.map(Value::of)
        : Optional.ofNullable(constants.get(name));
  }

  private Optional<Tensor> parameter(String name, Map<String, Tensor> exchanged) {
    Tensor stored = parameters.get(name);
    return stored == null ? Optional.empty() : Optional.of(exchanged.getOrDefault(name, stored));
  }

  /** The outputs of a node by name, in the innermost scope; its own temporaries are freed. */
  private Map<String, Value> compute(Node node, Map<String, Value> values, Surroundings around) {
    List<Optional<Value>> inputs = new ArrayList<>(node.inputs().size());
    for (String input : node.inputs()) {
      inputs.add(find(input, values, around.exchanged));
    }
    Call call = new Call(node, inputs, around);
    try (TensorScope scope = new TensorScope()) {
      List<Value> outputs =
          Operators.find(node.domain(), node.type())
              .orElseThrow(() -> call.error("is an operator that is not supported"))
              .operator()
              .run(call);
      Map<String, Value> named = new HashMap<>();
      for (int i = 0; i < outputs.size(); i++) {
        String name = Outputs.name(node, i);
        if (!name.isEmpty()) {
          named.put(name, kept(scope, outputs.get(i)));
        }
      }
      return named;
    } catch (BadInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BadInputException(
          "%s: %s failed: %s".formatted(model.name(), node.label(), firstLine(e)), e);
    }
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Frees the stored tensors. */
  @Override
  public void close() {
    owner.close();
  }

  /** What nodes may ask of the interpreter. */
  private final class Surroundings implements Call.Environment {
    private final Map<String, Tensor> exchanged;
    private final Optional<Draws> training;

    Surroundings(Map<String, Tensor> exchanged, Optional<Draws> training) {
      this.exchanged = exchanged;
      this.training = training;
    }

    @Override
    public Optional<Draws> training() {
      return training;
    }

    @Override
    public DType real() {
      return real;
    }

    @Override
    public Optional<Tensor> parameter(String name) {
      return Interpreter.this.parameter(name, exchanged);
    }

    @Override
    public Value constant(Node node, String attribute) {
      Value value = TensorData.value(node.attributes().tensor(attribute).orElseThrow());
      return value instanceof Value.Numbers numbers
          ? Value.of(numbers.tensor().to(typed(numbers.tensor().dtype())))
          : value;
    }
  }
}
