package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.below;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.Posteriors;
import io.afterimage.attack.inversion.latent.LatentCanvas;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorAttack;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.WithPrior;
import io.afterimage.base.Access;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.train.PriorSettings;
import io.afterimage.train.SoftActorCritics;

/**
 * RLB-MI: by scores alone, an agent of each class learns to move latent vectors to where the target
 * is sure of the class.
 *
 * <p>Han, Choi, Lee, Kim: Reinforcement Learning-Based Black-Box Model Inversion Attacks, CVPR
 * 2023. A state is a latent vector, an action another; the next state is {@code diversity * state +
 * (1 - diversity) * action}. The reward weighs the logarithms of the class's probability for the
 * action's and the next state's picture and that of the next state's lead over the strongest other
 * class. Soft actor-critic, and the paper's weights, widths and diversity. What is reported is the
 * state of greatest confidence.
 *
 * <p>Departs from the paper in that as many episodes of a class run side by side as pictures are
 * wanted, each of which reports the best of its own, that agents learn once for all of their moves,
 * and that the latent vectors of their actions reach as far as is set. The authors' program learns
 * forty times as long, and takes an action's log-density as a mean over its numbers, where that of
 * soft actor-critic is a sum: its agents end next to certain, these keep wandering. Rounded answers
 * serve as long as they differ; of noisy ones each is taken as it comes, and the critics average.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class RlbMi extends PriorAttack<RlbMi.Settings, ScoreTarget> {
  /** The least lead whose logarithm is taken. */
  private static final double LEAST_LEAD = 1e-7;

  /**
   * The settings.
   *
   * @param prior what is searched
   * @param steps of every episode one after the other
   * @param moves after which an episode ends and another starts from a new draw
   * @param diversity share of a state that stays
   * @param reach greatest number of an action
   * @param reward what is sought
   * @param learning how agents learn
   * @param restarts pictures for each class, each from episodes of its own
   */
  public record Settings(
      PriorChoice prior,
      @Setting("moves in all, for each picture") int steps,
      @Setting("moves of an episode") int moves,
      @Setting("share of a vector that a move leaves, below 1; more makes pictures differ more")
          double diversity,
      @Setting("greatest number of a vector that is moved towards") double reach,
      Reward reward,
      Learning learning,
      @Setting("pictures for each class") int restarts)
      implements WithPrior {
    public Settings {
      inRange("--steps", steps, 1, 10_000_000);
      inRange("--moves", moves, 1, 1_000_000);
      below("--diversity", diversity, 0, 1);
      above("--reach", reach, 0, 1e3);
      inRange("--restarts", restarts, 1, 1_000);
    }
  }

  /**
   * What an agent seeks: a weighted sum of logarithms.
   *
   * @param actionWeight of the class's probability for the action's picture
   * @param stateWeight of the class's probability for the next state's picture
   * @param leadWeight of the class's lead over the strongest other for the next state's picture
   */
  public record Reward(
      @Setting("weight of the log-probability of the picture that is moved towards")
          double actionWeight,
      @Setting("weight of the log-probability of the picture that is moved to") double stateWeight,
      @Setting("weight of the logarithm of its lead over the strongest other class")
          double leadWeight) {
    public Reward {
      inRange("--action-weight", actionWeight, 0, 1e6);
      inRange("--state-weight", stateWeight, 0, 1e6);
      inRange("--lead-weight", leadWeight, 0, 1e6);
    }

    /** The paper's. */
    static final Reward USUAL = new Reward(2, 2, 8);

    /**
     * The reward of a move.
     *
     * @param state row of the next state's picture
     * @param action row of the action's
     */
    double of(Posteriors answers, int state, int action, int subject) {
      double strongest = 0;
      for (int c = 0; c < answers.classes(); c++) {
        strongest = c == subject ? strongest : Math.max(strongest, answers.p(state, c));
      }
      double lead = Math.max(LEAST_LEAD, answers.p(state, subject) - strongest);
      return actionWeight * answers.logP(action, subject)
          + stateWeight * answers.logP(state, subject)
          + leadWeight * Math.log(lead);
    }
  }

  /**
   * How agents learn.
   *
   * @param learned whether they do; else actions are drawn evenly from all that are possible
   * @param hidden width of their layers
   * @param learningRate of Adam
   * @param discount of later rewards
   * @param updates of each agent a move
   * @param batch remembered moves that an update looks at
   */
  public record Learning(
      @Setting("agents learn; false: they move at random, the paper's ablation") boolean learned,
      @Setting("width of an agent's hidden layers") int hidden,
      @Setting("learning rate") double learningRate,
      @Setting("weight of a reward a move later, below 1") double discount,
      @Setting("times that an agent learns after each move") int updates,
      @Setting("remembered moves that it learns from at a time") int batch) {
    public Learning {
      inRange("--hidden", hidden, 1, 65_536);
      above("--learning-rate", learningRate, 0, 1);
      below("--discount", discount, 0, 1);
      inRange("--updates", updates, 1, 10_000);
      inRange("--batch", batch, 1, 1_000_000);
    }

    SoftActorCritics.Settings agents() {
      return new SoftActorCritics.Settings(hidden, learningRate, discount, batch);
    }
  }

  public RlbMi() {
    super(
        "rlb-mi",
        "agents learn to move among a generator's pictures to those that the model takes for a class",
        "Han, Choi, Lee, Kim, CVPR 2023",
        Access.SCORES,
        ScoreTarget.class,
        "",
        "whoever may ask the model");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.DCGAN);
    Learning learning = new Learning(true, 256, 5e-4, 0.99, 1, 128);
    return new Settings(prior, 1000, 1, 0, 1, Reward.USUAL, learning, 20);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.VAE);
    Learning learning = new Learning(true, 64, 3e-3, 0.99, 1, 64);
    return new Settings(prior, 150, 1, 0, 2, Reward.USUAL, learning, 2);
  }

  @Override
  protected Reconstructions rebuilt(
      ScoreTarget target, LatentSpace space, Split split, Settings settings, Run run) {
    String input = split.members().inputs().get(0).name();
    return new LatentAgents(target, input, new LatentCanvas(space), settings, run)
        .reconstructions();
  }
}
