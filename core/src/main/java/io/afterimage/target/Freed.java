package io.afterimage.target;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.FreeBatch;
import io.afterimage.graph.OnnxModel;
import java.util.Collection;
import java.util.Optional;

/**
 * A graph that fixed its batch, rewritten to take any number of rows, and found to answer several
 * at once as the file answers each.
 *
 * @param session with the graph loaded
 */
record Freed(OnnxModel graph, OnnxSession session) {
  /**
   * The rewritten graph of a model; empty, with a notice that says why, where its rows may mix.
   *
   * @param fixed the batch of the file
   * @param own scores the file as it is
   * @param rows to hold both against each other
   */
  static Optional<Freed> of(
      OnnxModel model,
      Batch fixed,
      Scorer own,
      Binding rows,
      int threads,
      Collection<String> notices) {
    try {
      FreeBatch.Result result = rewritten(model, fixed, rows, threads, own.limit());
      if (result.model().isPresent()) {
        return Optional.of(checked(result.model().get(), fixed, own, rows, threads));
      }
      notices.add("%s keeps its batch: %s".formatted(model.name(), result.reason()));
    } catch (BadInputException e) {
      notices.add("%s keeps its batch: %s".formatted(model.name(), e.getMessage()));
    }
    return Optional.empty();
  }

  private static FreeBatch.Result rewritten(
      OnnxModel model, Batch fixed, Binding rows, int threads, TimeLimit limit) {
    Optional<String> hindrance = FreeBatch.hindrance(model);
    if (hindrance.isPresent()) {
      return new FreeBatch.Result(Optional.empty(), hindrance.get());
    }
    try (OnnxSession talkative = OnnxSession.talkative(FreeBatch.traceable(model), threads)) {
      return talkative.runAll(
          rows.tensors(fixed.filled(new int[] {0})),
          limit,
          values -> FreeBatch.of(model, fixed.extent(), new SessionTrace(values)));
    }
  }

  private static Freed checked(
      OnnxModel graph, Batch fixed, Scorer own, Binding rows, int threads) {
    OnnxSession session = new OnnxSession(graph, threads);
    try {
      if (fixed.answersAlike(own, own.in(session), rows)) {
        return new Freed(graph, session);
      }
      throw new BadInputException("rewritten for several rows it answers them otherwise");
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }
}
