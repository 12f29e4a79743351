package io.afterimage.train;

import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Everything that a training needs, made from files.
 *
 * @param graph that is trained, with the weights it starts from
 * @param rows the members as they were read
 * @param members what is learned of them
 * @param validation what validates, if anything
 * @param objective what is lessened
 * @param loss the objective, of this graph's answers
 * @param batch rows that the graph must be given at once; empty for any number
 * @param export the model to write, from the weights that were learned
 * @param classes in the order of the answers; none for what is no classifier
 * @param canaries that were laid into the members; empty for none
 * @param notes what the user should know
 */
record Prepared(
    OnnxModel graph,
    Dataset rows,
    Examples members,
    Optional<Examples> validation,
    Objective objective,
    Loss loss,
    OptionalInt batch,
    Function<Map<String, Tensor>, OnnxModel> export,
    List<String> classes,
    Optional<Canaries> canaries,
    List<String> notes) {
  /** The same for a graph that must be given so many rows at once. */
  Prepared inBatchesOf(OptionalInt extent) {
    return new Prepared(
        graph,
        rows,
        members,
        validation,
        objective,
        loss,
        extent,
        export,
        classes,
        canaries,
        notes);
  }
}
