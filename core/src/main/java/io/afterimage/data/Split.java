package io.afterimage.data;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The rows of an audit by what the target knew of them.
 *
 * @param members rows that the target was trained on
 * @param nonMembers rows of the same kind that it was not trained on
 * @param population public rows of the same kind, which the adversary may hold
 * @param evaluation rows that only the judge sees
 */
public record Split(
    Dataset members,
    Dataset nonMembers,
    Optional<Dataset> population,
    Optional<Dataset> evaluation) {

  /** Members and non-members alone. */
  public static Split of(Dataset members, Dataset nonMembers) {
    return new Split(members, nonMembers, Optional.empty(), Optional.empty());
  }

  /**
   * What the adversary knows of the population: public rows where there are any, else the members.
   */
  public Dataset reference() {
    return population.orElse(members);
  }

  /** The split with every role's rows changed in the same way. */
  public Split map(UnaryOperator<Dataset> change) {
    return new Split(
        change.apply(members),
        change.apply(nonMembers),
        population.map(change),
        evaluation.map(change));
  }
}
