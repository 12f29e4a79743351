package io.afterimage.assess;

import io.afterimage.assess.Finding.RocPoint;
import io.afterimage.base.BadInputException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How well scores tell members from non-members, with intervals by privacy unit.
 *
 * <p>Equal scores are one block of the curve, which runs straight across it: an adversary who draws
 * a coin inside the block decides just so. The area therefore counts ties half.
 *
 * <p>The area's interval is DeLong, DeLong &amp; Clarke-Pearson's (Biometrics 1988) on the logit
 * scale, its components summed by person (Obuchowski, Biometrics 1997). Where no variance shows, it
 * is the exact interval of as many pairs as the smaller role has people.
 *
 * <p>The interval of the true positive rate at a false positive rate f counts both what the members
 * and what the non-members leave open. The number of non-members above the true threshold is
 * binomial(n, f), whatever the scores; given it, the rate has the Clopper-Pearson bounds. The ends
 * are quantiles of that mixture, so a threshold known for certain gives Clopper-Pearson exactly.
 */
public final class Roc {
  private static final int BAND_POINTS = 60;
  private static final int LEAST_PEOPLE = 10;

  /** Non-members needed above the threshold of a false positive rate that is to be resolved. */
  static final double EVENTS = 10;

  /** Distinct scores, greatest first. */
  private final double[] thresholds;

  /** Rows at or above each threshold. */
  private final int[] membersAbove;

  private final int[] nonMembersAbove;

  /** The block in which each row stands. */
  private final int[] members;

  private final int[] nonMembers;
  private final Units memberUnits;
  private final Units nonMemberUnits;

  private Roc(double[] members, Units memberUnits, double[] nonMembers, Units nonMemberUnits) {
    this.memberUnits = memberUnits;
    this.nonMemberUnits = nonMemberUnits;
    this.thresholds = distinctDescending(members, nonMembers);
    this.members = blocks(members);
    this.nonMembers = blocks(nonMembers);
    this.membersAbove = countAbove(this.members);
    this.nonMembersAbove = countAbove(this.nonMembers);
  }

  /** The curve of scores, greater meaning more like a member, each row a person of its own. */
  public static Roc of(double[] members, double[] nonMembers) {
    return of(
        members, Units.oneRowEach(members.length), nonMembers, Units.oneRowEach(nonMembers.length));
  }

  static Roc of(double[] members, Units memberUnits, double[] nonMembers, Units nonMemberUnits) {
    return new Roc(
        checked("member", members), memberUnits, checked("non-member", nonMembers), nonMemberUnits);
  }

  /** Without NaN, and without the negative zero that would sort apart from its twin. */
  private static double[] checked(String role, double[] scores) {
    if (scores.length == 0) {
      throw new BadInputException("no " + role + " has a score; both roles need rows");
    }
    double[] clean = new double[scores.length];
    for (int row = 0; row < scores.length; row++) {
      if (Double.isNaN(scores[row])) {
        throw new BadInputException(
            "the score of %s %d is not a number; check what the model answers for that row"
                .formatted(role, row));
      }
      clean[row] = scores[row] + 0.0;
    }
    return clean;
  }

