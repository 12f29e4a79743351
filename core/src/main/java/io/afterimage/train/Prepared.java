package io.afterimage.train;

import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything that a training needs, made from files.
 *
 * @param graph that is trained, with the weights it starts from
 * @param rows the members as they were read
 * @param members what is learned of them
 * @param validation what validates, if anything
 * @param export the model to write, from the weights that were learned
 * @param classes in the order of the answers; none for what is no classifier
 * @param notes what the user should know
 */
record Prepared(
    OnnxModel graph,
    Dataset rows,
    Examples members,
    Optional<Examples> validation,
    Loss loss,
    Function<Map<String, float[]>, OnnxModel> export,
    List<String> classes,
    List<String> notes) {}
