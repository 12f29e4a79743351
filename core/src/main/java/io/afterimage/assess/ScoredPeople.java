package io.afterimage.assess;

import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import java.util.stream.IntStream;

/**
 * Scores of members and non-members with the persons behind them.
 *
 * @param members one score a row, greater meaning more like a member
 */
record ScoredPeople(
    double[] members, Units memberUnits, double[] nonMembers, Units nonMemberUnits) {

  static ScoredPeople of(Signal signal, Units memberUnits, Units nonMemberUnits) {
    return new ScoredPeople(signal.members(), memberUnits, signal.nonMembers(), nonMemberUnits);
  }

  static ScoredPeople of(Signal signal, People members, People nonMembers) {
    return of(signal, Units.of(members.persons()), Units.of(nonMembers.persons()));
  }

  /** Those of some rows. */
  ScoredPeople select(int[] memberRows, int[] nonMemberRows) {
    return new ScoredPeople(
        pick(members, memberRows),
        memberUnits.select(memberRows),
        pick(nonMembers, nonMemberRows),
        nonMemberUnits.select(nonMemberRows));
  }

  private static double[] pick(double[] values, int[] rows) {
    return IntStream.of(rows).mapToDouble(row -> values[row]).toArray();
  }

  /** People of the role that has fewer. */
  int fewest() {
    return Math.min(memberUnits.count(), nonMemberUnits.count());
  }

  Roc roc() {
    return Roc.of(members, memberUnits, nonMembers, nonMemberUnits);
  }
}
