package io.afterimage.assess;

/**
 * What the people given could at most have shown.
 *
 * @param members people
 * @param nonMembers people
 * @param detectableAuc the least area that four of five such samples tell from chance
 * @param leastFalsePositiveRate below it true positive rates are not resolved: ten false alarms
 * @param provableFalsePositiveRate what no false alarm among the non-members proves, at 95%
 *     confidence
 */
public record SampleLimits(
    int members,
    int nonMembers,
    double detectableAuc,
    double leastFalsePositiveRate,
    double provableFalsePositiveRate) {

  /** Of this many people in each role, at least one. */
  public static SampleLimits of(int members, int nonMembers) {
    return new SampleLimits(
        members,
        nonMembers,
        Power.detectableAuc(members, nonMembers),
        Math.min(1, Roc.EVENTS / nonMembers),
        Power.ruleOfThree(nonMembers));
  }
}
