package io.afterimage.train;

import io.afterimage.graph.OnnxModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything that a training needs, made from files.
 *
 * @param graph that is trained, with the weights it starts from
 * @param members what is learned
 * @param validation what validates, if anything
 * @param export the model to write, from the weights that were learned
 * @param classes in the order of the answers; none for what is no classifier
 * @param notes what the user should know
 */
record Prepared(
    OnnxModel graph,
    Examples members,
    Optional<Examples> validation,
    Loss loss,
    Function<Map<String, float[]>, OnnxModel> export,
    List<String> classes,
    List<String> notes) {}
