package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Overlap;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
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
        evaluation.select(rest(evaluation, checks)), evaluation.select(checks), nonMembers);
  }

  /** Half of each class of these for the evaluator, the other half left as non-members. */
  static EvaluatorPictures halfOf(Pictures nonMembers, Dataset rows, Run run) {
    int[] left = chosen(nonMembers, rows, 2, run);
    Pictures half = nonMembers.select(rest(nonMembers, left));
    return of(half, rows, nonMembers.select(left), run);
  }

  /**
   * The same, where the evaluator sees no picture that the target learned from.
   *
   * @param rows that the evaluator's pictures were read from
   */
  EvaluatorPictures without(Dataset members, Dataset rows) {
    long[] known = Overlap.hashes(members);
    Arrays.sort(known);
    long[] hashes = Overlap.hashes(rows);
    IntPredicate unknown = row -> Arrays.binarySearch(known, hashes[row]) < 0;
    return new EvaluatorPictures(where(training, unknown), where(checking, unknown), nonMembers);
  }

  private static Pictures where(Pictures pictures, IntPredicate row) {
    return pictures.select(
        IntStream.range(0, pictures.count()).filter(i -> row.test(pictures.rows()[i])).toArray());
  }

  /** The share of the commonest class among those that check: what naming it always reaches. */
  double chance() {
    return Arrays.stream(checking.classes())
        .distinct()
        .mapToDouble(subject -> (double) checking.of(subject).length / checking.count())
        .max()
        .orElse(1);
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
              int[] order = Drawn.order(pictures, pictures.of(subject), rows, run);
              int count = order.length < 2 ? 0 : Math.max(1, order.length / oneOf);
              return Arrays.stream(order).limit(count);
            })
        .sorted()
        .toArray();
  }

  /** The other places that hold a picture with a class. */
  private static int[] rest(Pictures pictures, int[] chosen) {
    return IntStream.range(0, pictures.count())
        .filter(place -> pictures.classes()[place] >= 0)
        .filter(place -> Arrays.binarySearch(chosen, place) < 0)
        .toArray();
  }
}
