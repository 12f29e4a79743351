package io.afterimage.graph.ops;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import java.util.List;

/** What the classifiers and regressors of ai.onnx.ml do to their scores at the end. */
final class PostTransform {
  private PostTransform() {}

  /** The node's own setting applied to scores, one row an example. */
  static Tensor apply(Call c, Tensor scores) {
    return switch (name(c)) {
      case "NONE" -> scores;
      case "SOFTMAX" -> scores.softmax(-1);
      case "LOGISTIC" -> scores.sigmoid();
      case "SOFTMAX_ZERO" -> softmaxOfNonZero(scores);
      default -> throw c.error("ends in " + name(c) + ", which is not supported");
    };
  }

  static String name(Call c) {
    return c.attributes().text("post_transform", "NONE");
  }

  // Scores that are exactly 0 stay 0, and the others share the rest.
  private static Tensor softmaxOfNonZero(Tensor scores) {
    Tensor zero = scores.eq(0);
    Tensor exps = Indexing.maskedFill(scores.sub(scores.max(true, -1)).exp(), zero, 0);
    Tensor sums = exps.sum(true, -1);
    return exps.div(Maths.maximum(sums, sums.mul(0).add(Float.MIN_NORMAL)));
  }

  /** Two columns of a single score. */
  static Tensor pair(Tensor negative, Tensor positive) {
    return Indexing.cat(List.of(negative, positive), 1);
  }
}
