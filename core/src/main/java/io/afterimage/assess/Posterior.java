package io.afterimage.assess;

import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The chance that someone with this score is a member, where a stated share of all suspects are.
 *
 * <p>Read from other people alone: the 20 rows next in rank, ten on either side where there are as
 * many, with whoever ties with the outermost. They are chosen by score and not by membership, so
 * the members among them are a share of independent people, and its interval is exact; Bayes' rule
 * then moves it from the share of members in this sample to the prior. Ranks do not ask on which
 * scale an attack scores. At the very top all neighbours score less: there the chance is rather too
 * low than too high.
 */
final class Posterior {
  /** Rows that a chance is read from: more would blur who stands out, fewer would prove nothing. */
  static final int NEIGHBOURS = 20;

  private final double[] scores;
  private final int members;
  private final Units units;
  private final int[] ascending;
  private final double prior;

  /**
   * @param prior the share of members among those whom an adversary suspects, above 0 and below 1
   */
  Posterior(Signal signal, People members, People nonMembers, double prior) {
    this.scores =
        Stream.of(signal.members(), signal.nonMembers()).flatMapToDouble(Arrays::stream).toArray();
    this.members = signal.members().length;
    this.units =
        Units.of(
            Stream.of(members, nonMembers).flatMap(people -> people.persons().stream()).toList());
    this.ascending =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> scores[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.prior = prior;
  }

  /**
   * The chance that the person behind a member's row is a member, as those who score alike tell it;
   * unresolved where no other person of a role has a score, or fewer than 20 rows in all.
   *
   * @param miss how often the interval may miss
   */
  Metric ofMember(int row, double miss) {
    int[] others = IntStream.of(ascending).filter(r -> units.of(r) != units.of(row)).toArray();
    int otherMembers = (int) IntStream.of(others).filter(this::isMember).count();
    int otherNonMembers = others.length - otherMembers;
    if (others.length < NEIGHBOURS || otherMembers == 0 || otherNonMembers == 0) {
      return Metric.unresolved(
          others.length,
          "a chance is read from %d other rows of both roles, and there are %d"
              .formatted(NEIGHBOURS, others.length));
    }
    int[] alike = neighbours(others, scores[row]);
    double[] isMember = IntStream.of(alike).mapToDouble(r -> isMember(r) ? 1 : 0).toArray();
    Units people = units.select(alike);
    Interval ends = Interval.ofShare(isMember, people, miss);
    return Metric.of(Interval.mean(isMember), ends.low(), ends.high(), people.count())
        .map(share -> atPrior(share / otherMembers, (1 - share) / otherNonMembers));
  }

  private boolean isMember(int row) {
    return row < members;
  }

  /**
   * Of rows in ascending order those next in rank to a score, ties with the outermost among them.
   */
  private int[] neighbours(int[] others, double score) {
    int below = firstFrom(others, score, false);
    int above = firstFrom(others, score, true);
    int from = Math.min((below + above - NEIGHBOURS) / 2, others.length - NEIGHBOURS);
    int start = firstFrom(others, scores[others[Math.max(0, from)]], false);
    int end = firstFrom(others, scores[others[Math.max(0, from) + NEIGHBOURS - 1]], true);
    return Arrays.copyOfRange(others, start, end);
  }

  /** The first place whose score is at least, or beyond, this one. */
  private int firstFrom(int[] others, double score, boolean beyond) {
    int low = 0;
    int high = others.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      double found = scores[others[middle]];
      if (found < score || (beyond && found == score)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private double atPrior(double likelihood, double otherwise) {
    return prior * likelihood / (prior * likelihood + (1 - prior) * otherwise);
  }
}
