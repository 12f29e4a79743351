package io.afterimage.attack.common;

import io.afterimage.data.Dataset;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import io.afterimage.target.Target;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.Arrays;

/** How sure a target's answers are of the true responses. */
public final class Confidences {
  private Confidences() {}

  /**
   * For each row the logit of the true class, log(p / (1 - p)), finite (Carlini et al., S&amp;P
   * 2022, whose distribution over models is nearly normal); for a regressor minus the absolute
   * error.
   *
   * @param answers scores of these rows
   */
  public static double[] of(Predictions answers, Target target, Dataset rows) {
    return of(answers, target.info(), target.answers(), rows);
  }

  /**
   * The same of a model that is no target but answers for one.
   *
   * @param known what is public about its answers
   */
  public static double[] of(Predictions answers, TargetInfo target, Answers known, Dataset rows) {
    double[] confidences = new double[rows.rows()];
    if (target.task() == Task.REGRESSION) {
      double[] truth = TrueLabels.values(rows);
      Arrays.setAll(confidences, i -> -Math.abs(answers.get(i, 0) - truth[i]));
    } else {
      int[] truth = TrueLabels.classes(rows, target);
      Posteriors posteriors = Posteriors.of(answers, known);
      Arrays.setAll(confidences, i -> posteriors.logit(i, truth[i]));
    }
    return confidences;
  }
}
