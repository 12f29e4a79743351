package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.afterimage.graph.RowLook.MixedException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Loops and scans that carry rows from step to step.
 *
 * <p>Rows stay apart by induction: they lie on the same axis of every state before and after a step
 * whose every operator keeps them apart, and no row has a part in how many steps there are. Shapes
 * are those of the first step, which holds of the others where states keep their shapes and what
 * changes from step to step steers no shape. A state that starts without rows, but has them after a
 * step, starts with a copy for each row.
 */
final class RowLoops {
  private final RowLook look;
  private final GraphProto body;
  private final String prefix;
  private final UnaryOperator<String> naming;
  private final List<Node> nodes;

  /** Inputs before the states, and outputs of the body before theirs: trip count and condition. */
  private final int inputsBefore;

  private final int outputsBefore;
  private final int states;

  /** Where the rows lie in each state that has them. */
  private final Map<Integer, RowAxis> carried = new TreeMap<>();

  private RowLoops(RowLook look, GraphProto body, boolean loop, int states) {
    this.look = look;
    this.body = body;
    this.prefix = FirstSteps.prefix(look.node().outputs());
    this.naming = FirstSteps.naming(prefix, body);
    this.inputsBefore = loop ? 2 : 0;
    this.outputsBefore = loop ? 1 : 0;
    this.states = states;
    Set<String> written = new HashSet<>();
    body.getNodeList().forEach(n -> n.getOutputList().forEach(o -> written.add(naming.apply(o))));
    this.nodes =
        look.graph().model().nodes().stream()
            .filter(n -> written.contains(RowGraph.key(n.outputs())))
            .toList();
  }

  /** Whether rows that are read inside the node may be followed there. */
  static boolean stepsThrough(Node node) {
    return node.is("Loop") || node.is("Scan");
  }

  static List<RowStep> loop(RowLook look) {
    look.require(
        look.rows(0).isEmpty() && look.rows(1).isEmpty(), "takes as many steps as a row says");
    return new RowLoops(look, body(look), true, look.node().inputs().size() - 2).steps();
  }

  /** Its scanned inputs have their rows behind the first axis, if any. */
  static List<RowStep> scan(RowLook look) {
    int scanned = FirstSteps.scanned(look.proto());
    return new RowLoops(look, body(look), false, look.node().inputs().size() - scanned).steps();
  }

  private static GraphProto body(RowLook look) {
    return FirstSteps.body(look.proto(), look.graph().model())
        .orElseThrow(() -> look.mixed("may mix rows inside"));
  }

  private List<RowStep> steps() {
    IntStream.range(0, states)
        .forEach(state -> look.rows(inputsBefore + state).ifPresent(at -> carried.put(state, at)));
    boolean grows = true;
    while (grows) { // a state that got rows may give them to others
      grows = grows();
    }
    requireSteadyShapes();
    Proof proof = proof();
    carried.forEach(this::startWithRows);
    look.replaceBody(rewritten(proof.steps()));
    return look.step(proof.outputs());
  }

  /**
   * @param outputs where the rows lie in each output of the node
   */
  private record Proof(List<RowStep> steps, List<Optional<RowAxis>> outputs) {}

  // ---- names

  private String before(int state) {
    return naming.apply(body.getInput(inputsBefore + state).getName());
  }

  private String after(int state) {
    return naming.apply(body.getOutput(outputsBefore + state).getName());
  }

  // ---- where the rows lie

  /** Whether a state that had no rows has them after a step. */
  private boolean grows() {
    Map<Integer, RowAxis> found = new TreeMap<>();
    search(look.graph())
        .to(
            rows -> {
              for (int state = 0; state < states; state++) {
                RowAxis at = rows.get(after(state));
                if (at != null && !carried.containsKey(state)) {
                  found.putIfAbsent(state, at);
                }
              }
              return found.isEmpty() ? missing(rows) : Optional.of("");
            });
    found.forEach(carried::putIfAbsent);
    return !found.isEmpty();
  }

  private RowSearch search(RowGraph graph) {
    Map<String, RowAxis> rows = new HashMap<>(look.allRows());
    carried.forEach((state, at) -> rows.put(before(state), at));
    for (int input = inputsBefore + states; input < look.node().inputs().size(); input++) {
      String element = naming.apply(body.getInput(input).getName());
      look.rows(input).map(at -> at.at(at.axis() - 1)).ifPresent(at -> rows.put(element, at));
    }
    return new RowSearch(graph, nodes, rows);
  }

