package io.afterimage.assess;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much room a model has to remember people, and how much better it does on those it was trained
 * on.
 *
 * @param parametersPerRow parameters for each row given as a member; above 1 a model can remember
 *     them all
 * @param gap {@code accuracy} or {@code r2}: members' less non-members'
 */
public record Fit(Metric parametersPerRow, Map<String, Metric> gap) {
  private static final List<String> SUCCESS = List.of("accuracy", "r2");

  /**
   * Of a model.
   *
   * @param parameters those that gradients could train; 0 where it has none
   * @param memberRows rows given as members
   * @param members how well it does its work on them
   * @param nonMembers the same on non-members
   */
  public static Fit of(
      long parameters,
      int memberRows,
      Map<String, Metric> members,
      Map<String, Metric> nonMembers) {
    Map<String, Metric> gap = new LinkedHashMap<>();
    for (String name : SUCCESS) {
      Metric onMembers = members.get(name);
      Metric onOthers = nonMembers.get(name);
      if (onMembers != null && onOthers != null) {
        gap.put(name, difference(onMembers, onOthers));
      }
    }
    Metric perRow =
        parameters > 0
            ? Metric.observed((double) parameters / memberRows, memberRows)
            : Metric.unresolved(memberRows, "the model has no parameters that gradients train");
    return new Fit(perRow, gap);
  }

  private static Metric difference(Metric one, Metric other) {
    if (one.value() == null || other.value() == null || one.low() == null || other.low() == null) {
      return Metric.unresolved(one.n() + other.n(), "one role's figure is not resolved");
    }
    Interval ends =
        Interval.ofDifference(one.value(), one.interval(), other.value(), other.interval());
    return Metric.of(one.value() - other.value(), ends.low(), ends.high(), one.n() + other.n());
  }
}
