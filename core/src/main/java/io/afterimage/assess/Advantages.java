package io.afterimage.assess;

import io.afterimage.assess.Finding.Advantage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * Gains in the share of right guesses, bootstrapped over people.
 *
 * <p>Two people who were not observed join every bootstrap: one in whom the attack alone is right,
 * one in whom the baselines alone are (as Bonett &amp; Price, Statistics in Medicine 2012, add to
 * paired shares). An attack that errs in nobody, or just where its baseline does, is thereby not
 * proven to do so in everybody.
 */
final class Advantages {
  /** (success - baseline) / (1 - baseline): the part of the baseline's errors that is put right. */
  static final DoubleBinaryOperator NORMALISED =
      (success, baseline) -> (success - baseline) / (1 - baseline);

  /** success - baseline. */
  static final DoubleBinaryOperator DIFFERENCE = (success, baseline) -> success - baseline;

  private Advantages() {}

  /**
   * The gain over the best of the baselines, on the same people; empty without a baseline, and
   * where one is never wrong and the gain is therefore undefined.
   *
   * @param attack 1 for each row about which the attack is right, else 0
   * @param baselines the same of each baseline
   */
  static Optional<Advantage> overBest(
      double[] attack,
      Map<String, double[]> baselines,
      Units units,
      DoubleBinaryOperator gain,
      Resampling from) {
    double success = Interval.mean(attack);
    List<Rival> rivals = new ArrayList<>();
    baselines.forEach(
        (name, right) ->
            rivals.add(
                new Rival(
                    name, gain.applyAsDouble(success, Interval.mean(right)), units.sums(right))));
    if (rivals.isEmpty() || !rivals.stream().allMatch(rival -> Double.isFinite(rival.gain))) {
      return Optional.empty();
    }
    Bootstrap bootstrap = gains(units.sums(attack), rivals, units, gain, from);
    return Optional.of(
        Gain.overBest(
            IntStream.range(0, rivals.size())
                .mapToObj(i -> rivals.get(i).against(bootstrap, i))
                .toList(),
            units.count()));
  }

  /** A baseline, the gain over it, and how often it is right about each person. */
  private record Rival(String name, double gain, double[] right) {
    Gain against(Bootstrap bootstrap, int statistic) {
      return new Gain(name, gain, miss -> bootstrap.interval(statistic, gain, miss));
    }
  }

  private static Bootstrap gains(
      double[] attack,
      List<Rival> rivals,
      Units units,
      DoubleBinaryOperator gain,
      Resampling from) {
    int attackAlone = units.count();
    int baselinesAlone = units.count() + 1;
    return Bootstrap.of(
        units.count() + 2,
        drawn -> {
          double rows = rows(units, drawn);
          double success = (sum(attack, drawn) + drawn[attackAlone]) / rows;
          return rivals.stream()
              .mapToDouble(rival -> (sum(rival.right, drawn) + drawn[baselinesAlone]) / rows)
              .map(baseline -> gain.applyAsDouble(success, baseline))
              .toArray();
        },
        from);
  }

  /**
   * How much better members are guessed than non-members, normalised; empty without either, and
   * where no guess about a non-member is wrong.
   */
  static Optional<Advantage> overNonMembers(
      double[] members,
      Units memberUnits,
      double[] nonMembers,
      Units nonMemberUnits,
      Resampling from) {
    double gain = NORMALISED.applyAsDouble(Interval.mean(members), Interval.mean(nonMembers));
    if (!Double.isFinite(gain)) {
      return Optional.empty();
    }
    Bootstrap bootstrap =
        successes(members, memberUnits, from.keyed("members"))
            .with(successes(nonMembers, nonMemberUnits, from.keyed("nonmembers")), NORMALISED);
    Interval ends = bootstrap.interval(0, gain, Interval.MISS);
    return Optional.of(
        new Advantage(
            gain,
            ends.low(),
            Math.min(1, ends.high()),
            memberUnits.count() + nonMemberUnits.count(),
            "nonmembers"));
  }

  /** The share of right guesses, with one more person who is guessed right and one who is not. */
  private static Bootstrap successes(double[] right, Units units, Resampling from) {
    double[] sums = units.sums(right);
    return Bootstrap.of(
        units.count() + 2,
        drawn -> new double[] {(sum(sums, drawn) + drawn[units.count()]) / rows(units, drawn)},
        from);
  }

  private static double rows(Units units, int[] drawn) {
    double rows = drawn[units.count()] + drawn[units.count() + 1];
    for (int unit = 0; unit < units.count(); unit++) {
      rows += drawn[unit] * units.rowsOf(unit);
    }
    return rows;
  }

  private static double sum(double[] perUnit, int[] drawn) {
    double sum = 0;
    for (int unit = 0; unit < perUnit.length; unit++) {
      sum += drawn[unit] * perUnit[unit];
    }
    return sum;
  }
}
