package io.afterimage.train;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.below;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.Run;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.List;

/**
 * Agents that learn by trial which action brings most reward, several side by side, each by its own
 * moves alone: soft actor-critic with two critics and a temperature that is learned (Haarnoja et
 * al.: Soft Actor-Critic Algorithms and Applications, 2018). A state and an action are as many
 * numbers; those of an action lie between -1 and 1.
 */
public final class SoftActorCritics implements AutoCloseable {
  private static final double LEAST_LOG_WIDTH = -20;
  private static final double GREATEST_LOG_WIDTH = 2;

  /** How near the critics that look ahead come to the learning ones in a step. */
  private static final double FOLLOW = 0.01;

  private static final int CRITICS = 2;

  /**
   * How they learn.
   *
   * @param hidden width of the two hidden layers of actors and critics, 1 to 65,536
   * @param learningRate of Adam, above 0, to 1
   * @param discount of a reward for each move that it comes later, 0 to below 1
   * @param batch moves of each agent that one step of learning looks at, 1 to 1,000,000
   */
  public record Settings(int hidden, double learningRate, double discount, int batch) {
    public Settings {
      inRange("hidden width", hidden, 1, 65_536);
      above("learning rate", learningRate, 0, 1);
      below("discount", discount, 0, 1);
      inRange("moves of a step", batch, 1, 1_000_000);
    }

    /** Numbers of the networks of one agent whose states have so many numbers. */
    public long size(int numbers) {
      long critics = CRITICS * StackedDense.size(critic(numbers));
      return StackedDense.size(actor(numbers)) + 2 * critics;
    }

    private int[] actor(int numbers) {
      return new int[] {numbers, hidden, hidden, 2 * numbers};
    }

    private int[] critic(int numbers) {
      return new int[] {2 * numbers, hidden, hidden, 1};
    }
  }

  /**
   * Moves of all agents, as many of each: those of the first, then of the second. States and
   * actions stand one after the other, number by number.
   *
   * @param nexts the states that they led to
   * @param last whether nothing came after them
   */
  public record Moves(
      float[] states, float[] actions, float[] rewards, float[] nexts, boolean last) {}

  /** Actions, [agents, rows, numbers], and logarithms of their densities, [agents, rows, 1]. */
  private record Acted(Tensor actions, Tensor logDensities) {}

  private final int agents;
  private final int numbers;
  private final Settings settings;
  private final Run run;
  private final TensorScope owner = TensorScope.owner();
  private final StackedDense actors;
  private final StackedDense critics; // the first of each agent, then the second of each
  private final StackedDense ahead;
  private final Tensor logTemperature;
  private final Optimiser.Updates actorUpdates;
  private final Optimiser.Updates criticUpdates;
  private final Optimiser.Updates temperatureUpdates;
  private final Experience experience;
  private long acted;
  private long learned;

  /**
   * Agents that know nothing.
   *
   * @param agents how many, from 1
   * @param numbers of a state, and of an action, from 1
   * @param run keys weights and draws
   */
  public SoftActorCritics(int agents, int numbers, Settings settings, Run run) {
    this.agents = atLeast("agents", agents, 1);
    this.numbers = atLeast("numbers of a state", numbers, 1);
    this.settings = settings;
    this.run = run;
    this.actors = new StackedDense(agents, settings.actor(numbers), run.keyed("actors"));
    this.critics =
        new StackedDense(CRITICS * agents, settings.critic(numbers), run.keyed("critics"));
    this.ahead = critics.copy();
    Tensor[] zeros = new Tensor[1];
    TensorScope.run(() -> zeros[0] = owner.adopt(Tensors.zeros(agents, 1, 1).requireGrad()));
    this.logTemperature = zeros[0];
    Optimiser adam = Optimiser.Adam.of(settings.learningRate());
    this.actorUpdates = adam.on(actors.parameters());
    this.criticUpdates = adam.on(critics.parameters());
    this.temperatureUpdates = adam.on(List.of(logTemperature));
    this.experience = new Experience(agents, numbers);
  }

