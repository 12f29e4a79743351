package io.afterimage.graph;

import static java.util.Objects.requireNonNull;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.ops.Operators;
import io.afterimage.graph.ops.StackedOperator;
import io.afterimage.graph.ops.StackedOperator.Source;
import io.afterimage.graph.ops.StackedOperator.Stack;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One graph at work for several models at once. Their parameters stand in a stack, [models, …];
 * their rows follow each other in one batch, [models * n, …].
 *
 * <p>What reads no parameter runs once over the whole batch. What reads one runs in its stacked
 * form where it has one, else for one model after the other. Right only where rows do not mix:
 * compare with {@link Interpreter} on the same rows.
 */
public final class StackedInterpreter implements AutoCloseable {
  private final Interpreter interpreter;
  private final Executor executor;
  private final int models;
  private final String wanted;
  private final Plan plan;
  private final Map<String, Source> sources = new HashMap<>();
  // The steps that read parameters, with where each of their inputs comes from.
  private final Map<Step, Source[]> ofModels = new HashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final TensorScope owner = TensorScope.owner();

  /**
   * @param models of one graph, which differ in their trainable parameters alone
   * @param wanted the value that is computed
   */
  public StackedInterpreter(List<OnnxModel> models, String wanted) {
    this.models = models.size();
    this.wanted = wanted;
    this.interpreter = Interpreter.of(models.get(0));
    this.executor = interpreter.executor();
    this.plan = executor.plan(Set.of(wanted), Set.of());
    TensorScope.run(() -> stack(models));
    trace();
  }

  /** As {@link Interpreter#heeding}. */
  public StackedInterpreter heeding(Run run) {
    interpreter.heeding(run);
    return this;
  }

  private void stack(List<OnnxModel> stacked) {
    Map<String, List<Tensor>> found = new LinkedHashMap<>();
    for (OnnxModel model : stacked) {
      Map<String, Tensor> own = new LinkedHashMap<>();
      try (Interpreter stored = Interpreter.of(model)) {
        stored.parameters().forEach((name, tensor) -> own.put(name, tensor.copy()));
      }
      own.forEach(
          (name, tensor) -> found.computeIfAbsent(name, n -> new ArrayList<>()).add(tensor));
    }
    found.forEach((name, tensors) -> parameters.put(name, owner.adopt(Indexing.stack(tensors, 0))));
  }

  // Where every value comes from does not change from run to run.
  private void trace() {
    interpreter.model().inputs().forEach(input -> sources.put(input.name(), Source.ROWS));
    parameters.keySet().forEach(name -> sources.put(name, Source.MODELS));
    for (Step step : plan.steps()) {
      Node node = step.node();
      Set<Source> read = read(node);
      if (read.contains(Source.MODELS)) {
        ofModels.put(step, node.inputs().stream().map(this::source).toArray(Source[]::new));
      }
      Source source =
          read.contains(Source.ROWS)
              ? Source.ROWS
              : read.contains(Source.MODELS) ? Source.MODELS : Source.ALIKE;
      Outputs.names(node).forEach(name -> sources.put(name, source));
    }
  }

  private Set<Source> read(Node node) {
    Set<Source> read = new HashSet<>();
    node.reads().forEach(name -> read.add(source(name)));
    if (!own(node).isEmpty()) {
      read.add(Source.MODELS);
    }
    return read;
  }

  private Source source(String name) {
    return sources.getOrDefault(name, Source.ALIKE);
  }

  /** Parameters that stand in a node's attributes. */
  private List<String> own(Node node) {
    return parameters.keySet().stream().filter(p -> p.startsWith(node.name() + "/")).toList();
  }

  /** The trainable parameters by name, [models, …]; live until the interpreter is closed. */
  public Map<String, Tensor> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /**
   * Computes the wanted value.
   *
   * @param inputs rows of the first model, then of the second, as many of each
   * @return [models * n, …], in the caller's innermost scope
   */
  public Tensor run(Map<String, Value> inputs) {
    Frame frame = new Frame(parameters, Set.of(), Optional.empty());
    try (TensorScope scope = new TensorScope()) {
      for (ValueInfo input : interpreter.model().inputs()) {
        if (plan.needed().contains(input.name())) {
          frame.put(input.name(), interpreter.given(inputs, input));
        }
      }
      for (Step step : plan.steps()) {
        compute(step, frame);
      }
      if (frame.find(wanted) instanceof Value.Numbers numbers) {
        return scope.keep(numbers.tensor());
      }
      throw new BadInputException(
          "value %s of %s is not numbers".formatted(wanted, interpreter.model().name()));
    }
  }

  private void compute(Step step, Frame frame) {
    Node node = step.node();
    Source[] from = ofModels.get(step);
    if (from == null) {
      executor.compute(step, frame);
      return;
    }
    Optional<Tensor> atOnce =
        Operators.findStacked(node.domain(), node.type())
            .flatMap(form -> atOnce(form, from, step, frame));
    if (atOnce.isPresent()) {
      frame.put(node.outputs().get(0), Value.of(atOnce.get()));
    } else {
      oneByOne(step, frame);
    }
  }

  private Optional<Tensor> atOnce(StackedOperator form, Source[] from, Step step, Frame frame) {
    try (TensorScope scope = new TensorScope()) {
      return form.run(executor.call(step, frame), new Stack(models, from)).map(scope::keep);
    }
  }

  /** The slow form, which every operator has. */
  private void oneByOne(Step step, Frame frame) {
    Node node = step.node();
    Map<String, List<Tensor>> outputs = new LinkedHashMap<>();
    for (int model = 0; model < models; model++) {
      Map<String, Tensor> exchanged = new HashMap<>();
      for (String name : own(node)) {
        exchanged.put(name, stacked(name).select(0, model));
      }
      Frame alone = new Frame(exchanged, Set.of(), Optional.empty());
      for (String name : node.reads()) {
        Value value = executor.find(name, frame);
        if (value != null) {
          alone.put(name, part(value, source(name), model));
        }
      }
      executor.compute(step, alone);
      for (String name : Outputs.names(node)) {
        if (alone.find(name) instanceof Value.Numbers numbers) {
          outputs.computeIfAbsent(name, n -> new ArrayList<>()).add(numbers.tensor());
        }
      }
    }
    outputs.forEach(
        (name, parts) ->
            frame.put(
                name,
                Value.of(
                    source(name) == Source.ROWS
                        ? Indexing.cat(parts, 0)
                        : Indexing.stack(parts, 0))));
  }

  private Tensor stacked(String parameter) {
    return requireNonNull(parameters.get(parameter));
  }

  private Value part(Value value, Source source, int model) {
    return switch (source) {
      case ALIKE -> value;
      case MODELS -> value.map(tensor -> tensor.select(0, model));
      case ROWS ->
          value.map(
              tensor -> {
                long rows = tensor.size(0) / models;
                return tensor.narrow(0, model * rows, rows);
              });
    };
  }

  /** Frees the stored tensors. */
  @Override
  public void close() {
    owner.close();
    interpreter.close();
  }
}
