package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
  private final OnnxModel model;
  private final RowSearch search;

  private FreeBatch(OnnxModel model, long extent, BatchTrace trace) {
    this.model = model;
    Map<String, RowAxis> given = new HashMap<>();
    model.inputs().forEach(input -> given.put(input.name(), RowAxis.FIRST));
    this.search = new RowSearch(RowGraph.of(model, extent, trace), model.nodes(), given);
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
   * The model as a trace must run it: with the first steps of its loops beside them, under names of
   * their own.
   */
  public static OnnxModel traceable(OnnxModel model) {
    return FirstSteps.of(model);
  }

  /**
   * The model for any number of rows.
   *
   * @param extent rows of the exported batch
   * @param trace of a run of {@link #traceable} with so many rows
   */
  public static Result of(OnnxModel model, long extent, BatchTrace trace) {
    return hindrance(model)
        .map(reason -> new Result(Optional.empty(), reason))
        .orElseGet(() -> new FreeBatch(model, extent, trace).result());
  }

  private Result result() {
    return search
        .to(this::missing)
        .map(steps -> new Result(Optional.of(rewritten(steps)), ""))
        .orElseGet(() -> new Result(Optional.empty(), search.reason()));
  }

  private Optional<String> missing(Map<String, RowAxis> rows) {
    return model.outputs().stream()
        .map(ValueInfo::name)
        .filter(output -> !RowAxis.FIRST.equals(rows.get(output)))
        .findFirst()
        .map(output -> "output " + output + " does not give a row for each row");
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
}
