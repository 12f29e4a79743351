package io.afterimage.attack.membership;

import io.afterimage.attack.common.Sample;
import io.afterimage.attack.common.TrueLabels;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import io.afterimage.target.Target;
import io.afterimage.target.TargetInfo;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * Those whose membership is in question. Where the query budget is short, as many members as
 * non-members, drawn by record id.
 */
record Suspects(Dataset members, Dataset nonMembers) {
  private static final int LEAST = 2;

  /**
   * As many as the target may still be asked about.
   *
   * @param most how many of each side at most; empty for all
   * @param each questions about each of them
   * @param besides questions about nobody of them
   * @throws BudgetExhaustedException before any question, where two of each side are too many
   */
  static Suspects of(
      Target target, Split split, OptionalInt most, long each, long besides, Run run) {
    long left = target.queriesLeft().orElse(Long.MAX_VALUE);
    long people = Math.max(0, left - besides) / each;
    Dataset members = Sample.drawn(split.members(), most.orElse(Integer.MAX_VALUE), run);
    Dataset others = Sample.drawn(split.nonMembers(), most.orElse(Integer.MAX_VALUE), run);
    Suspects chosen =
        new Suspects(
            affordable(members, others, people, run), affordable(others, members, people, run));
    long all = (long) members.rows() + others.rows();
    if (chosen.rows() < all && Math.min(chosen.members.rows(), chosen.nonMembers.rows()) < LEAST) {
      throw new BudgetExhaustedException(left, 0, all * each + besides);
    }
    return chosen;
  }

  /** Half of the people are of each side, and of it too what the other side leaves of its half. */
  private static Dataset affordable(Dataset side, Dataset other, long people, Run run) {
    return Sample.drawn(side, Math.max(people / 2, people - other.rows()), run);
  }

  int rows() {
    return members.rows() + nonMembers.rows();
  }

  /** Both sides, as an adversary holds them who cannot tell which is which. */
  List<Dataset> sides() {
    return List.of(members, nonMembers);
  }

  /** Everybody, members first. */
  People people() {
    return People.of(members).and(People.of(nonMembers));
  }

  /** The rows that the adversary knows the population by: public ones, else both sides. */
  static List<Dataset> known(Split split) {
    return split.population().map(List::of).orElse(List.of(split.members(), split.nonMembers()));
  }

  /** One number for each member, then one for each of the others. */
  double[] each(Function<Dataset, double[]> of) {
    return sides().stream().map(of).flatMapToDouble(Arrays::stream).toArray();
  }

  /** The class of each member, then of each of the others, as an index into the target's. */
  int[] classes(TargetInfo target) {
    return sides().stream()
        .map(rows -> TrueLabels.classes(rows, target))
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  /** The evidence of signals that hold one score for each member, then for each of the others. */
  MembershipScores scores(Map<String, double[]> signals) {
    return scores(signals, List.of());
  }

  /** The same with notes of how they came about. */
  MembershipScores scores(Map<String, double[]> signals, List<String> notes) {
    Map<String, Signal> cut = new LinkedHashMap<>();
    signals.forEach((name, scores) -> cut.put(name, cut(scores)));
    return new MembershipScores(People.of(members), People.of(nonMembers), cut, notes);
  }

  private Signal cut(double[] scores) {
    int count = members.rows();
    return new Signal(Arrays.copyOf(scores, count), DoubleStream.of(scores).skip(count).toArray());
  }
}
