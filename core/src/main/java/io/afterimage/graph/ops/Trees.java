package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/** Tree ensembles of ai.onnx.ml. */
final class Trees {
  private static final String STEPS = "a tree is constant between its thresholds";
  private static final List<String> TRANSFORMS =
      List.of("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT");

  private Trees() {}

  static void register() {
    Operators.flatMl("TreeEnsembleRegressor", STEPS, Trees::regress);
    Operators.flatMl("TreeEnsembleClassifier", STEPS, Trees::classify);
    Operators.flatMl("TreeEnsemble", STEPS, Trees::ensemble);
  }

  /** Scores in DOUBLE: [n, outputs]. */
  private static Tensor scores(Call c, Ensemble ensemble, int outputs) {
    Tensor x = Ml.rows(c.x(0));
    if (x.rank() != 2 || x.size(1) < ensemble.columns()) {
      throw c.error(
          "reads %d columns, but is given shape %s"
              .formatted(ensemble.columns(), Arrays.toString(x.shape())));
    }
    c.sized(x.size(0), outputs);
    // A DOUBLE that stands for FLOAT must reach the leaf that the float would.
    boolean inDouble = x.dtype() == DType.DOUBLE && c.real() != DType.DOUBLE;
    double[] values = (inDouble ? x : x.to(DType.FLOAT)).toDoubles();
    double[] scores = ensemble.scores(values, Math.toIntExact(x.size(0)), outputs);
    return Tensors.of(scores, x.size(0), outputs);
  }

  private static int targets(Call c) {
    long targets = c.attributes().integer("n_targets", 1);
    if (targets < 1 || targets > Integer.MAX_VALUE) {
      throw c.error("has %d targets".formatted(targets));
    }
    return (int) targets;
  }

  private static List<Value> regress(Call c) {
    int targets = targets(c);
    Tensor scores = scores(c, NamedNodes.read(c, "target", targets), targets);
    return Ml.one(PostTransform.apply(c, scores).to(c.real()));
  }

  private static List<Value> ensemble(Call c) {
    int targets = targets(c);
    long transform = c.attributes().integer("post_transform", 0);
    if (transform < 0 || transform >= TRANSFORMS.size()) {
      throw c.error("ends in transform number " + transform + ", which is not supported");
    }
    Tensor scores = scores(c, IndexedNodes.read(c, targets), targets);
    Tensor transformed = PostTransform.apply(c, TRANSFORMS.get((int) transform), scores);
    return Ml.one(transformed.to(c.x(0).dtype()));
  }

  /**
   * Label and scores. As ONNX Runtime does: leaves that all vote for one class of two give the
   * score of the second, which is a probability where no leaf is negative, else a margin.
   */
  private static List<Value> classify(Call c) {
    Labels labels = Labels.of(c);
    int classes = labels.count();
    Ensemble ensemble = NamedNodes.read(c, "class", classes);
    Tensor scores = scores(c, ensemble, classes);
    if (classes == 2 && ensemble.votesForOne()) {
      return binary(c, labels, scores, ensemble);
    }
    // ONNX Runtime compares scores as float.
    Value label = labels.pick(scores.to(DType.FLOAT).argmax(1, false));
    return List.of(label, Value.of(PostTransform.apply(c, scores).to(c.real())));
  }

  private static List<Value> binary(Call c, Labels labels, Tensor scores, Ensemble ensemble) {
    Tensor score = scores.narrow(1, ensemble.onlyOutput(), 1);
    boolean probability = ensemble.isPositive();
    Tensor second = score.to(DType.FLOAT).gt(probability ? 0.5 : 0).to(DType.LONG).reshape(-1);
    Tensor pair;
    if (probability) {
      pair = PostTransform.pair(score.neg().add(1), score);
    } else if (PostTransform.name(c).equals("LOGISTIC")) {
      pair = PostTransform.pair(score.neg().sigmoid(), score.sigmoid());
    } else {
      pair = PostTransform.pair(score.neg(), score);
    }
    return List.of(labels.pick(second), Value.of(pair.to(c.real())));
  }
}
