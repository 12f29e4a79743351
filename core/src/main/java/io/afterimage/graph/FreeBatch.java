package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Rewrites a graph that fixes its batch so that it takes any number of rows, where that provably
 * changes no row's answer.
 *
 * <p>Follows the rows from the inputs through every operator. Each must be known to keep them apart
 * on one axis, be it merged with others (see {@link RowAxis}); constants that hold the batch (in
 * the shape of a Reshape or Expand, an initial state, a token joined to each row) give way to what
 * the rows given say. What no row has a part in stays as it was. The outputs must have the rows on
 * their first axis. Shapes come from a run with the exported batch, so that all extents but the
 * batch must be fixed.
 *
 * <p>Where the exported batch was 1, a Reshape may leave more than one axis for the rows: all are
 * tried, as each is the one-row graph done row by row, until one passes every operator.
 */
public final class FreeBatch {
  private static final int MOST_TRIES = 100_000;

  private final OnnxModel model;
  private final BatchTrace trace;
  private final long extent;
  private final Map<String, NodeProto> protos = new HashMap<>();
  private final Map<String, RowAxis> rows = new HashMap<>();
  private int furthest = -1;
  private String reason = "";

  private FreeBatch(OnnxModel model, long extent, BatchTrace trace) {
    this.model = model;
    this.extent = extent;
    this.trace = new WithFile(model, extent, trace);
    model.graph().getNodeList().forEach(n -> protos.put(key(n.getOutputList()), n));
  }

  /**
   * What came of it.
   *
   * @param model that takes any number of rows; empty where there is none
   * @param reason why there is none; else empty
   */
  public record Result(Optional<OnnxModel> model, String reason) {}

  /** Why no trace would help; empty where one may. */
  public static Optional<String> hindrance(OnnxModel model) {
    boolean fixed =
        model.inputs().stream()
            .allMatch(
                i ->
                    i.ranked()
                        && !i.dimensions().isEmpty()
                        && i.dimensions().stream().skip(1).allMatch(ValueInfo.Dimension::isFixed));
    if (!fixed) {
      return Optional.of("its inputs leave other extents open");
    }
    return model.proto().getFunctionsCount() > 0
        ? Optional.of("it has functions of its own")
        : Optional.empty();
  }

  /**
   * The model for any number of rows.
   *
   * @param extent rows of the exported batch
   * @param trace of a run with so many rows
   */
  public static Result of(OnnxModel model, long extent, BatchTrace trace) {
    return hindrance(model)
        .map(reason -> new Result(Optional.empty(), reason))
        .orElseGet(() -> new FreeBatch(model, extent, trace).result());
  }

  private Result result() {
    List<RowStep> steps = search();
    return steps.isEmpty()
        ? new Result(Optional.empty(), reason)
        : new Result(Optional.of(rewritten(steps)), "");
  }

  // ---- the search

  /** One step for each node; empty where none leads to the outputs. */
  private List<RowStep> search() {
    model.inputs().forEach(input -> rows.put(input.name(), RowAxis.FIRST));
    List<List<RowStep>> open = new ArrayList<>(); // of each node so far, what is still to be tried
    int tries = 0;
    while (open.size() < model.nodes().size() || !outputsHaveRows()) {
      List<RowStep> ways = open.size() < model.nodes().size() ? ways(open.size()) : List.of();
      if (!ways.isEmpty()) {
        open.add(ways);
      } else if (!turnBack(open)) {
        return List.of();
      }
      if (++tries > MOST_TRIES) {
        reason = "its reshapes leave too many readings";
        return List.of();
      }
      place(open.size() - 1, open.get(open.size() - 1).get(0));
    }
    return open.stream().map(ways -> ways.get(0)).toList();
  }

  private static boolean turnBack(List<List<RowStep>> open) {
    while (!open.isEmpty()) {
      List<RowStep> ways = open.remove(open.size() - 1);
      if (ways.size() > 1) {
        open.add(ways.subList(1, ways.size()));
        return true;
      }
    }
    return false;
  }

  private List<RowStep> ways(int index) {
    Node node = model.nodes().get(index);
    NodeProto proto = protos.getOrDefault(key(node.outputs()), NodeProto.getDefaultInstance());
    RowLook look = new RowLook(node, proto, trace, rows, extent);
    try {
      look.require(!RowBodies.reads(proto, rows.keySet()), "may mix rows");
      return look.rowed().isEmpty() ? look.withoutRows() : RowRules.of(look);
    } catch (RowLook.MixedException e) {
      note(index, String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private void note(int index, String why) {
    if (index > furthest) {
      furthest = index;
      reason = why;
    }
  }

  private void place(int index, RowStep step) {
    List<String> outputs = model.nodes().get(index).outputs();
    for (int i = 0; i < outputs.size(); i++) {
      if (step.outputs().get(i).isPresent() && !outputs.get(i).isEmpty()) {
        rows.put(outputs.get(i), step.outputs().get(i).get());
      } else {
        rows.remove(outputs.get(i));
      }
    }
  }

  private boolean outputsHaveRows() {
    for (ValueInfo output : model.outputs()) {
      if (!RowAxis.FIRST.equals(rows.get(output.name()))) {
        note(Integer.MAX_VALUE, "output " + output.name() + " does not give a row for each row");
        return false;
      }
    }
    return true;
  }

  private static String key(List<String> outputs) {
    return outputs.stream().filter(o -> !o.isEmpty()).findFirst().orElse("");
  }

  // ---- the graph

  private OnnxModel rewritten(List<RowStep> steps) {
    GraphProto.Builder graph = model.graph().toBuilder().clearNode().clearValueInfo();
    for (RowStep step : steps) {
      graph.addAllNode(step.nodes());
      graph.addAllInitializer(step.constants());
    }
    Set<String> given = Set.copyOf(model.inputs().stream().map(ValueInfo::name).toList());
    graph.getInputBuilderList().stream()
        .filter(input -> given.contains(input.getName()))
        .forEach(FreeBatch::free);
    graph.getOutputBuilderList().forEach(FreeBatch::free);
    return model.withProto(model.proto().toBuilder().setGraph(graph).build());
  }

  private static void free(ValueInfoProto.Builder value) {
    var tensor = value.getTypeBuilder();
    if (tensor.hasTensorType() && tensor.getTensorType().getShape().getDimCount() > 0) {
      tensor.getTensorTypeBuilder().getShapeBuilder().getDimBuilder(0).setDimParam("rows");
    }
  }

  /** A trace, and what the file says of inputs and stored tensors. */
  private record WithFile(OnnxModel model, long extent, BatchTrace trace) implements BatchTrace {
    @Override
    public Optional<long[]> shape(String value) {
      return model
          .initializer(value)
          .map(TensorData::shape)
          .or(() -> given(value))
          .or(() -> trace.shape(value));
    }

    private Optional<long[]> given(String value) {
      return model.inputs().stream()
          .filter(input -> input.name().equals(value))
          .findFirst()
          .map(input -> input.dimensions().stream().mapToLong(ValueInfo.Dimension::extent))
          .map(LongStream::toArray)
          .map(
              shape -> {
                shape[0] = extent;
                return shape;
              });
    }

    @Override
    public Optional<long[]> integers(String value) {
      return model.initializer(value).flatMap(TensorData::integers).or(() -> trace.integers(value));
    }

    @Override
    public boolean sameAlong(String value, int axis) {
      return model
          .initializer(value)
          .map(tensor -> TensorData.sameAlong(tensor, axis))
          .orElseGet(() -> trace.sameAlong(value, axis));
    }
  }
}
