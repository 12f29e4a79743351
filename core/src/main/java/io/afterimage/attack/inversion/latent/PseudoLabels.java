package io.afterimage.attack.inversion.latent;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.target.Predictions;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Public pictures under the classes that a target is surest of (top-n selection: Yuan et al., AAAI
 * 2023). A picture may stand under several classes.
 *
 * @param rows of the public pictures, class after class, within a class in their order
 * @param classes that each of them stands under
 * @param count how many classes there are
 */
public record PseudoLabels(int[] rows, int[] classes, int count) {
  /**
   * For each class the pictures of the greatest probability; of equals the first.
   *
   * @param answers probabilities of the classes for each picture
   * @param each how many of a class, from 1 to as many as there are pictures
   */
  public static PseudoLabels of(Predictions answers, int each) {
    inRange("--top", each, 1, answers.rows());
    int count = answers.columns();
    int[] rows =
        IntStream.range(0, count).flatMap(c -> Arrays.stream(surest(answers, c, each))).toArray();
    int[] classes = IntStream.range(0, rows.length).map(i -> i / each).toArray();
    return new PseudoLabels(rows, classes, count);
  }

  /** All above the probability of the last that is taken, and so many of those that have it. */
  private static int[] surest(Predictions answers, int subject, int each) {
    double[] sorted =
        IntStream.range(0, answers.rows())
            .mapToDouble(row -> answers.get(row, subject))
            .sorted()
            .toArray();
    double last = sorted[sorted.length - each];
    int above = (int) Arrays.stream(sorted).filter(p -> p > last).count();
    int[] chosen = new int[each];
    int equals = 0;
    int taken = 0;
    for (int row = 0; taken < each; row++) {
      double p = answers.get(row, subject);
      if (p > last || (p == last && equals < each - above)) {
        chosen[taken++] = row;
        equals += p == last ? 1 : 0;
      }
    }
    return chosen;
  }

  /**
   * The pictures, class after class.
   *
   * @param pictures all public ones
   * @param size numbers of a picture
   */
  public float[] of(float[] pictures, int size) {
    float[] chosen = new float[Math.multiplyExact(rows.length, size)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(pictures, rows[i] * size, chosen, i * size, size);
    }
    return chosen;
  }
}
