package io.afterimage.assess;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A mechanism that publishes each canary's coin, 0 or 1, plus normal noise, and an adversary who
 * guesses the most extreme answers, as many on each side.
 */
record GaussianMechanism(double sigma, int canaries) {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double STEP = 0.05;
  private static final int STEPS = 100;

  /** The counts to be expected where answers further than so many sigmas from 1/2 are guessed. */
  OneRunGuesses expected(double distance) {
    double half = 0.5 / sigma;
    double right = NORMAL.survivalProbability(distance - half);
    double wrong = NORMAL.survivalProbability(distance + half);
    int correct = (int) Math.floor(canaries * right);
    return new OneRunGuesses(
        canaries, Math.max(correct, (int) Math.round(canaries * (right + wrong))), correct);
  }

  /** Of all numbers of guesses the one whose expected counts give the greatest figure. */
  OneRunGuesses best(ToDoubleFunction<OneRunGuesses> figure) {
    return IntStream.range(0, STEPS)
        .mapToObj(step -> expected(step * STEP))
        .reduce((a, b) -> figure.applyAsDouble(b) > figure.applyAsDouble(a) ? b : a)
        .orElseThrow();
  }

  /** One run of the mechanism. */
  Answers drawn(RandomGenerator random) {
    double[] in = new double[canaries];
    double[] out = new double[canaries];
    int included = 0;
    for (int i = 0; i < canaries; i++) {
      boolean coin = random.nextBoolean();
      double answer = (coin ? 1 : 0) + sigma * random.nextGaussian();
      if (coin) {
        in[included++] = answer;
      } else {
        out[i - included] = answer;
      }
    }
    double[] members = Arrays.copyOf(in, included);
    double[] others = Arrays.copyOf(out, canaries - included);
    Arrays.sort(members);
    Arrays.sort(others);
    return new Answers(members, others);
  }

  /** The answers about canaries that were trained on and about the others, ascending. */
  record Answers(double[] members, double[] others) {
    /** Guesses the most extreme answers. */
    OneRunGuesses guesses(int made) {
      int highest = made - made / 2;
      int lowest = made / 2;
      return new OneRunGuesses(
          members.length + others.length,
          made,
          amongHighest(members, others, highest) + lowest - amongLowest(members, others, lowest));
    }
  }

  private static int amongHighest(double[] members, double[] others, int count) {
    int fromMembers = 0;
    int fromOthers = 0;
    while (fromMembers + fromOthers < count) {
      boolean member =
          fromOthers == others.length
              || (fromMembers < members.length
                  && members[members.length - 1 - fromMembers]
                      > others[others.length - 1 - fromOthers]);
      fromMembers += member ? 1 : 0;
      fromOthers += member ? 0 : 1;
    }
    return fromMembers;
  }

  private static int amongLowest(double[] members, double[] others, int count) {
    int fromMembers = 0;
    int fromOthers = 0;
    while (fromMembers + fromOthers < count) {
      boolean member =
          fromOthers == others.length
              || (fromMembers < members.length && members[fromMembers] < others[fromOthers]);
      fromMembers += member ? 1 : 0;
      fromOthers += member ? 0 : 1;
    }
    return fromMembers;
  }
}
