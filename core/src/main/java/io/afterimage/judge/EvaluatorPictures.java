package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which real pictures an evaluator learns from, which check it, and which non-members are left to
 * compare reconstructions with. No picture serves twice.
 */
record EvaluatorPictures(Pictures training, Pictures checking, Pictures nonMembers) {
  private static final int ONE_CHECKS_OF = 5;

  /** All of these for the evaluator, a fifth of each class to check it; all non-members left. */
  static EvaluatorPictures of(Pictures evaluation, Dataset rows, Pictures nonMembers, Run run) {
    int[] checks = chosen(evaluation, rows, ONE_CHECKS_OF, run);
    return new EvaluatorPictures(
        evaluation.select(rest(checks, evaluation.count())), evaluation.select(checks), nonMembers);
  }

  /** Half of each class of these for the evaluator, the other half left as non-members. */
  static EvaluatorPictures halfOf(Pictures nonMembers, Dataset rows, Run run) {
    int[] left = chosen(nonMembers, rows, 2, run);
    Pictures half = nonMembers.select(rest(left, nonMembers.count()));
    return of(half, rows, nonMembers.select(left), run);
  }

  /** Why no evaluator can be trained: a class without a picture to learn from, or to check. */
  Optional<String> tooFewFor(int[] subjects, List<String> names) {
    return Arrays.stream(subjects)
        .filter(c -> training.of(c).length == 0 || checking.of(c).length == 0)
        .mapToObj(
            c ->
                "an evaluator needs pictures that the target never saw, two of each class at least,"
                    + " but %s has %d; give more with --evaluation"
                        .formatted(names.get(c), training.of(c).length + checking.of(c).length))
        .findFirst();
  }

  /** Of each class every so-manieth picture in drawn order, from two pictures on at least one. */
  private static int[] chosen(Pictures pictures, Dataset rows, int oneOf, Run run) {
    int classes = Arrays.stream(pictures.classes()).max().orElse(-1) + 1;
    return IntStream.range(0, classes)
        .flatMap(
            subject -> {
              int[] order = order(pictures, pictures.of(subject), rows, run);
              int count = order.length < 2 ? 0 : Math.max(1, order.length / oneOf);
              return Arrays.stream(order).limit(count);
            })
        .sorted()
        .toArray();
  }

  private static int[] order(Pictures pictures, int[] places, Dataset rows, Run run) {
    int[] inDataset = Arrays.stream(places).map(place -> pictures.rows()[place]).toArray();
    return Arrays.stream(Drawn.order(rows, inDataset, run))
        .map(row -> Arrays.binarySearch(pictures.rows(), row))
        .toArray();
  }

  /** The other places that hold a picture with a class. */
  private static int[] rest(int[] chosen, int count) {
    return IntStream.range(0, count)
        .filter(place -> Arrays.binarySearch(chosen, place) < 0)
        .toArray();
  }
}
