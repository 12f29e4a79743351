package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.ops.Call;
import io.afterimage.graph.ops.Operators;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
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
import java.util.stream.Collectors;
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
  private final List<ValueInfo> required;
  private final Set<String> defaults;
  private final Map<Asked, Plan> plans = new ConcurrentHashMap<>();

  /**
   * What a plan is for.
   *
   * @param goal names of values of the main graph, or a subgraph
   * @param replaced names of the defaults for which inputs are given
   */
  private record Asked(Object goal, Set<String> replaced) {}

  private Interpreter(OnnxModel model, DType real) {
    this.model = model;
    this.real = real;
    this.required = model.inputs();
    this.defaults =
        model.defaults().stream().map(ValueInfo::name).collect(Collectors.toUnmodifiableSet());
    try {
      TensorScope.run(this::load);
      fold(model.nodes());
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
    return value.map(tensor -> owner.adopt(tensor.to(typed(tensor.dtype()))));
  }

  // What depends on stored tensors alone is computed once.
  private void fold(List<Node> nodes) {
    for (Node node : nodes) {
      node.attributes().subgraphs().forEach(s -> fold(s.nodes()));
      boolean known =
          !parameters.containsKey(node.outputs().get(0))
              && node.reads().stream().allMatch(i -> i.isEmpty() || constants.containsKey(i))
              && Operators.find(node.domain(), node.type()).isPresent();
      if (known) {
        fold(node);
      }
    }
  }

  private void fold(Node node) {
    try (TensorScope scope = new TensorScope()) {
      Frame frame = new Frame(parameters, Set.of(), Optional.empty());
      compute(Step.of(model.name(), node, constants, List.of()), frame);
      frame.forEach((name, value) -> constants.put(name, adopted(scope, value)));
    } catch (BadInputException leftForTheRun) {
      // It fails again, and is reported, if anybody asks for what it computes.
    }
  }

  private Value adopted(TensorScope scope, Value value) {
    return value.map(tensor -> owner.adopt(scope.holds(tensor) ? tensor : tensor.alias()));
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
   * @param inputs one value for each input of the graph; for those with a default if wanted
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
    throw new BadInputException("value %s of %s is not numbers".formatted(wanted, model.name()));
  }

  /**
   * Computes values by name with these parameters instead of the stored ones of the same names.
   *
   * <p>Values between are freed as soon as nothing needs them.
   */
  public Map<String, Value> run(
      Map<String, Value> inputs, Map<String, Tensor> exchanged, Collection<String> wanted) {
    return run(inputs, wanted, new Frame(exchanged, replaced(inputs), Optional.empty()));
  }

  /**
   * Computes values by name as in training: Dropout drops, and batch normalisation works by the
   * batch's own statistics and moves its {@link #averages}.
   */
  public Map<String, Value> runInTraining(
      Map<String, Value> inputs, Collection<String> wanted, Draws draws) {
    return run(inputs, wanted, new Frame(parameters, replaced(inputs), Optional.of(draws)));
  }

  private Map<String, Value> run(
      Map<String, Value> inputs, Collection<String> wanted, Frame frame) {
    Plan plan = plan(Set.copyOf(wanted), frame.replaced());
    try (TensorScope scope = new TensorScope()) {
      for (ValueInfo input : required) {
        if (plan.needed().contains(input.name())) {
          frame.put(input.name(), given(inputs, input));
        }
      }
      for (String name : frame.replaced()) {
        frame.put(name, given(inputs, model.input(name)));
      }
      execute(plan, frame, scope);
      Map<String, Value> results = new LinkedHashMap<>();
      for (String name : wanted) {
        results.put(name, result(name, frame, scope));
      }
      return results;
    }
  }

  private Set<String> replaced(Map<String, Value> inputs) {
    return defaults.isEmpty()
        ? defaults
        : inputs.keySet().stream().filter(defaults::contains).collect(Collectors.toSet());
  }

  /** How these values are computed from the graph's inputs. */
  Plan plan(Set<String> wanted) {
    return plan(wanted, Set.of());
  }

  private Plan plan(Set<String> wanted, Set<String> replaced) {
    return plans.computeIfAbsent(
        new Asked(wanted, replaced), asked -> Plan.of(model, wanted, stored(replaced)));
  }

  private Plan plan(Subgraph body, Set<String> replaced) {
    return plans.computeIfAbsent(
        new Asked(body, replaced),
        asked -> {
          Set<String> wanted =
              body.outputs().stream().map(ValueInfo::name).collect(Collectors.toSet());
          return Plan.of(model.name(), body.nodes(), wanted, stored(replaced));
        });
  }

  private void execute(Plan plan, Frame frame, TensorScope scope) {
    for (Step step : plan.steps()) {
      compute(step, frame);
      for (String dead : step.dead()) {
        frame.remove(dead).ifPresent(value -> free(scope, value));
      }
    }
  }

  private Value result(String name, Frame frame, TensorScope scope) {
    Value value = find(name, frame);
    if (value == null) {
      throw notGiven(name);
    }
    return kept(scope, value);
  }

  private BadInputException notGiven(String name) {
    return new BadInputException(
        "%s: %s does not give %s, which is not supported"
            .formatted(
                model.name(), model.producer(name).map(Node::label).orElse("the graph"), name));
  }

  /** What need not be computed: all that is stored, less what depends on replaced defaults. */
  private Plan.Stored stored(Set<String> replaced) {
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
    return new Plan.Stored(names, fixed);
  }

  Value given(Map<String, Value> inputs, ValueInfo info) {
    Value value = inputs.get(info.name());
    if (value == null) {
      throw new BadInputException(
          "%s needs input %s, but is given %s"
              .formatted(model.name(), info.name(), inputs.keySet()));
    }
    if (value instanceof Value.Numbers numbers && info.element().isPresent()) {
      return info.element()
          .flatMap(ElementType::dtype)
          .<Value>map(type -> Value.of(numbers.tensor().to(typed(type))))
          .orElse(value);
    }
    return value.map(tensor -> tensor.to(typed(tensor.dtype())));
  }

  private static void free(TensorScope scope, Value value) {
    value.forEach(
        tensor -> {
          if (scope.holds(tensor)) {
            tensor.close();
          }
        });
  }

  private static Value kept(TensorScope scope, Value value) {
    return value.map(tensor -> scope.keep(scope.holds(tensor) ? tensor : tensor.alias()));
  }

  @Nullable Value find(String name, Frame frame) {
    Value value = frame.find(name);
    if (value != null) {
      return value;
    }
    Tensor parameter = parameters.get(name);
    return parameter == null
        ? constants.get(name)
        : Value.of(frame.exchanged().getOrDefault(name, parameter));
  }

  private Optional<Tensor> parameter(String name, Map<String, Tensor> exchanged) {
    Tensor stored = parameters.get(name);
    return stored == null ? Optional.empty() : Optional.of(exchanged.getOrDefault(name, stored));
  }

  /** Puts the outputs of a node into the frame; its own temporaries are freed. */
  void compute(Step step, Frame frame) {
    Node node = step.node();
    Call call = new Call(node, inputs(step, frame), new Surroundings(node, frame));
    try (TensorScope scope = new TensorScope()) {
      List<Value> outputs = step.operator().run(call);
      for (int i = 0; i < outputs.size(); i++) {
        String name = Outputs.name(node, i);
        if (!name.isEmpty()) {
          frame.put(name, kept(scope, outputs.get(i)));
        }
      }
    } catch (BadInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BadInputException(
          "%s: %s failed: %s".formatted(model.name(), node.label(), firstLine(e)), e);
    } catch (OutOfMemoryError e) {
      throw new BadInputException(
          "%s: %s does not fit into memory; give the Java heap more with -Xmx"
              .formatted(model.name(), node.label()),
          e);
    }
  }

  /** What flows into a node; null for what was left out. */
  @Nullable Value[] inputs(Step step, Frame frame) {
    Node node = step.node();
    @Nullable Value[] inputs = step.constants();
    for (int i = 0; i < inputs.length; i++) {
      String name = node.inputs().get(i);
      if (inputs[i] == null && !name.isEmpty()) {
        inputs[i] = find(name, frame);
      }
    }
    return inputs;
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
  final class Surroundings implements Call.Environment {
    private final Node node;
    private final Frame frame;

    Surroundings(Node node, Frame frame) {
      this.node = node;
      this.frame = frame;
    }

    @Override
    public Optional<Draws> training() {
      return frame.training();
    }

    @Override
    public DType real() {
      return real;
    }

    @Override
    public Optional<Tensor> parameter(String name) {
      return Interpreter.this.parameter(name, frame.exchanged());
    }

    @Override
    public List<Value> run(Subgraph body, List<Value> inputs) {
      Plan plan = plan(body, frame.replaced());
      Frame inner = frame.inner(plan.steps().size(), node);
      for (int i = 0; i < inputs.size(); i++) {
        inner.put(body.inputs().get(i), inputs.get(i));
      }
      try (TensorScope scope = new TensorScope()) {
        execute(plan, inner, scope);
        return body.outputs().stream().map(o -> result(o.name(), inner, scope)).toList();
      }
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
