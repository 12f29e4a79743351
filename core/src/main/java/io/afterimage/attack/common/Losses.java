package io.afterimage.attack.common;

import io.afterimage.data.Dataset;
import io.afterimage.target.Predictions;
import io.afterimage.target.Target;
import io.afterimage.target.Task;
import java.util.Arrays;

/** What a target's answers cost by the true responses. */
public final class Losses {
  private Losses() {}

  /**
   * The loss of each row: the cross-entropy of its true class (natural logarithm, finite), for a
   * regressor the squared error.
   *
   * @param answers scores of these rows
   */
  public static double[] of(Predictions answers, Target target, Dataset rows) {
    double[] losses = new double[rows.rows()];
    if (target.info().task() == Task.REGRESSION) {
      double[] truth = TrueLabels.values(rows);
      Arrays.setAll(losses, i -> Math.pow(answers.get(i, 0) - truth[i], 2));
    } else {
      int[] truth = TrueLabels.classes(rows, target.info());
      Posteriors posteriors = Posteriors.of(answers, target.answers());
      Arrays.setAll(losses, i -> -posteriors.logP(i, truth[i]));
    }
    return losses;
  }
}
