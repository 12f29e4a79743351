package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.SoftActorCritics.Moves;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class SoftActorCriticsTest {
  private static final int ROWS = 16;
  private static final double[][] POINTS = {{0.5, -0.5}, {-0.6, 0.2}};

  private static SoftActorCritics.Settings settings(double discount) {
    return new SoftActorCritics.Settings(32, 3e-3, discount, 64);
  }

  /** Each of two agents is rewarded for actions near to a point of its own. */
  @Test
  void everyAgentLearnsWhatItIsRewardedFor() {
    try (SoftActorCritics agents = new SoftActorCritics(2, 2, settings(0.9), Run.of(1))) {
      assertThat(distance(agents, 0)).isGreaterThan(0.6);
      for (int step = 0; step < 300; step++) {
        move(agents, step, POINTS);
        agents.learn();
      }
      assertThat(distance(agents, 0)).isLessThan(0.35);
      assertThat(distance(agents, 1)).isLessThan(0.35);
    }
  }

  /** What the second agent is rewarded for changes nothing for the first. */
  @Test
  void agentsLearnFromTheirOwnMovesAlone() {
    try (SoftActorCritics agents = new SoftActorCritics(2, 2, settings(0.9), Run.of(1));
        SoftActorCritics others = new SoftActorCritics(2, 2, settings(0.9), Run.of(1))) {
      for (int step = 0; step < 5; step++) {
        move(agents, step, POINTS);
        agents.learn();
        move(others, step, new double[][] {POINTS[0], POINTS[0]});
        others.learn();
      }
      float[] states = states(9);
      float[] one = agents.act(states);
      float[] two = others.act(states);
      for (int i = 0; i < ROWS * 2; i++) {
        assertThat(one[i]).isEqualTo(two[i]);
      }
      assertThat(one).isNotEqualTo(two);
    }
  }

  /** The first of two moves is rewarded only by what it makes of the second. */
  @Test
  void laterRewardsCountByTheDiscount() {
    assertThat(firstAction(0.95)).isGreaterThan(0.4);
    assertThat(firstAction(0)).isBetween(-0.3, 0.3);
  }

  /** The mean first action where the second's reward is the number that the first chose. */
  private static double firstAction(double discount) {
    try (SoftActorCritics agents = new SoftActorCritics(1, 1, settings(discount), Run.of(2))) {
      float[] start = new float[ROWS];
      Arrays.fill(start, -2);
      for (int step = 0; step < 400; step++) {
        float[] first = agents.act(start);
        agents.remember(new Moves(start, first, new float[ROWS], first, false));
        float[] second = agents.act(first);
        float[] rewards = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
          rewards[i] = 5 * first[i];
        }
        agents.remember(new Moves(first, second, rewards, second, true));
        agents.learn();
      }
      double sum = 0;
      for (int i = 0; i < 10; i++) {
        for (float action : agents.act(start)) {
          sum += action / (10 * ROWS);
        }
      }
      return sum;
    }
  }

  /** The density of tanh(u) by the difference quotient of its distribution. */
  @Test
  void densitiesAreThoseOfTheSqueezedGaussian() {
    double middle = 0.3;
    double width = 0.7;
    TensorScope.run(
        () -> {
          for (double noise : new double[] {-2, 0, 1.3}) {
            double drawn = middle + width * noise;
            double step = 1e-4;
            double above = atanh(Math.tanh(drawn) + step);
            double below = atanh(Math.tanh(drawn) - step);
            double share = gaussian(drawn, middle, width) * (above - below);
            double found =
                SoftActorCritics.logDensity(
                        Tensors.scalar(noise),
                        Tensors.scalar(Math.log(width)),
                        Tensors.scalar(drawn))
                    .item();
            assertThat(found).isCloseTo(Math.log(share / (2 * step)), within(1e-3));
          }
        });
  }

  private static double atanh(double y) {
    return Math.log((1 + y) / (1 - y)) / 2;
  }

  private static double gaussian(double at, double middle, double width) {
    double z = (at - middle) / width;
    return Math.exp(-z * z / 2) / (width * Math.sqrt(2 * Math.PI));
  }

  /** Of five moves of two agents the last three are drawn, each agent its own. */
  @Test
  void theOldestMovesAreForgottenAndNoneGetsMixedUp() {
    Experience experience = new Experience(2, 1, 3);
    for (int move = 0; move < 5; move++) {
      float[] states = {move, 10 + move};
      float[] actions = {20 + move, 30 + move};
      float[] nexts = {40 + move, 50 + move};
      float[] rewards = {60 + move, 70 + move};
      experience.add(new Moves(states, actions, rewards, nexts, move == 4));
    }
    assertThat(experience.held()).isEqualTo(3);
    float[][] drawn = new float[1][];
    TensorScope.run(() -> drawn[0] = experience.sample(200, Run.of(1).random("x")).toFloats());
    boolean[] seen = new boolean[5];
    for (int i = 0; i < 400; i++) {
      float[] row = Arrays.copyOfRange(drawn[0], 5 * i, 5 * i + 5);
      int move = (int) row[0] % 10;
      int own = i < 200 ? 0 : 10;
      assertThat(row)
          .containsExactly(
              own + move, 20 + own + move, 40 + own + move, 60 + own + move, move == 4 ? 0 : 1);
      seen[move] = true;
    }
    assertThat(seen).containsExactly(false, false, true, true, true);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (SoftActorCritics agents = new SoftActorCritics(2, 2, settings(0), Run.of(1))) {
      refused(() -> agents.act(new float[5]), "states must be a multiple of 4 numbers, but are 5");
      refused(agents::learn, "agents learn from moves, and remember none");
      float[] two = new float[4];
      refused(
          () -> agents.remember(new Moves(two, two, new float[2], new float[2], true)),
          "moves must have 4 numbers of states, actions and next states each, but have 4, 4 and 2");
      refused(
          () -> agents.remember(new Moves(two, two, new float[] {0, Float.NaN}, two, true)),
          "a reward must be finite, but is NaN");
    }
    refused(() -> settings(1), "discount");
  }

  private static void refused(Runnable work, String why) {
    assertThatThrownBy(work::run).isInstanceOf(BadInputException.class).hasMessageContaining(why);
  }

  /** A move of every agent from states of this step, rewarded by its distance from a point. */
  private static void move(SoftActorCritics agents, int step, double[][] points) {
    float[] states = states(step);
    float[] actions = agents.act(states);
    float[] rewards = new float[2 * ROWS];
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = (float) (-5 * away(actions, i, points[i / ROWS]));
    }
    agents.remember(new Moves(states, actions, rewards, actions, true));
  }

  private static float[] states(int step) {
    RandomGenerator random = Run.of(4).random("states/" + step);
    float[] states = new float[2 * ROWS * 2];
    for (int i = 0; i < states.length; i++) {
      states[i] = (float) random.nextGaussian();
    }
    return states;
  }

  /** The mean distance of an agent's actions from its point. */
  private static double distance(SoftActorCritics agents, int agent) {
    double sum = 0;
    for (int step = 1000; step < 1010; step++) {
      float[] actions = agents.act(states(step));
      for (int i = agent * ROWS; i < (agent + 1) * ROWS; i++) {
        sum += away(actions, i, POINTS[agent]) / (10 * ROWS);
      }
    }
    return sum;
  }

  private static double away(float[] actions, int row, double[] point) {
    return Math.hypot(actions[2 * row] - point[0], actions[2 * row + 1] - point[1]);
  }
}