  /** Why the rows must not lie so after a step. */
  private Optional<String> missing(Map<String, RowAxis> rows) {
    if (outputsBefore > 0 && rows.containsKey(naming.apply(body.getOutput(0).getName()))) {
      return Optional.of(look.node().label() + " takes as many steps as a row says");
    }
    boolean same =
        IntStream.range(0, states)
            .allMatch(
                state ->
                    Optional.ofNullable(rows.get(after(state)))
                        .equals(Optional.ofNullable(carried.get(state))));
    return same
        ? Optional.empty()
        : Optional.of(look.node().label() + " moves its rows from step to step");
  }

  private Proof proof() {
    RowSearch first = search(look.graph());
    demand(first.to(this::missing), first);
    StepChanges changes = changes(first);
    RowSearch again = search(look.graph().seenBy(changes.unseen(look.graph().trace())));
    List<RowStep> steps = demand(again.to(this::missing), again);
    look.require(changes.holdsAllOf(changes(again)), "changes from step to step");
    return new Proof(steps, outputs(again));
  }

  private List<RowStep> demand(Optional<List<RowStep>> steps, RowSearch search) {
    return steps.orElseThrow(
        () -> new MixedException(search.reason().replace(prefix, "") + " inside"));
  }

  // ---- what changes from step to step

  private void requireSteadyShapes() {
    BatchTrace trace = look.graph().trace();
    for (int state = 0; state < states; state++) {
      Optional<long[]> before = trace.shape(before(state));
      Optional<long[]> after = trace.shape(after(state));
      look.require(
          before.isPresent() && after.isPresent() && Arrays.equals(before.get(), after.get()),
          "carries a value that grows");
    }
  }

  /** What has no rows and may differ from step to step; it must steer no shape. */
  private StepChanges changes(RowSearch rows) {
    StepChanges changes = new StepChanges(value -> rows.rows(value).isPresent());
    for (int input = 0; input < body.getInputCount(); input++) {
      int state = input - inputsBefore;
      boolean kept =
          state >= 0 && state < states && RowBodies.keepsState(body, input, outputsBefore + state);
      if (!kept) {
        changes.add(naming.apply(body.getInput(input).getName()));
      }
    }
    for (Node node : nodes) {
      look.require(changes.passesOn(node), "may change the shapes inside from step to step");
    }
    return changes;
  }

  // ---- what is written

  private void startWithRows(int state, RowAxis at) {
    int input = inputsBefore + state;
    if (look.rows(input).isEmpty()) {
      String like =
          look.node().reads().stream()
              .filter(name -> look.allRows().containsKey(name))
              .filter(name -> at.like(at(name)))
              .findFirst()
              .orElseThrow(() -> look.mixed("has its rows elsewhere"));
      look.spread(input, at.axis(), like, at(like));
    }
  }

  private RowAxis at(String outside) {
    return Optional.ofNullable(look.allRows().get(outside)).orElseThrow();
  }

  /** What steps leave behind is stacked on a new first axis. */
  private List<Optional<RowAxis>> outputs(RowSearch rows) {
    return IntStream.range(outputsBefore, body.getOutputCount())
        .mapToObj(
            output -> {
              Optional<RowAxis> at = rows.rows(naming.apply(body.getOutput(output).getName()));
              return output < outputsBefore + states ? at : at.map(a -> a.at(a.axis() + 1));
            })
        .toList();
  }

  private GraphProto rewritten(List<RowStep> steps) {
    GraphProto.Builder graph = body.toBuilder().clearNode().clearValueInfo();
    for (RowStep step : steps) {
      for (NodeProto node : step.nodes()) {
        graph.addNode(FirstSteps.within(node, prefix));
      }
      step.constants()
          .forEach(
              constant ->
                  graph.addInitializer(
                      constant.toBuilder().setName(constant.getName().replace(prefix, ""))));
    }
    graph.getInputBuilderList().forEach(RowLoops::open);
    graph.getOutputBuilderList().forEach(RowLoops::open);
    return graph.build();
  }

  /** The rank stays: ONNX Runtime wants to know it of a loop's counter. */
  private static void open(ValueInfoProto.Builder value) {
    if (value.getType().hasTensorType() && value.getType().getTensorType().hasShape()) {
      value
          .getTypeBuilder()
          .getTensorTypeBuilder()
          .getShapeBuilder()
          .getDimBuilderList()
          .forEach(TensorShapeProto.Dimension.Builder::clearValue);
    }
  }
}
