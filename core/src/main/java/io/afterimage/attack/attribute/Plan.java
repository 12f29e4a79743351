package io.afterimage.attack.attribute;

import io.afterimage.attack.common.Sample;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.target.Target;
import java.util.Arrays;

/**
 * Whom to ask about, so that the query budget suffices.
 *
 * @param candidates the values to try for each person
 * @param linked whether the reference tells whose each value is, so that the model's error can be
 *     measured on it
 * @param reference rows of the reference that are asked about for the model's error
 * @param members rows of the members that are asked about
 * @param nonMembers rows of the non-members that are asked about
 * @param people all members and non-members
 */
record Plan(
    Candidates candidates,
    boolean linked,
    int[] reference,
    int[] members,
    int[] nonMembers,
    int people) {

  /**
   * As many people as the budget allows, in equal shares of members and non-members; at most half
   * of it goes to the model's error. A BudgetExhaustedException where it suffices for nobody.
   *
   * @param known the split as the adversary has it
   */
  static Plan of(Target target, Split known, Run run) {
    Dataset reference = known.reference();
    Candidates candidates = Candidates.of(reference, Victims.sensitive(known.members()));
    boolean linked = reference.label().isPresent();
    long left = target.queriesLeft().orElse(Long.MAX_VALUE);
    int[] forError = linked ? Sample.of(reference, left / 2, run) : new int[0];
    int people = known.members().rows() + known.nonMembers().rows();
    long affordable = Math.min(people, (left - forError.length) / candidates.present().length);
    Plan plan =
        new Plan(
            candidates,
            linked,
            valued(candidates.column(), forError),
            share(known.members(), affordable, people, run),
            share(known.nonMembers(), affordable, people, run),
            people);
    if (plan.asked() == 0 || (linked && plan.reference.length == 0)) {
      throw new BudgetExhaustedException(left, 0, (long) people * candidates.present().length);
    }
    return plan;
  }

  private static int[] share(Dataset rows, long affordable, int people, Run run) {
    return Sample.of(rows, affordable * rows.rows() / Math.max(1, people), run);
  }

  /** All questions, each counted once. */
  long questions() {
    return reference.length + (long) asked() * candidates.present().length;
  }

  /** What the adversary was given, in plain words. */
  String knowledge(boolean told) {
    return "other attributes and %s; shares of the values among the %s; the model's error %s%s"
        .formatted(
            told ? "the model's answer" : "the true response",
            linked ? "population" : "members",
            linked ? "measured on the population" : "estimated from the members' responses",
            asked() == people
                ? ""
                : "; the query budget sufficed for %d of %d people, who alone are counted"
                    .formatted(asked(), people));
  }

  private int asked() {
    return members.length + nonMembers.length;
  }

  private static int[] valued(Column column, int[] rows) {
    return Arrays.stream(rows).filter(row -> column.text(row) != null).toArray();
  }
}
