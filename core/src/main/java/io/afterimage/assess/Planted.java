package io.afterimage.assess;

import io.afterimage.base.Run;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A control: evidence drawn so that its true value is a gate's intolerable one, at the size of the
 * sample at hand, and put through the same assessment. A draw is found where it would not have
 * passed the gate and its interval lies above what no leak gives. Every person has one row. Samples
 * beyond 20,000 people a role (2,000 where people are bootstrapped) are drawn at that size; what is
 * found there is found the surer in more.
 *
 * @param truth the planted value
 * @param found how many draws were found
 */
public record Planted(double truth, int found) {
  /** How many times the evidence is drawn. */
  public static final int DRAWS = 200;

  private static final int MOST_RANKED = 20_000;
  private static final int MOST_BOOTSTRAPPED = 2_000;
  private static final int REPLICATES = 200;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Found often enough that a pass of this sample can be believed. */
  public boolean enough() {
    return found >= Power.FOUND * DRAWS;
  }

  /** The figures in one sentence. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "A planted leak of %s was found in %d of %d samples of this size; %d are asked for.",
        truth,
        found,
        DRAWS,
        Math.round(Power.FOUND * DRAWS));
  }

  /** Scores from two normals whose AUC is the truth. */
  public static Planted auc(double truth, double acceptable, int members, int nonMembers, Run run) {
    double shift = Math.sqrt(2) * NORMAL.inverseCumulativeProbability(truth);
    return planted(
        truth,
        acceptable,
        0.5,
        random -> normals(random, members, nonMembers, shift).auc(),
        run,
        "planted/auc");
  }

  /** Scores from two normals whose true positive rate at the false positive rate is the truth. */
  public static Planted truePositiveRate(
      double falsePositiveRate,
      double truth,
      double acceptable,
      int members,
      int nonMembers,
      Run run) {
    double shift =
        NORMAL.inverseSurvivalProbability(falsePositiveRate)
            + NORMAL.inverseCumulativeProbability(truth);
    return planted(
        truth,
        acceptable,
        falsePositiveRate,
        random -> normals(random, members, nonMembers, shift).tprAt(falsePositiveRate),
        run,
        "planted/tpr@" + falsePositiveRate);
  }

  /**
   * Guesses with this advantage over a baseline: the attack puts that part of the baseline's errors
   * right.
   *
   * @param baseline how often the baseline is right
   */
  public static Planted overBaseline(
      double truth, double acceptable, double baseline, int people, Run run) {
    return planted(
        truth,
        acceptable,
        0,
        random -> paired(random, baseline, truth, people, true, run),
        run,
        "planted/over-baseline");
  }

  /**
   * People recognised this much oftener than by a baseline.
   *
   * @param baseline the share that the baseline recognises
   */
  public static Planted recognised(
      double truth, double acceptable, double baseline, int people, Run run) {
    double ofTheRest = Math.min(1, truth / (1 - baseline));
    return planted(
        truth,
        acceptable,
        0,
        random -> paired(random, baseline, ofTheRest, people, false, run),
        run,
        "planted/recognised");
  }

  /**
   * Guesses about members with this advantage over those about non-members.
   *
   * @param success how often guesses about non-members are right
   */
  public static Planted overNonMembers(
      double truth, double acceptable, double success, int members, int nonMembers, Run run) {
    int m = Math.min(members, MOST_BOOTSTRAPPED);
    int n = Math.min(nonMembers, MOST_BOOTSTRAPPED);
    return planted(
        truth,
        acceptable,
        0,
        random ->
            Advantages.overNonMembers(
                    coins(random, m, success + truth * (1 - success)),
                    Units.oneRowEach(m),
                    coins(random, n, success),
                    Units.oneRowEach(n),
                    new Resampling(run, "planted/" + random.nextLong(), REPLICATES))
                .map(Metric::of)
                .orElse(Metric.unresolved(m, "no guess is wrong")),
        run,
        "planted/over-nonmembers");
  }

  private static Planted planted(
      double truth,
      double acceptable,
      double noLeak,
      Function<RandomGenerator, Metric> sample,
      Run run,
      String key) {
    int found = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      run.progress("planted leak", draw, DRAWS);
      Metric metric = sample.apply(run.random(key + "/" + draw));
      if (metric.resolved()
          && metric.interval().high() > acceptable
          && metric.interval().low() > noLeak) {
        found++;
      }
    }
    return new Planted(truth, found);
  }

  private static Roc normals(RandomGenerator random, int members, int nonMembers, double shift) {
    return Roc.of(
        normals(random, Math.min(members, MOST_RANKED), shift),
        normals(random, Math.min(nonMembers, MOST_RANKED), 0));
  }

  private static double[] normals(RandomGenerator random, int count, double mean) {
    return DoubleStream.generate(() -> mean + random.nextGaussian()).limit(count).toArray();
  }

  private static double[] coins(RandomGenerator random, int count, double share) {
    return DoubleStream.generate(() -> random.nextDouble() < share ? 1 : 0).limit(count).toArray();
  }

  /** The attack is right wherever the baseline is, and in this share of the rest. */
  private static Metric paired(
      RandomGenerator random,
      double baseline,
      double ofTheRest,
      int people,
      boolean normalised,
      Run run) {
    int count = Math.min(people, MOST_BOOTSTRAPPED);
    double[] other = coins(random, count, baseline);
    double[] extra = coins(random, count, ofTheRest);
    double[] attack = new double[count];
    for (int i = 0; i < count; i++) {
      attack[i] = Math.max(other[i], extra[i]);
    }
    return Advantages.overBest(
            attack,
            Map.of("baseline", other),
            Units.oneRowEach(count),
            normalised ? Advantages.NORMALISED : Advantages.DIFFERENCE,
            new Resampling(run, "planted/" + random.nextLong(), REPLICATES))
        .map(Metric::of)
        .orElse(Metric.unresolved(count, "the baseline is never wrong"));
  }
}
