package io.afterimage.judge;

import java.util.Arrays;

/**
 * Whether a reconstruction lies nearer to members than to non-members of its class: memorisation,
 * beyond knowing the class. Nearness is correlation of pixels, because an attack is free in
 * brightness and contrast.
 *
 * <p>The larger set would hold the nearest picture by its size alone. So sets of equal size are
 * compared: the smaller one whole, the larger one by every subset of that size, whose mean is
 * computed rather than estimated from draws. On a target that knows nothing of its members each is
 * nearest in half of the cases.
 */
record Nearest(Pictures members, Pictures nonMembers) {

  /** Whether the class has a picture in both sets. */
  boolean comparable(int subject) {
    return members.of(subject).length > 0 && nonMembers.of(subject).length > 0;
  }

  /** Share of equal-sized sets in which a member is nearest; equally near counts half. */
  double share(float[] picture, int subject) {
    double[] in = correlations(picture, members, subject);
    double[] out = correlations(picture, nonMembers, subject);
    return in.length <= out.length ? wins(in, out) : 1 - wins(out, in);
  }

  /** Where the nearest of its class stands among these pictures; there must be one. */
  static int place(float[] picture, Pictures pictures, int subject) {
    int[] places = pictures.of(subject);
    double[] correlations = correlations(picture, pictures, subject);
    int best = 0;
    for (int i = 1; i < places.length; i++) {
      if (correlations[i] > correlations[best]) {
        best = i;
      }
    }
    return places[best];
  }

  /** With each picture of its class. */
  static double[] correlations(float[] picture, Pictures pictures, int subject) {
    return correlations(picture, pictures, pictures.of(subject));
  }

  /** With the pictures at these places. */
  static double[] correlations(float[] picture, Pictures pictures, int[] places) {
    return Arrays.stream(places)
        .mapToDouble(place -> Similarity.correlation(picture, pictures.pixels().get(place)))
        .toArray();
  }

  /**
   * Share of the subsets of {@code large}, as large as {@code small}, whose greatest value lies
   * below that of {@code small}. The j-th greatest of N values is the greatest of a subset of k
   * with probability C(N-1-j, k-1) / C(N, k).
   */
  private static double wins(double[] small, double[] large) {
    double greatest = Arrays.stream(small).max().orElseThrow();
    double[] ascending = Arrays.stream(large).sorted().toArray();
    int n = ascending.length;
    int k = small.length;
    double probability = (double) k / n;
    double wins = 0;
    for (int j = 0; j <= n - k; j++) {
      wins += probability * (0.5 + 0.5 * Math.signum(greatest - ascending[n - 1 - j]));
      probability *= (double) (n - j - k) / Math.max(1, n - j - 1);
    }
    return wins;
  }
}
