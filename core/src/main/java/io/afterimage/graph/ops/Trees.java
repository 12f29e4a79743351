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

  private Trees() {}

  static void register() {
    Operators.flatMl("TreeEnsembleRegressor", STEPS, Trees::regress);
    Operators.flatMl("TreeEnsembleClassifier", STEPS, Trees::classify);
  }

  private static float[] scores(Call c, Ensemble ensemble, int outputs) {
    Tensor x = Ml.rows(c.x(0));
    if (x.rank() != 2 || x.size(1) < ensemble.columns()) {
      throw c.error(
          "reads %d columns, but is given shape %s"
              .formatted(ensemble.columns(), Arrays.toString(x.shape())));
    }
    return ensemble.scores(x.toDoubles(), (int) x.size(0), (int) x.size(1), outputs);
  }

  private static List<Value> regress(Call c) {
    int targets = (int) c.attributes().integer("n_targets", 1);
    Ensemble ensemble = Ensemble.of(c, "target", targets);
    float[] scores = scores(c, ensemble, targets);
    return Ml.one(
        PostTransform.apply(c, Tensors.of(scores, scores.length / targets, targets).to(c.real())));
  }

  /**
   * Label and scores. As ONNX Runtime does: leaves that all vote for one class of two give the
   * score of the second, which is a probability where no leaf is negative, else a margin.
   */
  private static List<Value> classify(Call c) {
    Labels labels = Labels.of(c);
    int classes = labels.count();
    Ensemble ensemble = Ensemble.of(c, "class", classes);
    float[] all = scores(c, ensemble, classes);
    Tensor scores = Tensors.of(all, all.length / classes, classes);
    if (classes == 2 && ensemble.votesForOne()) {
      return binary(c, labels, scores, ensemble);
    }
    Value label = labels.pick(scores.argmax(1, false));
    return List.of(label, Value.of(PostTransform.apply(c, scores).to(c.real())));
  }

  private static List<Value> binary(Call c, Labels labels, Tensor scores, Ensemble ensemble) {
    Tensor score = scores.narrow(1, ensemble.onlyOutput(), 1);
    boolean probability = ensemble.isPositive();
    Value label = labels.pick(score.gt(probability ? 0.5 : 0).to(DType.LONG).reshape(-1));
    boolean logistic = PostTransform.name(c).equals("LOGISTIC");
    Tensor pair;
    if (probability) {
      pair = PostTransform.pair(score.neg().add(1), score);
    } else if (logistic) {
      pair = PostTransform.pair(score.neg().sigmoid(), score.sigmoid());
    } else {
      pair = PostTransform.pair(score.neg(), score);
    }
    return List.of(label, Value.of(pair.to(c.real())));
  }
}
