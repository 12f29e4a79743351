package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
  private final StoredValues stored;
  private final Executor executor;
  private final List<ValueInfo> required;
  private final Set<String> defaults;

  private Interpreter(OnnxModel model, DType real) {
    this.model = model;
    this.required = model.inputs();
    this.defaults =
        model.defaults().stream().map(ValueInfo::name).collect(Collectors.toUnmodifiableSet());
    this.stored = new StoredValues(model, real);
    try {
      this.executor = new Executor(model, stored);
    } catch (RuntimeException e) {
      stored.close();
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

  /**
   * The same, which from now on stops with a CancelledException between two iterations of the
   * graph's loops once the run is cancelled.
   */
  public Interpreter heeding(Run run) {
    executor.stopOnce(run.cancelled());
    return this;
  }

  // ---- what it knows

  public OnnxModel model() {
    return model;
  }

  /** The trainable parameters by name, as stored; live until the interpreter is closed. */
  public Map<String, Tensor> parameters() {
    return stored.parameters();
  }

  /** The averages of batch normalisation by name, as stored; {@link #runInTraining} moves them. */
  public Map<String, Tensor> averages() {
    return stored.averages();
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
    return run(inputs, stored.parameters(), wanted);
  }

  /** Computes one value of a model with one input. */
  public Tensor run(Tensor input, String wanted) {
    return run(input, stored.parameters(), wanted);
  }

  /** Computes one value of a model with one input, with these parameters instead of the stored. */
  public Tensor run(Tensor input, Map<String, Tensor> exchanged, String wanted) {
    if (required.size() != 1) {
      throw new BadInputException(
          "%s has %d inputs, not one".formatted(model.name(), required.size()));
    }
    Frame frame = new Frame(exchanged, Set.of(), Optional.empty());
    Plan plan = executor.plan(wanted);
    try (TensorScope scope = new TensorScope()) {
      frame.put(required.get(0).name(), typed(Value.of(input), required.get(0)));
      return numbers(plan, frame, scope, wanted);
    }
  }

  private Tensor numbers(Plan plan, Frame frame, TensorScope scope, String wanted) {
    executor.execute(plan, frame, scope);
    if (executor.result(wanted, frame, scope) instanceof Value.Numbers numbers) {
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
   * Computes one value from an inner one, whatever that would be computed from.
   *
   * @param inner the name of a value between inputs and outputs
   * @throws BadInputException where the value wanted needs an input as well
   */
  public Tensor runFrom(String inner, Tensor value, String wanted) {
    Plan plan = executor.planFrom(inner, wanted);
    for (ValueInfo input : required) {
      if (plan.needed().contains(input.name()) && !inner.equals(input.name())) {
        throw new BadInputException(
            "%s cannot compute %s from %s alone: it needs input %s as well"
                .formatted(model.name(), wanted, inner, input.name()));
      }
    }
    Frame frame = new Frame(stored.parameters(), Set.of(), Optional.empty());
    try (TensorScope scope = new TensorScope()) {
      frame.put(inner, Value.of(value));
      return numbers(plan, frame, scope, wanted);
    }
  }

  /**
   * Computes values by name as in training: Dropout drops, and batch normalisation works by the
   * batch's own statistics and moves its {@link #averages}.
   */
  public Map<String, Value> runInTraining(
      Map<String, Value> inputs, Collection<String> wanted, Draws draws) {
    return run(
        inputs, wanted, new Frame(stored.parameters(), replaced(inputs), Optional.of(draws)));
  }

  private Map<String, Value> run(
      Map<String, Value> inputs, Collection<String> wanted, Frame frame) {
    Plan plan = executor.plan(Set.copyOf(wanted), frame.replaced());
    try (TensorScope scope = new TensorScope()) {
      for (ValueInfo input : required) {
        if (plan.needed().contains(input.name())) {
          frame.put(input.name(), given(inputs, input));
        }
      }
      for (String name : frame.replaced()) {
        frame.put(name, given(inputs, model.input(name)));
      }
      executor.execute(plan, frame, scope);
      Map<String, Value> results = new LinkedHashMap<>();
      for (String name : wanted) {
        results.put(name, executor.result(name, frame, scope));
      }
      return results;
    }
  }

  private Set<String> replaced(Map<String, Value> inputs) {
    return defaults.isEmpty()
        ? defaults
        : inputs.keySet().stream().filter(defaults::contains).collect(Collectors.toSet());
  }

  /** How nodes are executed: for those that execute several models at once. */
  Executor executor() {
    return executor;
  }

  /** What a run is given for an input, in the type in which it is computed. */
  Value given(Map<String, Value> inputs, ValueInfo info) {
    Value value = inputs.get(info.name());
    if (value == null) {
      throw new BadInputException(
          "%s needs input %s, but is given %s"
              .formatted(model.name(), info.name(), inputs.keySet()));
    }
    return typed(value, info);
  }

  private Value typed(Value value, ValueInfo info) {
    if (value instanceof Value.Numbers numbers && info.element().isPresent()) {
      return info.element()
          .flatMap(ElementType::dtype)
          .<Value>map(type -> Value.of(numbers.tensor().to(stored.typed(type))))
          .orElse(value);
    }
    return value.map(stored::typed);
  }

  /** Frees the stored tensors. */
  @Override
  public void close() {
    stored.close();
  }
}
