package io.afterimage.train;

import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What agents side by side have lived through: moves of each, as many of all, the newest. */
final class Experience {
  /** Of all agents together. */
  private static final long MOST_NUMBERS = 1 << 26;

  private static final int MOST_MOVES = 100_000;

  private final int agents;
  private final int numbers;
  private final int width;
  private final int most;
  private float[] rows = new float[0];
  private int held;
  private int next;

  /**
   * @param agents how many
   * @param numbers of a state, and of an action
   */
  Experience(int agents, int numbers) {
    this(agents, numbers, affordable(agents, numbers));
  }

  /**
   * @param most how many moves of each are remembered
   */
  Experience(int agents, int numbers, int most) {
    this.agents = agents;
    this.numbers = numbers;
    this.width = 3 * numbers + 2;
    this.most = most;
  }

  private static int affordable(int agents, int numbers) {
    return (int) Math.max(1, Math.min(MOST_MOVES, MOST_NUMBERS / (agents * (3L * numbers + 2))));
  }

  /** How many moves of each agent are remembered. */
  int held() {
    return held;
  }

  /** Remembers a move of every agent, or several of each; the oldest are forgotten. */
  void add(SoftActorCritics.Moves moves) {
    int each = moves.rewards().length / agents;
    for (int move = 0; move < each; move++) {
      makeRoom();
      for (int agent = 0; agent < agents; agent++) {
        int from = agent * each + move;
        int to = (next * agents + agent) * width;
        System.arraycopy(moves.states(), from * numbers, rows, to, numbers);
        System.arraycopy(moves.actions(), from * numbers, rows, to + numbers, numbers);
        System.arraycopy(moves.nexts(), from * numbers, rows, to + 2 * numbers, numbers);
        rows[to + 3 * numbers] = moves.rewards()[from];
        rows[to + 3 * numbers + 1] = moves.last() ? 0 : 1;
      }
      next = (next + 1) % most;
      held = Math.min(most, held + 1);
    }
  }

  /** Grows by doubling until as much is held as may be. */
  private void makeRoom() {
    int block = agents * width;
    if ((next + 1) * block > rows.length) {
      int blocks = Math.min(most, Math.max(64, 2 * (next + 1)));
      rows = Arrays.copyOf(rows, blocks * block);
    }
  }

  /**
   * Moves of each agent, drawn with replacement.
   *
   * @return [agents, count, state, action, next state, reward, whether it went on]
   */
  Tensor sample(int count, RandomGenerator random) {
    float[] drawn = new float[agents * count * width];
    for (int i = 0; i < agents * count; i++) {
      int from = (random.nextInt(held) * agents + i / count) * width;
      System.arraycopy(rows, from, drawn, i * width, width);
    }
    return Tensors.of(drawn, agents, count, width);
  }
}
