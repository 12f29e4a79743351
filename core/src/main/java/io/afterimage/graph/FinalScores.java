package io.afterimage.graph;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import java.util.List;

/**
 * Scores before their last softmax or sigmoid.
 *
 * @param value the name of the value that holds them
 * @param link what turns them into probabilities
 */
public record FinalScores(String value, Link link) {
  /** What turns scores into probabilities. */
  public enum Link {
    /** One column a class. */
    SOFTMAX,
    /**
     * One column: that of the second of two classes. More: one against the rest for each class,
     * normalised to add up to 1.
     */
    SIGMOID,
    /**
     * Two columns of which each is the other's opposite, as scikit-learn's binary linear models are
     * exported: a sigmoid of each. Read through their difference, they stay opposite in training.
     */
    OPPOSITE_SIGMOIDS
  }

  /** Natural logarithms of the probabilities, one column a class: [n, …] to [n, classes]. */
  public Tensor logProbabilities(Tensor scores) {
    Tensor rows = scores.rank() == 1 ? scores.unsqueeze(1) : scores;
    if (link == Link.SOFTMAX) {
      return rows.logSoftmax(-1);
    }
    if (link == Link.OPPOSITE_SIGMOIDS) {
      return rows.mul(0.5).logSoftmax(-1);
    }
    Tensor positive = Nn.logSigmoid(rows);
    if (rows.size(-1) == 1) {
      return Indexing.cat(List.of(Nn.logSigmoid(rows.neg()), positive), -1);
    }
    return positive.sub(Maths.logSumExp(positive, true, -1));
  }
}
