package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Dataset;
import io.afterimage.graph.FreeBatch;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.Batch;
import io.afterimage.target.Meaning;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.TargetInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model file as it is trained: where it fixes its batch, a graph that takes any number of rows
 * takes its place, if its rows provably do not mix.
 *
 * @param graph that is trained and written
 * @param info what the model says of itself, where its answers are to be read
 * @param batch rows that the graph must be given at once; empty for any number
 * @param notes what the user should know
 */
record OpenedFile(
    OnnxModel graph, Optional<TargetInfo> info, OptionalInt batch, List<String> notes) {
  /**
   * Opens a model.
   *
   * @param objective what is lessened; empty where the model says it
   */
  static OpenedFile of(OnnxModel file, Optional<Objective> objective) {
    boolean read = objective.map(o -> o == Objective.CROSS_ENTROPY || o.regresses()).orElse(true);
    if (!read && FreeBatch.hindrance(file).isPresent()) {
      return new OpenedFile(file, Optional.empty(), OptionalInt.empty(), List.of());
    }
    try (OnnxTarget target = OnnxTarget.open(file, read ? OnnxOptions.DEFAULTS : unread(file))) {
      return of(target, read);
    }
  }

  // Rows that are built again are no scores: any numbers are let pass.
  private static OnnxOptions unread(OnnxModel file) {
    return OnnxOptions.DEFAULTS.withOutputs(
        List.of(file.outputs().get(0).name() + "=" + Meaning.LOGITS.word()));
  }

  private static OpenedFile of(OnnxTarget target, boolean read) {
    Batch batch = target.batch();
    String name = target.info().name();
    return new OpenedFile(
        target.graph(),
        read ? Optional.of(target.info()) : Optional.empty(),
        batch.extent() > 0 ? OptionalInt.of(batch.extent()) : OptionalInt.empty(),
        batch.kind() == Batch.Kind.REWRITTEN
            ? List.of(name + " fixes its batch; its graph was rewritten to take any number of rows")
            : List.of());
  }

  /**
   * Refuses a training that would give a graph more or fewer rows at once than it takes.
   *
   * @param size rows a step
   */
  void requireWholeBatches(int size, Map<String, Dataset> rows) {
    batch.ifPresent(
        extent -> {
          rows.forEach((role, dataset) -> requireWholeBatches(role, dataset.rows(), extent));
          check(
              size == extent,
              "--batch-size is %d, but %s takes exactly %d at once (inspect says why that cannot be freed); give --batch-size %d, or export it with a free batch",
              size,
              graph.name(),
              extent,
              extent);
        });
  }

  private void requireWholeBatches(String role, int rows, int extent) {
    check(
        rows % extent == 0,
        "--%s has %d rows, but %s takes exactly %d at once (inspect says why that cannot be freed); leave out %d, or export it with a free batch",
        role,
        rows,
        graph.name(),
        extent,
        rows % extent);
  }
}
