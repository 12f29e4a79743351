package io.afterimage.assess;

import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Finding.Worst;
import io.afterimage.base.Run;
import io.afterimage.evidence.AttributeGuesses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Guesses of a sensitive attribute held against everyone who guesses without the model.
 *
 * <p>{@code overBaseline} is (success - baseline) / (1 - baseline) over members and non-members
 * together, against the best of all baselines on the same people: what the model teaches about
 * anyone. {@code membersOverNonmembers} is the same fraction with the attack's success on
 * non-members as the baseline of its success on members: what the model memorised.
 */
public final class AttributeAssessor {
  private static final int WORST_CLASSES = 5;
  private static final int LEAST_IN_CLASS = 10;

  private AttributeAssessor() {}

  /**
   * The finding for one attribute.
   *
   * @param guesses with the truth and the baselines that the judge wrote
   * @param classNames the target's classes; empty for a regressor
   */
  public static Finding assess(
      Ran ran, AttributeGuesses guesses, List<String> classNames, Run run) {
    String name = ran.named(guesses.attribute());
    Resampling from = new Resampling(run, name);
    int values = guesses.values().size();
    GuessedRows all = GuessedRows.of(guesses.members(), guesses.nonMembers());
    GuessedRows members = GuessedRows.of(guesses.members());
    GuessedRows nonMembers = GuessedRows.of(guesses.nonMembers());
    Map<String, Metric> metrics = new LinkedHashMap<>(all.metrics(values, from));
    members
        .metrics(values, from.keyed("members"))
        .forEach((metric, figure) -> metrics.put(metric + "@members", figure));
    nonMembers
        .metrics(values, from.keyed("nonmembers"))
        .forEach((metric, figure) -> metrics.put(metric + "@nonmembers", figure));
    Map<String, Metric> baselines = new LinkedHashMap<>();
    all.baselinesRight()
        .forEach((who, right) -> baselines.put(who, Interval.share(right, all.units())));
    List<String> notes = new ArrayList<>(List.of("the adversary knows " + guesses.knowledge()));
    Map<String, Advantage> advantages = advantages(all, members, nonMembers, notes, from);
    return new Finding(
        name,
        ran.attack().family(),
        ran.attack().access(),
        Status.RUN,
        ran.noteAnd(notes),
        ran.queries(),
        ran.seconds(),
        metrics,
        baselines,
        advantages,
        Severity.of(
            advantages.values().stream()
                .mapToDouble(gain -> gain.low() == null ? 0 : gain.low())
                .max()
                .orElse(0)),
        worstClasses(members, classNames),
        List.of());
  }

  private static Map<String, Advantage> advantages(
      GuessedRows all,
      GuessedRows members,
      GuessedRows nonMembers,
      List<String> notes,
      Resampling from) {
    Map<String, Advantage> advantages = new LinkedHashMap<>();
    Advantages.overBest(all.right(), all.baselinesRight(), all.units(), Advantages.NORMALISED, from)
        .ifPresentOrElse(
            gain -> advantages.put("overBaseline", gain),
            () -> notes.add("no baseline leaves a gain to measure"));
    Advantages.overNonMembers(
            members.right(), members.units(), nonMembers.right(), nonMembers.units(), from)
        .ifPresentOrElse(
            gain -> advantages.put("membersOverNonmembers", gain),
            () -> notes.add("no wrong guess about non-members leaves a gain to measure"));
    return advantages;
  }

  /**
   * The target's classes whose members are guessed best, of those in which the attack is proven to
   * do better than the best baseline does there; their intervals hold together.
   */
  private static List<Worst> worstClasses(GuessedRows members, List<String> classNames) {
    double[] right = members.right();
    List<int[]> classes =
        IntStream.range(0, members.classes().length == 0 ? 0 : classNames.size())
            .mapToObj(c -> IntStream.range(0, right.length).filter(r -> members.classes()[r] == c))
            .map(IntStream::toArray)
            .toList();
    double miss = Interval.MISS / Math.max(1, classes.size());
    return IntStream.range(0, classes.size())
        .filter(c -> classes.get(c).length >= LEAST_IN_CLASS)
        .mapToObj(
            c ->
                new Exposed(
                    worst(classNames.get(c), right, members.units(), classes.get(c), miss),
                    withoutTheModel(members, classes.get(c))))
        .filter(Exposed::proven)
        .map(Exposed::worst)
        .sorted(Comparator.comparingDouble(worst -> -worst.metric().interval().low()))
        .limit(WORST_CLASSES)
        .toList();
  }

  /** A class, and how often the best baseline is right about it. */
  private record Exposed(Worst worst, double without) {
    boolean proven() {
      return worst.metric().interval().low() > without;
    }
  }

  /** How often the best baseline is right about these rows; 1 where there is none to beat. */
  private static double withoutTheModel(GuessedRows members, int[] rows) {
    return members.baselinesRight().values().stream()
        .mapToDouble(right -> Interval.mean(pick(right, rows)))
        .max()
        .orElse(1);
  }

  private static double[] pick(double[] values, int[] rows) {
    return IntStream.of(rows).mapToDouble(row -> values[row]).toArray();
  }

  private static Worst worst(String name, double[] right, Units units, int[] rows, double miss) {
    double[] chosen = pick(right, rows);
    Units people = units.select(rows);
    Interval ends = Interval.ofShare(chosen, people, miss);
    Metric accuracy = Metric.of(Interval.mean(chosen), ends.low(), ends.high(), people.count());
    return new Worst(name, "class", accuracy, "accuracy@members");
  }
}
