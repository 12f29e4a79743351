package io.afterimage.audit;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Overlap;
import io.afterimage.data.Role;
import io.afterimage.data.Split;
import io.afterimage.judge.SharedRows;
import io.afterimage.policy.Check;
import io.afterimage.policy.Check.Effect;
import io.afterimage.policy.Check.Status;
import io.afterimage.policy.Gate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether public rows stand in another role as well. An adversary who holds training rows needs no
 * model to show them, and what he draws without it is no baseline; one who holds the evaluator's
 * knows what judges him.
 *
 * <p>Rows are compared without their labels: public pictures may have none, or others.
 */
final class PopulationOverlap {
  private static final Set<Gate> OF_MEMBERS =
      with(Gate.ATTRIBUTE_IMPUTED, Gate.INVERSION_RECOGNISED);
  private static final Set<Gate> OF_NONMEMBERS = with();
  private static final Set<Gate> OF_JUDGED_BY_NONMEMBERS = with(Gate.INVERSION_RECOGNISED);

  private final Dataset population;
  private final Run run;

  private PopulationOverlap(Dataset population, Run run) {
    this.population = bare(population);
    this.run = run;
  }

  /** The gates that compare members with non-members, and these. */
  private static Set<Gate> with(Gate... others) {
    Set<Gate> gates = EnumSet.copyOf(Controls.MEMBERSHIP);
    gates.add(Gate.ATTRIBUTE_MEMORISED);
    gates.addAll(List.of(others));
    return gates;
  }

  /**
   * A check for each other role; none without public rows, or where rows show nothing but answers.
   *
   * @throws io.afterimage.base.BadInputException where the population is all of another role
   */
  static List<Check> checks(Split split, Run run) {
    if (split.population().isEmpty() || split.population().get().inputs().isEmpty()) {
      return List.of();
    }
    PopulationOverlap overlap = new PopulationOverlap(split.population().get(), run);
    List<Check> checks = new ArrayList<>();
    if (split.members().rows() > 0) {
      checks.add(overlap.beside("members", split.members(), OF_MEMBERS));
    }
    if (split.nonMembers().rows() > 0) {
      boolean judge = split.evaluation().isEmpty();
      Set<Gate> gates = judge ? OF_JUDGED_BY_NONMEMBERS : OF_NONMEMBERS;
      checks.add(overlap.beside("nonmembers", split.nonMembers(), gates));
    }
    split
        .evaluation()
        .map(rows -> overlap.beside("evaluation", rows, EnumSet.of(Gate.INVERSION_RECOGNISED)))
        .ifPresent(checks::add);
    return checks;
  }

  private Check beside(String role, Dataset labelled, Set<Gate> gates) {
    Dataset rows = bare(labelled);
    Overlap overlap = Overlap.between(rows, population);
    check(
        !overlap.identical(),
        "--population and --%s hold the same rows; give public rows that stand in no other role"
            + " with --population, or leave it out",
        role);
    SharedRows shared = SharedRows.between(population, rows, run);
    String reason =
        String.format(
            Locale.ROOT,
            "%d rows of --%s stand in --population as well (chance gives %.1f ± %.1f); ids in both:"
                + " %d",
            shared.shared(),
            role,
            shared.expected(),
            shared.spread(),
            overlap.ids());
    boolean passed = overlap.ids() == 0 && !shared.beyondChance();
    return new Check(
        "The population shares no rows with --" + role,
        passed ? Status.PASSED : Status.FAILED,
        passed ? reason : reason + "; take them out of --population",
        gates,
        Effect.VOIDS);
  }

  private static Dataset bare(Dataset rows) {
    return rows.with(rows.schema().ignoring(rows.schema().names(Role.LABEL)));
  }
}
