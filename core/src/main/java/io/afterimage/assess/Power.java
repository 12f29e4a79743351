package io.afterimage.assess;

/** What a sample could at most have shown. */
public final class Power {
  /** How often a leak of the detectable size is found. */
  static final double FOUND = 0.8;

  private Power() {}

  /**
   * The least AUC that is told from chance in 80% of samples of this size, by the variance of the
   * Mann-Whitney statistic where nothing leaks.
   */
  public static double detectableAuc(int members, int nonMembers) {
    double variance = (members + nonMembers + 1.0) / (12.0 * members * nonMembers);
    return Math.min(1, 0.5 + reach() * Math.sqrt(variance));
  }

  /** The least difference of two shares near the given one that is told from none in 80%. */
  public static double detectableDifference(double share, int people, int others) {
    double variance = share * (1 - share) * (1.0 / people + 1.0 / others);
    return Math.min(1, reach() * Math.sqrt(variance));
  }

  /**
   * What no event in n people proves: a rate of at most 3 / n, at 95% confidence and on one side;
   * the ends of two-sided intervals lie at 3.7 / n.
   */
  public static double ruleOfThree(int people) {
    return Math.min(1, 3.0 / people);
  }

  /** Non-members without whom the true positive rate at a false positive rate is not resolved. */
  public static int nonMembersFor(double falsePositiveRate) {
    return (int) Math.ceil(Roc.EVENTS / falsePositiveRate - 1e-6);
  }

  private static double reach() {
    return Interval.normalAbove(Interval.MISS / 2) + Interval.normalAbove(1 - FOUND);
  }
}
