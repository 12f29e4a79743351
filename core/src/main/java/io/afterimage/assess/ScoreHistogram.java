package io.afterimage.assess;

import io.afterimage.base.Checks;
import io.afterimage.evidence.MembershipScores.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How the scores of members and non-members spread: rows in bins of equal width between the 0.5%
 * and the 99.5% quantile of all finite scores. The first and the last bin also hold what lies
 * beyond.
 *
 * @param edges the ends of the bins, ascending: one more than bins; none where no score is finite
 * @param members rows of members in each bin
 * @param nonMembers rows of non-members in each bin
 */
public record ScoreHistogram(List<Double> edges, List<Integer> members, List<Integer> nonMembers) {
  private static final int BINS = 40;
  private static final double BEYOND = 0.005;

  public ScoreHistogram {
    edges = List.copyOf(edges);
    members = List.copyOf(members);
    nonMembers = List.copyOf(nonMembers);
    Checks.check(
        members.size() == nonMembers.size() && Math.max(1, edges.size()) == members.size() + 1,
        "a histogram of %d bins has as many counts in each role and one edge more, but has %d, %d"
            + " and %d",
        members.size(),
        members.size(),
        nonMembers.size(),
        edges.size());
  }

  static ScoreHistogram of(Signal signal) {
    double[] finite =
        Stream.of(signal.members(), signal.nonMembers())
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (finite.length == 0) {
      return new ScoreHistogram(List.of(), List.of(), List.of());
    }
    int outside = (int) (BEYOND * finite.length);
    double low = finite[outside];
    double high = finite[finite.length - 1 - outside];
    if (low == high) {
      low = finite[0];
      high = finite[finite.length - 1];
    }
    return of(signal, low, high, low < high ? BINS : 1);
  }

  // Halves, for the distance of two finite numbers need not be one.
  private static ScoreHistogram of(Signal signal, double low, double high, int bins) {
    List<Double> edges =
        IntStream.rangeClosed(0, bins)
            .mapToObj(i -> low * (1 - (double) i / bins) + high * ((double) i / bins))
            .toList();
    return new ScoreHistogram(
        edges,
        counts(signal.members(), low, high, bins),
        counts(signal.nonMembers(), low, high, bins));
  }

  private static List<Integer> counts(double[] scores, double low, double high, int bins) {
    int[] counts = new int[bins];
    for (double score : scores) {
      double share = bins == 1 ? 0 : (score / 2 - low / 2) / (high / 2 - low / 2);
      counts[(int) Math.max(0, Math.min(bins - 1, Math.floor(share * bins)))]++;
    }
    return Arrays.stream(counts).boxed().toList();
  }
}