  /**
   * Draws an action for each of the states, as the agents act by now.
   *
   * @param states as {@link Moves} holds them
   */
  @SuppressWarnings("try") // scope and guard are there to close
  public float[] act(float[] states) {
    int rows = rows(states.length, agents * numbers, "states");
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad();
        Draws draws = new Draws(run.seedFor("act/" + acted++))) {
      return acted(Tensors.of(states, agents, rows, numbers), draws).actions().toFloats();
    }
  }

  /** Remembers what actions led to. */
  public void remember(Moves moves) {
    rows(moves.rewards().length, agents, "rewards");
    int length = moves.rewards().length * numbers;
    check(
        moves.states().length == length
            && moves.actions().length == length
            && moves.nexts().length == length,
        "moves must have %d numbers of states, actions and next states each, but have %d, %d and %d",
        length,
        moves.states().length,
        moves.actions().length,
        moves.nexts().length);
    for (float reward : moves.rewards()) {
      check(Float.isFinite(reward), "a reward must be finite, but is %s", reward);
    }
    experience.add(moves);
  }

  private static int rows(int length, int unit, String what) {
    check(
        length > 0 && length % unit == 0,
        "%s must be a multiple of %d numbers, but are %d",
        what,
        unit,
        length);
    return length / unit;
  }

  /** One step of learning of every agent, from moves drawn from those that it remembers. */
  @SuppressWarnings("try") // the scope is there to close
  public void learn() {
    check(experience.held() > 0, "agents learn from moves, and remember none");
    try (TensorScope scope = new TensorScope();
        Draws draws = new Draws(run.seedFor("learn/" + learned))) {
      Tensor moves = experience.sample(settings.batch(), run.random("moves/" + learned));
      Tensor states = moves.narrow(2, 0, numbers);
      Tensor actions = moves.narrow(2, numbers, numbers);
      Tensor wanted = wanted(moves, draws);
      Tensor errors = worths(critics, states, actions).sub(wanted.unsqueeze(0)).square();
      lessen(perAgent(errors), critics.parameters(), criticUpdates);

      Acted own = acted(states, draws);
      Tensor worth = worths(critics, states, own.actions()).min(false, 0);
      Tensor temperature = logTemperature.detach().exp();
      Tensor costs = temperature.mul(own.logDensities()).sub(worth);
      lessen(perAgent(costs), actors.parameters(), actorUpdates);

      // The wanted logarithm of a density is the count of an action's numbers, as in the paper.
      Tensor narrow = own.logDensities().detach().sub(numbers);
      lessen(
          perAgent(logTemperature.mul(narrow)).neg(), List.of(logTemperature), temperatureUpdates);
      ahead.follow(critics, FOLLOW);
    }
    learned++;
  }

  /** The mean over each agent's rows, summed: no agent's gradient depends on how many there are. */
  private static Tensor perAgent(Tensor costs) {
    return costs.mean(false, -2).sum();
  }

  private static void lessen(Tensor cost, List<Tensor> parameters, Optimiser.Updates updates) {
    updates.apply(Autograd.gradients(cost, parameters, false));
  }

  /** What moves are worth: their reward and the discounted rest, [agents, rows, 1]. */
  @SuppressWarnings("try") // the guard is there to close
  private Tensor wanted(Tensor moves, Draws draws) {
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor nexts = moves.narrow(2, 2L * numbers, numbers);
      Tensor rewards = moves.narrow(2, 3L * numbers, 1);
      Tensor goesOn = moves.narrow(2, 3L * numbers + 1, 1);
      Acted then = acted(nexts, draws);
      Tensor least = worths(ahead, nexts, then.actions()).min(false, 0);
      Tensor soft = least.sub(logTemperature.exp().mul(then.logDensities()));
      return rewards.add(goesOn.mul(soft), settings.discount());
    }
  }

  /** What both critics think, [critics, agents, rows, 1]. */
  private Tensor worths(StackedDense judging, Tensor states, Tensor actions) {
    Tensor both = Indexing.cat(List.of(states, actions), 2);
    Tensor judged = judging.of(Indexing.tile(both, CRITICS, 1, 1));
    return judged.reshape(CRITICS, agents, judged.size(1), 1);
  }

  private Acted acted(Tensor states, Draws draws) {
    Tensor made = actors.of(states);
    Tensor middle = made.narrow(2, 0, numbers);
    Tensor logWidth =
        Maths.clamp(made.narrow(2, numbers, numbers), LEAST_LOG_WIDTH, GREATEST_LOG_WIDTH);
    Tensor noise = draws.normal(middle.shape());
    Tensor drawn = middle.add(noise.mul(logWidth.exp()));
    return new Acted(drawn.tanh(), logDensity(noise, logWidth, drawn).sum(true, 2));
  }

  /**
   * The logarithm of the density of {@code tanh(drawn)}, where {@code drawn} is Gaussian: that of
   * the Gaussian less log(1 - tanh²).
   *
   * @param noise how many widths the draw lies from the middle
   */
  static Tensor logDensity(Tensor noise, Tensor logWidth, Tensor drawn) {
    Tensor gaussian = noise.square().div(-2).sub(logWidth).sub(Math.log(2 * Math.PI) / 2);
    // log(1 - tanh²(u)) = 2 (log 2 - u - softplus(-2u)), which does not lose its digits
    Tensor squeezed = drawn.add(Nn.softplus(drawn.mul(-2))).sub(Math.log(2)).mul(2);
    return gaussian.add(squeezed);
  }

  @Override
  public void close() {
    actorUpdates.close();
    criticUpdates.close();
    temperatureUpdates.close();
    actors.close();
    critics.close();
    ahead.close();
    owner.close();
  }
}
