package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.train.Classifier;
import io.afterimage.train.Forests;
import io.afterimage.train.LogisticRegression;
import io.afterimage.train.Matrix;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The judge's classifier: a logistic regression, a forest, or the mean of both, whichever loses
 * least on people held out of a trial on at most 4,000 rows, fitted to the whole sample. The one
 * finds weak linear differences, the other those that no line shows. Beyond 20,000 rows it learns
 * from a drawn 20,000.
 */
final class Learner {
  private static final int ROWS = 20_000;
  private static final int TRIAL = 4_000;
  private static final int PARTS = 5;
  // Nearer the minimum, accuracies on census and dosing tables move by less than 0.1 points.
  private static final double TOLERANCE = 1e-3;
  private static final int TREES = 30;
  private static final int LEAF = 20;
  private static final int DEPTH = 12;

  private enum Kind {
    LOGISTIC,
    FOREST,
    BOTH
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
    return fit(best(trial.select(rest), trial.select(heldOut), run), sample, run);
  }

  private static Kind best(Sample seen, Sample unseen, Run run) {
    Classifier logistic = fit(Kind.LOGISTIC, seen, run);
    Classifier forest = fit(Kind.FOREST, seen, run);
    Map<Kind, Double> losses = new EnumMap<>(Kind.class);
    losses.put(Kind.LOGISTIC, loss(logistic, unseen));
    losses.put(Kind.FOREST, loss(forest, unseen));
    losses.put(Kind.BOTH, loss(new Mean(logistic, forest), unseen));
    return Collections.min(losses.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  private static Classifier fit(Kind kind, Sample sample, Run run) {
    Matrix table = sample.table();
    return switch (kind) {
      case LOGISTIC ->
          LogisticRegression.fit(table, sample.labels(), sample.classes(), 1, TOLERANCE, run);
      case FOREST ->
          Forests.grow(
              table,
              sample.labels(),
              sample.classes(),
              Forests.Settings.forest(TREES, table.columns()).withMinLeaf(LEAF).withMaxDepth(DEPTH),
              run);
      case BOTH -> new Mean(fit(Kind.LOGISTIC, sample, run), fit(Kind.FOREST, sample, run));
    };
  }

  /** The mean of two classifiers' probabilities. */
  private record Mean(Classifier one, Classifier other) implements Classifier {
    @Override
    public int classes() {
      return one.classes();
    }

    @Override
    public double[] probabilities(Matrix table, int row) {
      double[] mean = one.probabilities(table, row);
      double[] second = other.probabilities(table, row);
      Arrays.setAll(mean, c -> (mean[c] + second[c]) / 2);
      return mean;
    }
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
