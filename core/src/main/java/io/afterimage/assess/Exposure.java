package io.afterimage.assess;

import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import java.util.List;
import java.util.Map;

/**
 * Whom one membership signal exposes.
 *
 * @param scores how it spreads over members and non-members
 * @param groups how well it finds the members of groups with ten people or more in each role
 * @param tooFew what stands for the other groups, which are not named: a value that few people have
 *     could be somebody's
 */
public record Exposure(ScoreHistogram scores, List<Group> groups, List<TooFew> tooFew) {

  /**
   * One group, told from its own non-members.
   *
   * @param members people in it who were trained on
   * @param metrics {@code auc}, {@code tpr@0.01} and {@code tpr@0.1} at the group's own thresholds,
   *     and {@code aucOverOthers}: its area less that of everybody outside the group
   * @param adjusted the p-value of the hypothesis that the group is no more exposed than everybody
   *     outside, corrected for all groups of the signal (Holm); 1 where nothing could be compared
   * @param standsOut whether that is below 0.025
   */
  public record Group(
      String attribute,
      String group,
      int members,
      int nonMembers,
      Map<String, Metric> metrics,
      double adjusted,
      boolean standsOut) {}

  /**
   * The groups of an attribute with fewer than ten people in a role.
   *
   * @param groups how many they are
   * @param members people in all of them who were trained on
   */
  public record TooFew(String attribute, int groups, int members, int nonMembers) {}

  /** Of these scores, by every one of these groupings of their rows. */
  public static Exposure of(
      Signal signal, People members, People nonMembers, List<Grouping> groupings) {
    Subgroups subgroups = new Subgroups(ScoredPeople.of(signal, members, nonMembers));
    groupings.forEach(subgroups::add);
    return new Exposure(ScoreHistogram.of(signal), subgroups.compared(), subgroups.tooFew());
  }
}
