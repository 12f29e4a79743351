package io.afterimage.attack.membership;

import io.afterimage.attack.common.Confidences;
import io.afterimage.attack.common.Posteriors;
import io.afterimage.data.Dataset;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.stream.IntStream;

/** How sure a model is of rows, whoever learned from them. */
final class Sureness {
  private Sureness() {}

  /** Of each row the greatest probability; of a regressor minus the absolute error. */
  static double[] of(Predictions answers, TargetInfo info, Answers known, Dataset rows) {
    return info.task() == Task.REGRESSION
        ? Confidences.of(answers, info, known, rows)
        : greatest(Posteriors.of(answers, known));
  }

  private static double[] greatest(Posteriors posteriors) {
    return IntStream.range(0, posteriors.rows())
        .mapToDouble(row -> greatest(posteriors, row))
        .toArray();
  }

  private static double greatest(Posteriors posteriors, int row) {
    return IntStream.range(0, posteriors.classes())
        .mapToDouble(c -> posteriors.p(row, c))
        .max()
        .orElseThrow();
  }
}
