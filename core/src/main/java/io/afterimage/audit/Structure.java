package io.afterimage.audit;

import io.afterimage.assess.Metric;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.People;
import io.afterimage.evidence.StructuralLeaks;
import io.afterimage.evidence.StructuralLeaks.Embedding;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Parameter;
import io.afterimage.graph.TreeLeaves;
import io.afterimage.policy.Gate;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.ScoreTarget;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What the model's file gives away without being asked: training rows that it carries, leaves that
 * few records reach, a regression with hardly more rows than coefficients, embeddings with a row
 * for one person. Facts about the model, counted and not estimated.
 *
 * @param facts the figure of each gate that could be answered, or why it could not
 * @param notApplicable gates that this model has no input for, and why
 * @param leaks who is behind the facts; empty where there is no file or there are no members
 * @param embeddingsUnread why embeddings could not be read; empty where they were
 */
record Structure(
    Map<Gate, Metric> facts,
    Map<Gate, String> notApplicable,
    Optional<StructuralLeaks> leaks,
    Optional<String> embeddingsUnread) {

  /** Of a model whose members these are. */
  static Structure of(ScoreTarget scorer, Split split, Run run) {
    if (!(scorer instanceof OnnxTarget target)) {
      return without("there is no model file, only its predictions");
    }
    return split.members().rows() == 0
        ? without("needs --members")
        : new Reading(target, split, run).structure();
  }

  private static Structure without(String why) {
    Map<Gate, String> reasons = new EnumMap<>(Gate.class);
    List.of(Gate.ROWS_STORED, Gate.RECORDS_PER_LEAF, Gate.RESIDUAL_DEGREES_OF_FREEDOM)
        .forEach(gate -> reasons.put(gate, why));
    return new Structure(Map.of(), reasons, Optional.empty(), Optional.empty());
  }

  /** Reads one model. */
  private static final class Reading {
    private final OnnxTarget target;
    private final OnnxModel graph;
    private final Split split;
    private final Run run;
    private final int rows;
    private final Map<Gate, Metric> facts = new EnumMap<>(Gate.class);
    private final Map<Gate, String> notApplicable = new EnumMap<>(Gate.class);
    private Optional<String> embeddingsUnread = Optional.empty();

    Reading(OnnxTarget target, Split split, Run run) {
      this.target = target;
      this.graph = target.graph();
      this.split = split;
      this.run = run;
      this.rows = split.members().rows();
    }

    Structure structure() {
      int[] stored =
          read(
              Gate.ROWS_STORED,
              () -> StoredRows.carried(target, graph, split),
              marks -> (double) IntStream.of(marks).sum() / rows);
      int[] inLeaf = new int[0];
      if (TreeLeaves.anyIn(graph)) {
        inLeaf =
            read(
                Gate.RECORDS_PER_LEAF,
                () -> LeafCounts.fewest(target, graph, split.members()),
                counts -> IntStream.of(counts).min().orElseThrow());
      } else {
        notApplicable.put(Gate.RECORDS_PER_LEAF, "the model has no trees");
      }
      freedom();
      People members = People.of(split.members());
      StructuralLeaks leaks = new StructuralLeaks(members, stored, inLeaf, embeddings());
      return new Structure(facts, notApplicable, Optional.of(leaks), embeddingsUnread);
    }

    private List<Embedding> embeddings() {
      run.checkCancelled();
      try {
        return EmbeddingOwners.of(target, graph, split.members());
      } catch (BadInputException e) {
        embeddingsUnread = Optional.of(String.valueOf(e.getMessage()));
        return List.of();
      }
    }

    private int[] read(Gate gate, Supplier<int[]> members, ToDoubleFunction<int[]> figure) {
      run.checkCancelled();
      try {
        int[] read = members.get();
        put(gate, figure.applyAsDouble(read));
        return read;
      } catch (BadInputException e) {
        facts.put(gate, Metric.unresolved(rows, String.valueOf(e.getMessage())));
        return new int[0];
      }
    }

    private void put(Gate gate, double value) {
      facts.put(gate, Metric.of(value, value, value, rows));
    }

    private void freedom() {
      if (isRegression(graph)) {
        int classes = target.info().classes().size();
        put(Gate.RESIDUAL_DEGREES_OF_FREEDOM, (double) rows - coefficients(graph, classes));
      } else {
        notApplicable.put(
            Gate.RESIDUAL_DEGREES_OF_FREEDOM, "the model is no linear or logistic regression");
      }
    }
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
