package io.afterimage.assess;

import io.afterimage.assess.Finding.Worst;
import io.afterimage.evidence.People;
import io.afterimage.evidence.StructuralLeaks;
import io.afterimage.evidence.StructuralLeaks.Embedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a model's file tells of its members, as one finding: figures of the whole, and the records
 * behind them by id. Everything is counted over the members given, so that the ends of an interval
 * are the figure itself.
 *
 * <p>{@code fewInLeaf} is the share of people with a record in a leaf which fewer than five members
 * reach; {@code ownEmbedding} of those who look up a row of an embedding which nobody else does.
 * The severity is the share of members that the file holds verbatim, of whom its holder is certain;
 * what only stands nearly alone is low.
 */
public final class StructuralAssessor {
  /** Least count that hides a person; the mildest profile asks for as many. */
  public static final int FEW = 5;

  private static final String FEW_IN_LEAF = "fewInLeaf";

  /** Counted too, unless the facts say why it could not be. */
  public static final String OWN_EMBEDDING = "ownEmbedding";

  /** The figure of a regression that counts as nearly alone below {@link #FEW}. */
  public static final String FREEDOM = "residualDegreesOfFreedom";

  private static final int WORST_RECORDS = 20;

  private final StructuralLeaks leaks;

  private StructuralAssessor(StructuralLeaks leaks) {
    this.leaks = leaks;
  }

  /**
   * The finding. Where a part could not be read and nothing was found in the others, the attack
   * failed: it does not read as a pass.
   *
   * @param facts figures of the model as a whole by the names that the finding gives them, as the
   *     gates read them
   */
  public static Finding assess(Ran ran, StructuralLeaks leaks, Map<String, Metric> facts) {
    Finding finding = new StructuralAssessor(leaks).finding(ran, facts);
    Optional<String> unread =
        facts.values().stream()
            .filter(fact -> !fact.resolved())
            .map(fact -> String.valueOf(fact.reason()))
            .findFirst();
    return unread
        .filter(why -> finding.severity() == Severity.NONE)
        .map(why -> Ran.not(ran.attack(), Status.FAILED, why))
        .orElse(finding);
  }

  private Finding finding(Ran ran, Map<String, Metric> facts) {
    Map<String, Metric> metrics = new LinkedHashMap<>(facts);
    if (leaks.inLeaf().length > 0) {
      metrics.put(FEW_IN_LEAF, share(row -> leaks.inLeaf()[row] < FEW));
    }
    if (!leaks.embeddings().isEmpty()) {
      metrics.put(OWN_EMBEDDING, share(row -> sharers(row) == 1));
    }
    return new Finding(
        ran.attack().id(),
        ran.attack().family(),
        ran.attack().access(),
        Status.RUN,
        ran.noteAnd(leaks.embeddings().stream().map(this::sentence).toList()),
        ran.queries(),
        ran.seconds(),
        metrics,
        Map.of(),
        Map.of(),
        severity(metrics),
        worst(),
        List.of());
  }

  /** The share of people of whom any record is such. */
  private Metric share(IntPredicate records) {
    People members = leaks.members();
    long such =
        IntStream.range(0, members.count())
            .filter(records)
            .mapToObj(members.persons()::get)
            .distinct()
            .count();
    double share = (double) such / members.units();
    return Metric.of(share, share, share, members.units());
  }

  /** The fewest persons who look up the same row of an embedding as this member does. */
  private int sharers(int row) {
    return leaks.embeddings().stream().mapToInt(e -> e.people()[row]).min().orElseThrow();
  }

  private String sentence(Embedding embedding) {
    long own = Arrays.stream(embedding.people()).filter(count -> count == 1).count();
    String whose =
        own == embedding.people().length && embedding.lookedUp() == leaks.members().units()
            ? "one row a person"
            : "%d of %d records look up a row that no other person does"
                .formatted(own, embedding.people().length);
    return "embedding %s has %d rows, of which the %d people among the members look up %d: %s"
        .formatted(
            embedding.table(),
            embedding.rows(),
            leaks.members().units(),
            embedding.lookedUp(),
            whose);
  }

  private Severity severity(Map<String, Metric> metrics) {
    if (Arrays.stream(leaks.stored()).anyMatch(mark -> mark == 1)) {
      return Severity.of(Arrays.stream(leaks.stored()).average().orElseThrow());
    }
    boolean nearlyAlone =
        value(metrics, FEW_IN_LEAF, 0) > 0
            || value(metrics, OWN_EMBEDDING, 0) > 0
            || value(metrics, FREEDOM, FEW) < FEW;
    return nearlyAlone ? Severity.LOW : Severity.NONE;
  }

  private static double value(Map<String, Metric> metrics, String name, double otherwise) {
    Metric metric = metrics.get(name);
    return metric == null || metric.value() == null ? otherwise : metric.value();
  }

  /** Who is stored, who stands nearly alone in a leaf, and who owns a row of an embedding. */
  private List<Worst> worst() {
    List<Worst> worst = new ArrayList<>();
    named(leaks.stored().length, row -> 1 - leaks.stored()[row], 1)
        .forEach(row -> worst.add(worst(row, 1, "rowStored")));
    named(leaks.inLeaf().length, row -> leaks.inLeaf()[row], FEW)
        .forEach(row -> worst.add(worst(row, leaks.inLeaf()[row], "membersInLeaf")));
    int looking = leaks.embeddings().isEmpty() ? 0 : leaks.members().count();
    named(looking, this::sharers, 2)
        .forEach(row -> worst.add(worst(row, sharers(row), "peopleOfEmbeddingRow")));
    return worst;
  }

  private interface Count {
    int of(int row);
  }

  /** The members that count below this, fewest first, then by id. */
  private Stream<Integer> named(int rows, Count count, int below) {
    return IntStream.range(0, rows)
        .filter(row -> count.of(row) < below)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingInt(count::of).thenComparing(leaks.members().ids()::get))
        .limit(WORST_RECORDS);
  }

  private Worst worst(int row, int value, String figure) {
    return new Worst(leaks.members().ids().get(row), "record", Metric.observed(value, 1), figure);
  }
}
