package io.afterimage.assess;

import io.afterimage.assess.Finding.Worst;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The members that score highest, each with the {@link Posterior chance} of being one. Those alone
 * of whom it is proven to be above the prior, for all that are looked at together (Bonferroni); the
 * interval shown is each one's own.
 */
final class ExposedRecords {
  private static final int MOST = 20;

  private ExposedRecords() {}

  static Stream<Worst> of(Signal signal, People members, People nonMembers, double prior) {
    List<String> ids = members.ids();
    Posterior posterior = new Posterior(signal, members, nonMembers, prior);
    return IntStream.range(0, ids.size())
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(row -> -signal.members()[row])
                .thenComparing(ids::get))
        .limit(MOST)
        .filter(row -> provenAbove(prior, posterior.ofMember(row, Interval.MISS / MOST)))
        .map(
            row ->
                new Worst(
                    ids.get(row), "record", posterior.ofMember(row, Interval.MISS), "posterior"));
  }

  private static boolean provenAbove(double prior, Metric chance) {
    return chance.low() != null && chance.low() > prior;
  }
}
