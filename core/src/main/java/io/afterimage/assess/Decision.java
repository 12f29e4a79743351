package io.afterimage.assess;

/**
 * Whom a fixed rule calls members.
 *
 * @param members 1 for each member that it names, else 0
 * @param nonMembers 1 for each non-member that it names, else 0
 */
record Decision(double[] members, Units memberUnits, double[] nonMembers, Units nonMemberUnits) {
  private int people() {
    return memberUnits.count() + nonMemberUnits.count();
  }

  /** True minus false positive rate. */
  Metric tprMinusFpr() {
    double tpr = Interval.mean(members);
    double fpr = Interval.mean(nonMembers);
    Interval ends =
        Interval.ofDifference(
            tpr,
            Interval.ofShare(members, memberUnits, Interval.MISS),
            fpr,
            Interval.ofShare(nonMembers, nonMemberUnits, Interval.MISS));
    return Metric.of(tpr - fpr, ends.low(), ends.high(), people());
  }

  /** The mean of the share of members named and of non-members not named. */
  Metric balancedAccuracy() {
    return tprMinusFpr().map(difference -> (1 + difference) / 2);
  }

  /**
   * The share of those named who are members, where so large a share of all are. Its interval
   * combines exact ones of both rates, each at half the error.
   */
  Metric precision(double prior) {
    double tpr = Interval.mean(members);
    double fpr = Interval.mean(nonMembers);
    if (tpr + fpr == 0) {
      return Metric.unresolved(people(), "nobody is called a member at the chosen threshold");
    }
    Interval ofTpr = Interval.ofShare(members, memberUnits, Interval.MISS / 2);
    Interval ofFpr = Interval.ofShare(nonMembers, nonMemberUnits, Interval.MISS / 2);
    return Metric.of(
        precision(prior, tpr, fpr),
        precision(prior, ofTpr.low(), ofFpr.high()),
        precision(prior, ofTpr.high(), ofFpr.low()),
        people());
  }

  private static double precision(double prior, double tpr, double fpr) {
    return prior * tpr / (prior * tpr + (1 - prior) * fpr);
  }
}
