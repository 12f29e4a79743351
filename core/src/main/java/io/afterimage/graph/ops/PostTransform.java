package io.afterimage.graph.ops;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import java.util.List;

/** What the classifiers and regressors of ai.onnx.ml do to their scores at the end. */
final class PostTransform {
  // Winitzki: A handy approximation for the error function and its inverse, 2008.
  private static final double WINITZKI = 0.147;

  private PostTransform() {}

  /** The node's own setting applied to scores, one row an example. */
  static Tensor apply(Call c, Tensor scores) {
    return apply(c, name(c), scores);
  }

  static Tensor apply(Call c, String name, Tensor scores) {
    return switch (name) {
      case "NONE" -> scores;
      case "SOFTMAX" -> scores.softmax(-1);
      case "LOGISTIC" -> scores.sigmoid();
      case "SOFTMAX_ZERO" -> softmaxOfNonZero(scores);
      case "PROBIT" -> probit(scores);
      default -> throw c.error("ends in " + name + ", which is not supported");
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

  /** The quantile of the normal distribution, by the approximation that ONNX Runtime takes. */
  private static Tensor probit(Tensor probabilities) {
    Tensor x = probabilities.mul(2).sub(1);
    Tensor log = x.square().neg().add(1).log();
    Tensor half = log.mul(0.5).add(2 / (Math.PI * WINITZKI));
    Tensor root = half.square().sub(log.div(WINITZKI)).sqrt().sub(half).sqrt();
    return x.sign().mul(root).mul(Math.sqrt(2));
  }

  /** Two columns of a single score. */
  static Tensor pair(Tensor negative, Tensor positive) {
    return Indexing.cat(List.of(negative, positive), 1);
  }
}
