package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.train.Classifier;
import io.afterimage.train.Forests;
import io.afterimage.train.LogisticRegression;
import io.afterimage.train.Matrix;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The judge's classifier: a logistic regression or a forest, whichever loses less on people held
 * out of a trial on at most 6,000 rows, fitted to the whole sample. The one finds weak linear
 * differences, the other those that no line shows. Beyond 20,000 rows it learns from a drawn
 * 20,000.
 */
final class Learner {
  private static final int ROWS = 20_000;
  private static final int TRIAL = 6_000;
  private static final int PARTS = 5;
  private static final int TREES = 30;
  private static final int LEAF = 20;
  private static final int DEPTH = 12;

  private enum Kind {
    LOGISTIC,
    FOREST
  }

  private Learner() {}

  static Classifier fit(Sample given, Run run) {
    Sample sample = given.drawn(ROWS, run);
    // The sample stands in a drawn order, so that its first rows are a sample as well.
    Sample trial = sample.select(IntStream.range(0, Math.min(TRIAL, sample.rows())).toArray());
    int[] folds = Folds.deal(trial.persons(), trial.labels(), PARTS, run.keyed("held-out"));
    int[] heldOut = Folds.rows(folds, 0, true);
    int[] rest = Folds.rows(folds, 0, false);
    if (heldOut.length == 0 || rest.length == 0) {
      return fit(Kind.LOGISTIC, sample, run);
    }
    Sample unseen = trial.select(heldOut);
    Sample seen = trial.select(rest);
    double logistic = loss(fit(Kind.LOGISTIC, seen, run), unseen);
    double forest = loss(fit(Kind.FOREST, seen, run), unseen);
    return fit(forest < logistic ? Kind.FOREST : Kind.LOGISTIC, sample, run);
  }

  private static Classifier fit(Kind kind, Sample sample, Run run) {
    Matrix table = sample.table();
    return switch (kind) {
      case LOGISTIC -> LogisticRegression.fit(table, sample.labels(), sample.classes(), 1, run);
      case FOREST ->
          Forests.grow(
              table,
              sample.labels(),
              sample.classes(),
              Forests.Settings.forest(TREES, table.columns()).withMinLeaf(LEAF).withMaxDepth(DEPTH),
              run);
    };
  }

  /** Mean cross-entropy, a class that was thought impossible counted as one in a million. */
  private static double loss(Classifier classifier, Sample sample) {
    double[] losses =
        IntStream.range(0, sample.rows())
            .mapToDouble(row -> classifier.probabilities(sample.table(), row)[sample.labels()[row]])
            .map(p -> -Math.log(Math.max(p, 1e-6)))
            .toArray();
    return Arrays.stream(losses).average().orElse(0);
  }
}
