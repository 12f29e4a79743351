package io.afterimage.target;

import io.afterimage.data.Dataset;

/**
 * A target that answers with scores: probabilities, logits or a regressor's value, as its meaning
 * says.
 */
public interface ScoreTarget extends LabelTarget {
  /**
   * The answers to these rows, in their order. The columns are matched to the model's inputs by
   * name, else by order.
   */
  Predictions scores(Dataset rows);

  @Override
  default int[] labels(Dataset rows) {
    Predictions scores = scores(rows);
    int[] labels = new int[scores.rows()];
    java.util.Arrays.setAll(labels, scores::label);
    return labels;
  }
}
