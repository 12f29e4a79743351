package io.afterimage.audit;

import io.afterimage.assess.Metric;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Parameter;
import io.afterimage.graph.TreeLeaves;
import io.afterimage.policy.Gate;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.ScoreTarget;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * What the model's file gives away without being asked: training rows that it carries, leaves that
 * few records reach, a regression with hardly more rows than coefficients. Facts about the model,
 * counted and not estimated.
 *
 * @param facts the figure of each gate that could be answered, or why it could not
 * @param notApplicable gates that this model has no input for, and why
 */
record Structure(Map<Gate, Metric> facts, Map<Gate, String> notApplicable) {

  /** Of a model whose members these are. */
  static Structure of(ScoreTarget scorer, Split split, Run run) {
    Structure structure = new Structure(new EnumMap<>(Gate.class), new EnumMap<>(Gate.class));
    if (!(scorer instanceof OnnxTarget target)) {
      structure.without("there is no model file, only its predictions");
    } else if (split.members().rows() == 0) {
      structure.without("needs --members");
    } else {
      structure.read(target, split, run);
    }
    return structure;
  }

  private void without(String why) {
    List.of(Gate.ROWS_STORED, Gate.RECORDS_PER_LEAF, Gate.RESIDUAL_DEGREES_OF_FREEDOM)
        .forEach(gate -> notApplicable.put(gate, why));
  }

  private void read(OnnxTarget target, Split split, Run run) {
    OnnxModel graph = target.graph();
    int rows = split.members().rows();
    run.checkCancelled();
    put(Gate.ROWS_STORED, rows, () -> (double) StoredRows.count(target, graph, split) / rows);
    run.checkCancelled();
    if (TreeLeaves.anyIn(graph)) {
      put(Gate.RECORDS_PER_LEAF, rows, () -> fewestInLeaf(target, graph, split.members()));
    } else {
      notApplicable.put(Gate.RECORDS_PER_LEAF, "the model has no trees");
    }
    if (isRegression(graph)) {
      int classes = target.info().classes().size();
      put(
          Gate.RESIDUAL_DEGREES_OF_FREEDOM,
          rows,
          () -> (double) rows - coefficients(graph, classes));
    } else {
      notApplicable.put(
          Gate.RESIDUAL_DEGREES_OF_FREEDOM, "the model is no linear or logistic regression");
    }
  }

  private void put(Gate gate, int people, DoubleSupplier fact) {
    try {
      double value = fact.getAsDouble();
      facts.put(gate, Metric.of(value, value, value, people));
    } catch (BadInputException e) {
      facts.put(gate, Metric.unresolved(people, String.valueOf(e.getMessage())));
    }
  }

  /** The fewest members in any leaf that a member reaches, over all trees. */
  private static double fewestInLeaf(OnnxTarget target, OnnxModel graph, Dataset members) {
    OnnxModel told =
        TreeLeaves.told(graph)
            .orElseThrow(
                () ->
                    new BadInputException(
                        graph.name() + " holds trees in a form whose leaves are not read"));
    Map<String, Integer> counts = new HashMap<>();
    target.trace(
        told,
        members,
        (row, value, leaves) -> {
          for (int tree = 0; value.startsWith(TreeLeaves.PREFIX) && tree < leaves.length; tree++) {
            counts.merge(value + "/" + tree + "/" + leaves[tree], 1, Integer::sum);
          }
        });
    return counts.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
  }

  /** Whether one weighted sum a class or value is all that was fitted. */
  private static boolean isRegression(OnnxModel graph) {
    List<Parameter> fitted = graph.parameters().stream().filter(Parameter::trainable).toList();
    return !fitted.isEmpty()
        && fitted.stream().allMatch(p -> linear(p) || p.role().equals("bias"))
        && fitted.stream().filter(p -> !p.role().equals("bias")).count() <= 2
        && fitted.stream().filter(p -> p.role().equals("weight")).count() <= 1;
  }

  private static boolean linear(Parameter parameter) {
    return List.of("MatMul", "Gemm", "ai.onnx.ml.LinearClassifier", "ai.onnx.ml.LinearRegressor")
        .contains(parameter.operator());
  }

  /** Coefficients of all classes; with two, a linear classifier stores the same ones twice. */
  private static long coefficients(OnnxModel graph, int classes) {
    boolean twice =
        classes == 2
            && graph.parameters().stream()
                .anyMatch(p -> p.operator().equals("ai.onnx.ml.LinearClassifier"));
    return graph.parameterCount() / (twice ? 2 : 1);
  }
}