  private static double[] distinctDescending(double[] a, double[] b) {
    double[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    Arrays.sort(all);
    double[] distinct = new double[all.length];
    int count = 0;
    for (int i = all.length - 1; i >= 0; i--) {
      if (count == 0 || all[i] != distinct[count - 1]) {
        distinct[count++] = all[i];
      }
    }
    return Arrays.copyOf(distinct, count);
  }

  private int[] blocks(double[] scores) {
    return Arrays.stream(scores).mapToInt(this::block).toArray();
  }

  private int[] countAbove(int[] blocks) {
    int[] counts = new int[thresholds.length];
    for (int block : blocks) {
      counts[block]++;
    }
    Arrays.parallelPrefix(counts, Integer::sum);
    return counts;
  }

  /** Where a score stands among the distinct ones. */
  private int block(double score) {
    int low = 0;
    int high = thresholds.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (thresholds[middle] > score) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Members and non-members as privacy units. */
  int people() {
    return memberUnits.count() + nonMemberUnits.count();
  }

  int nonMemberPeople() {
    return nonMemberUnits.count();
  }

  /** The area, the chance that a random member scores above a random non-member, ties half. */
  public double area() {
    double pairs = 0;
    for (int k = 0; k < thresholds.length; k++) {
      double inBlock = membersAbove[k] - (k == 0 ? 0 : membersAbove[k - 1]);
      pairs += inBlock * nonMembersBelow(k);
    }
    return pairs / members.length / nonMembers.length;
  }

  private double nonMembersBelow(int block) {
    double above = block == 0 ? 0 : nonMembersAbove[block - 1];
    return nonMembers.length - (above + nonMembersAbove[block]) / 2;
  }

  /** The area with its 95% interval; at least 10 people in each role. */
  public Metric auc() {
    return auc(Interval.MISS);
  }

  Metric auc(double miss) {
    int fewest = Math.min(memberUnits.count(), nonMemberUnits.count());
    if (fewest < LEAST_PEOPLE) {
      return Metric.unresolved(
          people(),
          "an AUC needs at least %d people in each role, and one has %d"
              .formatted(LEAST_PEOPLE, fewest));
    }
    double area = area();
    double variance =
        Interval.variance(memberInfluence(), 1) + Interval.variance(nonMemberInfluence(), 1);
    Interval ends =
        variance > 0 && area > 0 && area < 1
            ? onLogitScale(area, Math.sqrt(variance), miss)
            : Interval.clopperPearson(area * fewest, fewest, miss);
    return Metric.of(area, ends.low(), ends.high(), people());
  }

  static Interval onLogitScale(double area, double error, double miss) {
    double logit = Math.log(area / (1 - area));
    double reach = Interval.normalAbove(miss / 2) * error / (area * (1 - area));
    return new Interval(1 / (1 + Math.exp(reach - logit)), 1 / (1 + Math.exp(-reach - logit)));
  }

  /** What each member person adds to the area's deviation from its mean. */
  double[] memberInfluence() {
    double[] below = new double[members.length];
    for (int row = 0; row < members.length; row++) {
      below[row] = nonMembersBelow(members[row]);
    }
    return scaled(memberUnits.residuals(below, area() * nonMembers.length));
  }

  /** What each non-member person adds to the area's deviation from its mean. */
  double[] nonMemberInfluence() {
    double[] above = new double[nonMembers.length];
    for (int row = 0; row < nonMembers.length; row++) {
      int k = nonMembers[row];
      above[row] = (membersAbove[k] + (k == 0 ? 0 : membersAbove[k - 1])) / 2.0;
    }
    return scaled(nonMemberUnits.residuals(above, area() * members.length));
  }

  private double[] scaled(double[] residuals) {
    double pairs = (double) members.length * nonMembers.length;
    return Arrays.stream(residuals).map(r -> r / pairs).toArray();
  }

  /** The greatest true positive rate that a decision with this false positive rate reaches. */
  public double truePositiveRate(double falsePositiveRate) {
    return upTo(falsePositiveRate * nonMembers.length) / members.length;
  }

  /** Members above the threshold that so many non-members reach, ties shared out. */
  private double upTo(double nonMemberRows) {
    int k = firstBeyond(nonMemberRows + slack());
    if (k == thresholds.length) {
      return members.length;
    }
    return alongBlock(k, nonMemberRows);
  }

  /** The same from the left: before the members that stand just below that threshold are added. */
  private double before(double nonMemberRows) {
    if (nonMemberRows <= 0) {
      return 0;
    }
    return alongBlock(firstBeyond(nonMemberRows - slack()), nonMemberRows);
  }

  private double slack() {
    return 1e-9 * nonMembers.length;
  }

  /** The first block that ends with more non-members above it. */
  private int firstBeyond(double nonMemberRows) {
    int low = 0;
    int high = thresholds.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (nonMembersAbove[middle] > nonMemberRows) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private double alongBlock(int k, double nonMemberRows) {
    double fromNon = k == 0 ? 0 : nonMembersAbove[k - 1];
    double from = k == 0 ? 0 : membersAbove[k - 1];
    double share = (nonMemberRows - fromNon) / (nonMembersAbove[k] - fromNon);
    return from + (membersAbove[k] - from) * Math.min(1, Math.max(0, share));
  }

  /**
   * The true positive rate at a false positive rate f with its 95% interval; unresolved with fewer
   * than 10 / f non-members.
   */
  public Metric tprAt(double falsePositiveRate) {
    int needed = Power.nonMembersFor(falsePositiveRate);
    if (nonMemberPeople() < needed) {
      return Metric.unresolved(
          people(),
          String.format(
              Locale.ROOT,
              "a false positive rate of %s needs %,d non-members, and there are %,d; %,d more would"
                  + " do",
              text(falsePositiveRate),
              needed,
              nonMemberPeople(),
              needed - nonMemberPeople()));
    }
    Interval ends = band(falsePositiveRate);
    return Metric.of(truePositiveRate(falsePositiveRate), ends.low(), ends.high(), people());
  }

  /** A rate without an exponent: 0.0001. */
  static String text(double rate) {
    return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
  }

  private Interval band(double falsePositiveRate) {
    double effectiveNonMembers = effective(nonMembers, nonMemberUnits, falsePositiveRate);
    return ThresholdMixture.of(Math.round(effectiveNonMembers), falsePositiveRate)
        .interval(
            effective(members, memberUnits, falsePositiveRate),
            f -> before(f * nonMembers.length) / members.length,
            this::truePositiveRate);
  }

  private double effective(int[] blocks, Units units, double falsePositiveRate) {
    return units.oneRowEach()
        ? units.rows()
        : Interval.effectiveRows(decisions(blocks, falsePositiveRate), units);
  }

  /** The chance with which each row is called a member at this false positive rate. */
  private double[] decisions(int[] blocks, double falsePositiveRate) {
    double rows = falsePositiveRate * nonMembers.length;
    int k = firstBeyond(rows + slack());
    double from = k == 0 ? 0 : nonMembersAbove[k - 1];
    double coin = k == thresholds.length ? 1 : (rows - from) / (nonMembersAbove[k] - from);
    double[] chances = new double[blocks.length];
    for (int row = 0; row < blocks.length; row++) {
      chances[row] = blocks[row] < k ? 1 : blocks[row] == k ? coin : 0;
    }
    return chances;
  }

  /** Members and non-members scoring at least the threshold, as shares. */
  Decision at(double threshold) {
    return new Decision(
        named(members, threshold), memberUnits, named(nonMembers, threshold), nonMemberUnits);
  }

  private double[] named(int[] blocks, double threshold) {
    return Arrays.stream(blocks).mapToDouble(k -> thresholds[k] >= threshold ? 1 : 0).toArray();
  }

  /** The threshold at which true exceed false positives most; the greatest of several. */
  double bestThreshold() {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < thresholds.length; k++) {
      double gain =
          (double) membersAbove[k] / members.length
              - (double) nonMembersAbove[k] / nonMembers.length;
      if (gain > most) {
        most = gain;
        best = k;
      }
    }
    return thresholds[best];
  }

  /** Points for log axes, from the least false positive rate that this data resolves up to 1. */
  public List<RocPoint> points() {
    List<RocPoint> points = new ArrayList<>();
    double least = EVENTS / nonMemberPeople();
    for (int i = 0; i < BAND_POINTS && least < 1; i++) {
      double f = Math.pow(least, 1 - i / (BAND_POINTS - 1.0));
      Interval ends = band(f);
      points.add(new RocPoint(f, truePositiveRate(f), ends.low(), ends.high()));
    }
    return points;
  }
}
