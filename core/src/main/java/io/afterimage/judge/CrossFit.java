package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.train.Classifier;
import io.afterimage.train.Workers;
import java.util.List;
import java.util.function.BiFunction;

/** Answers about every row from classifiers that saw no row of the same person. */
final class CrossFit {
  private static final int FOLDS = 5;

  private CrossFit() {}

  /** What is asked of a classifier about one row of a sample. */
  interface Question<A> {
    A ask(Classifier classifier, Sample sample, int row);
  }

  /**
   * The answer about each row of the sample, in its order; those whose class is not known are asked
   * about but teach nothing.
   */
  static <A> List<A> answers(
      Sample sample,
      BiFunction<Sample, Run, Classifier> learner,
      Question<A> question,
      String work,
      Run run) {
    int[] folds = Folds.deal(sample.persons(), sample.labels(), FOLDS, run);
    List<Classifier> classifiers =
        Workers.map(
            run,
            work,
            FOLDS,
            fold -> {
              Sample others = sample.select(Folds.rows(folds, fold, false)).labelled();
              return learner.apply(others, Workers.alone(run, "fold/" + fold));
            });
    return java.util.stream.IntStream.range(0, sample.rows())
        .mapToObj(row -> question.ask(classifiers.get(folds[row]), sample, row))
        .toList();
  }
}
