package io.afterimage.assess;

import io.afterimage.evidence.AttributeGuesses.Guesses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Guesses of one attribute about rows whose true value is known.
 *
 * @param truth true value of each row
 * @param attack the attack's guess
 * @param baselines everyone else's
 * @param units whose rows they are
 * @param classes the target's class of each row; empty for a regressor
 */
record GuessedRows(
    int[] truth, int[] attack, Map<String, int[]> baselines, Units units, int[] classes) {

  /** Those of one or several roles, without the rows whose true value is missing. */
  static GuessedRows of(Guesses... roles) {
    List<String> persons = new ArrayList<>();
    IntStream.Builder truth = IntStream.builder();
    IntStream.Builder attack = IntStream.builder();
    IntStream.Builder classes = IntStream.builder();
    Map<String, IntStream.Builder> baselines = new LinkedHashMap<>();
    for (Guesses role : roles) {
      int[] known =
          IntStream.range(0, role.truth().length).filter(row -> role.truth()[row] >= 0).toArray();
      for (int row : known) {
        persons.add(role.people().persons().get(row));
        truth.add(role.truth()[row]);
        attack.add(role.attack()[row]);
        if (role.people().classes().length > 0) {
          classes.add(role.people().classes()[row]);
        }
      }
      role.baselines()
          .forEach(
              (name, guesses) -> {
                IntStream.Builder all = baselines.computeIfAbsent(name, n -> IntStream.builder());
                Arrays.stream(known).forEach(row -> all.add(guesses[row]));
              });
    }
    Map<String, int[]> others = new LinkedHashMap<>();
    baselines.forEach((name, guesses) -> others.put(name, guesses.build().toArray()));
    return new GuessedRows(
        truth.build().toArray(),
        attack.build().toArray(),
        others,
        Units.of(persons),
        classes.build().toArray());
  }

  int rows() {
    return truth.length;
  }

  /** 1 where the attack is right. */
  double[] right() {
    return right(attack);
  }

  /** 1 where each baseline is right. */
  Map<String, double[]> baselinesRight() {
    Map<String, double[]> right = new LinkedHashMap<>();
    baselines.forEach((name, guesses) -> right.put(name, right(guesses)));
    return right;
  }

  private double[] right(int[] guesses) {
    return IntStream.range(0, rows())
        .mapToDouble(row -> guesses[row] == truth[row] ? 1 : 0)
        .toArray();
  }

  /** Accuracy, macroF1 and mcc with their intervals. */
  Map<String, Metric> metrics(int values, Resampling from) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    Metric accuracy = Interval.share(right(), units);
    metrics.put("accuracy", accuracy);
    if (!accuracy.resolved()) {
      metrics.put("macroF1", accuracy);
      metrics.put("mcc", accuracy);
      return metrics;
    }
    double[] estimates = statistics(values, Bootstrap.eachOnce(units.count()));
    Bootstrap bootstrap = Bootstrap.of(units.count(), drawn -> statistics(values, drawn), from);
    metrics.put("macroF1", metric(bootstrap, 0, estimates[0], accuracy));
    metrics.put("mcc", metric(bootstrap, 1, estimates[1], accuracy));
    return metrics;
  }

  /** Guesses that are never wrong vary in no bootstrap; they are as uncertain as their accuracy. */
  private Metric metric(Bootstrap bootstrap, int statistic, double estimate, Metric accuracy) {
    if (estimate == 1) {
      return accuracy;
    }
    Interval ends = bootstrap.interval(statistic, estimate, Interval.MISS);
    return Metric.of(estimate, ends.low(), ends.high(), units.count());
  }

  private double[] statistics(int values, int[] drawn) {
    Confusion confusion = Confusion.of(values);
    for (int row = 0; row < rows(); row++) {
      confusion.add(truth[row], attack[row], drawn[units.of(row)]);
    }
    return new double[] {confusion.macroF1(), confusion.mcc()};
  }
}
