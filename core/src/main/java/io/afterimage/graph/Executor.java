package io.afterimage.graph;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.graph.ops.Call;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Executes a model's nodes, and remembers which a goal needs. */
final class Executor {
  private final OnnxModel model;
  private final StoredValues stored;
  private final Map<Object, Plan> plans = new ConcurrentHashMap<>();
  private volatile AtomicBoolean cancelled = new AtomicBoolean();

  /**
   * What a plan is for.
   *
   * @param goal names of values of the main graph, an inner value and what is computed from it, or
   *     a subgraph
   * @param replaced names of the defaults for which inputs are given
   */
  private record Asked(Object goal, Set<String> replaced) {}

  Executor(OnnxModel model, StoredValues stored) {
    this.model = model;
    this.stored = stored;
    fold(model.nodes());
  }

  /** Executes no graph inside a node any more once this is set. */
  void stopOnce(AtomicBoolean set) {
    cancelled = set;
  }

  // What depends on stored tensors alone is computed once.
  private void fold(List<Node> nodes) {
    for (Node node : nodes) {
      node.attributes().subgraphs().forEach(s -> fold(s.nodes()));
      if (stored.determines(node)) {
        fold(node);
      }
    }
  }

  private void fold(Node node) {
    try (TensorScope scope = new TensorScope()) {
      Frame frame = new Frame(Map.of(), Set.of(), Optional.empty());
      compute(Step.of(model.name(), node, stored.constants(), List.of()), frame);
      frame.forEach((name, value) -> stored.keep(name, value, scope));
    } catch (BadInputException leftForTheRun) {
      // It fails again, and is reported, if anybody asks for what it computes.
    }
  }

  /** How one value is computed from the graph's inputs. */
  Plan plan(String wanted) {
    return plans.computeIfAbsent(
        wanted, w -> Plan.of(model, Set.of(wanted), stored.known(Set.of())));
  }

  /** How these values are computed from the graph's inputs. */
  Plan plan(Set<String> wanted, Set<String> replaced) {
    return plans.computeIfAbsent(
        new Asked(wanted, replaced), asked -> Plan.of(model, wanted, stored.known(replaced)));
  }

  /** How a value is computed from an inner one, and from the graph's inputs where it needs them. */
  Plan planFrom(String inner, String wanted) {
    return plans.computeIfAbsent(
        new Asked(List.of(inner, wanted), Set.of()),
        asked -> {
          Plan.Known stores = stored.known(Set.of());
          Set<String> names = new HashSet<>(stores.names());
          names.add(inner);
          return Plan.of(model, Set.of(wanted), new Plan.Known(names, stores.constants()));
        });
  }

  private Plan plan(Subgraph body, Set<String> replaced) {
    return plans.computeIfAbsent(
        new Asked(body, replaced),
        asked -> {
          Set<String> wanted =
              body.outputs().stream().map(ValueInfo::name).collect(Collectors.toSet());
          return Plan.of(model.name(), body.nodes(), wanted, stored.known(replaced));
        });
  }

  /** Takes a plan's steps; values between are freed as soon as nothing needs them. */
  void execute(Plan plan, Frame frame, TensorScope scope) {
    try (TensorScope temporaries = new TensorScope()) {
      for (Step step : plan.steps()) {
        compute(step, frame, temporaries);
        temporaries.clear();
        for (String dead : step.dead()) {
          Value value = frame.remove(dead);
          if (value != null) {
            free(scope, value);
          }
        }
      }
    }
  }

  private static void free(TensorScope scope, Value value) {
    value.forEach(
        tensor -> {
          if (scope.holds(tensor)) {
            tensor.close();
          }
        });
  }

  /** A computed value, moved to the scope around this one. */
  Value result(String name, Frame frame, TensorScope scope) {
    Value value = find(name, frame);
    if (value == null) {
      throw new BadInputException(
          "%s: %s does not give %s, which is not supported"
              .formatted(
                  model.name(), model.producer(name).map(Node::label).orElse("the graph"), name));
    }
    return kept(scope, value);
  }

  private static Value kept(TensorScope scope, Value value) {
    if (value instanceof Value.Numbers numbers && scope.holds(numbers.tensor())) {
      scope.keep(numbers.tensor());
      return value;
    }
    return value.map(tensor -> scope.keep(scope.holds(tensor) ? tensor : tensor.alias()));
  }

  /** A value, computed or stored; null where there is none by now. */
  @Nullable Value find(String name, Frame frame) {
    Value value = frame.find(name);
    return value == null ? stored.find(name, frame.exchanged()) : value;
  }

  /** Puts the outputs of a node into the frame; its own temporaries are freed. */
  void compute(Step step, Frame frame) {
    try (TensorScope temporaries = new TensorScope()) {
      compute(step, frame, temporaries);
    }
  }

  private void compute(Step step, Frame frame, TensorScope scope) {
    Node node = step.node();
    Call call = call(step, frame);
    try {
      List<Value> outputs = step.operator().run(call);
      for (int i = 0; i < outputs.size(); i++) {
        String name = Outputs.name(node, i);
        if (!name.isEmpty()) {
          frame.put(name, kept(scope, outputs.get(i)));
        }
      }
    } catch (BadInputException | CancelledException e) {
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

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** A node with what flows into it. */
  Call call(Step step, Frame frame) {
    Node node = step.node();
    @Nullable Value[] inputs = step.constants();
    for (int i = 0; i < inputs.length; i++) {
      String name = node.inputs().get(i);
      if (inputs[i] == null && !name.isEmpty()) {
        inputs[i] = find(name, frame);
      }
    }
    return new Call(node, inputs, new Surroundings(node, frame));
  }

  /** What nodes may ask of the interpreter. */
  private final class Surroundings implements Call.Environment {
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
      return stored.real();
    }

    @Override
    public Optional<Tensor> parameter(String name) {
      return stored.parameter(name, frame.exchanged());
    }

    @Override
    public List<Value> run(Subgraph body, List<Value> inputs) {
      if (cancelled.get()) {
        throw new CancelledException();
      }
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
      return TensorData.value(node.attributes().tensor(attribute).orElseThrow()).map(stored::typed);
    }
  }
}
