package io.afterimage.assess;

import io.afterimage.assess.Finding.Advantage;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.evidence.RecipeScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Membership under models that were trained as the target was, pooled: one finding a signal, about
 * the recipe and not about the target. Many models give many rows, so that low false positive rates
 * are resolved that the target's own non-members are too few for.
 */
public final class RecipeAssessor {
  /** Stands behind the attack's id in the name of such a finding. */
  private static final String MARK = "@recipe";

  private static final double[] RATES = {0.0001, 0.001, 0.01, 0.1};
  private static final int LEAST_PEOPLE = 10;
  private static final int REPLICATES = 400;

  private RecipeAssessor() {}

  /** Whether the finding of this name is about the recipe. */
  public static boolean isOne(String finding) {
    return finding.contains(MARK + "/");
  }

  /** One finding a signal. */
  public static List<Finding> assess(Ran ran, RecipeScores scores, Run run) {
    if (scores.people().units() < LEAST_PEOPLE) {
      throw new BadInputException(
          "a recipe is judged on at least %d people, and there are %d"
              .formatted(LEAST_PEOPLE, scores.people().units()));
    }
    List<Finding> findings = new ArrayList<>();
    scores.signals().forEach((name, of) -> findings.add(finding(ran, scores, name, of, run)));
    return findings;
  }

  private static Finding finding(
      Ran ran, RecipeScores scores, String name, double[][] signal, Run run) {
    if (Arrays.stream(signal).flatMapToDouble(DoubleStream::of).anyMatch(Double::isNaN)) {
      throw new BadInputException(
          "%s: a score under one of the models is not a number".formatted(ran.named(name)));
    }
    int[] order = byId(scores.people().ids());
    PooledRoc roc =
        new PooledRoc(
            Arrays.stream(signal).map(of -> placed(of, order)).toArray(double[][]::new),
            Arrays.stream(scores.learned()).map(of -> placed(of, order)).toArray(boolean[][]::new),
            Units.of(scores.people().persons()).select(order),
            RATES,
            new Resampling(run, "recipe/" + name, REPLICATES));
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("auc", roc.auc());
    for (double rate : RATES) {
      metrics.put("tpr@" + Roc.text(rate), roc.tprAt(rate));
    }
    Metric gain = roc.auc().map(area -> 2 * area - 1);
    return new Finding(
        ran.attack().id() + MARK + "/" + name,
        ran.attack().family(),
        ran.attack().access(),
        Status.RUN,
        ran.noteAnd(notes(scores)),
        ran.queries(),
        ran.seconds(),
        metrics,
        Map.of("chance", Metric.of(0.5, 0.5, 0.5, scores.people().units())),
        Map.of(
            "overBaseline",
            new Advantage(gain.value(), gain.low(), gain.high(), gain.n(), "chance")),
        Severity.of(gain.interval().low()),
        List.of(),
        roc.points());
  }

  /** The rows by their ids, so that no draw depends on the order of files. */
  private static int[] byId(List<String> ids) {
    return IntStream.range(0, ids.size())
        .boxed()
        .sorted(Comparator.comparing(ids::get))
        .mapToInt(row -> row)
        .toArray();
  }

  private static double[] placed(double[] values, int[] order) {
    return IntStream.of(order).mapToDouble(row -> values[row]).toArray();
  }

  private static boolean[] placed(boolean[] values, int[] order) {
    boolean[] placed = new boolean[order.length];
    for (int i = 0; i < order.length; i++) {
      placed[i] = values[order[i]];
    }
    return placed;
  }

  private static List<String> notes(RecipeScores scores) {
    List<String> notes = new ArrayList<>(scores.notes());
    notes.add(
        String.format(
            Locale.ROOT,
            "this is about the recipe, not about this model: %,d models took its place in turn, each"
                + " trained by coins on half of %,d people",
            scores.learned().length,
            scores.people().units()));
    return notes;
  }
}
