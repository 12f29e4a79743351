package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.DifferentialEvolution;
import io.afterimage.attack.common.Search;
import io.afterimage.attack.inversion.decoder.DecoderSettings;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.decoder.ScoreVectors;
import io.afterimage.attack.inversion.latent.CoarseStarts;
import io.afterimage.attack.inversion.latent.LatentCanvas;
import io.afterimage.attack.inversion.latent.LatentClimb;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.picture.Climbing;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.target.ScoreTarget;
import io.afterimage.train.PriorSettings;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * C2FMI without gradients: a network that learned on public pictures draws roughly what an answer
 * sure of a class is about, a generator's vector is brought near that, and differential evolution
 * goes on from there by the target's scores.
 *
 * <p>Ye, Luo, Naseem, Yang, Shi, Jia: C2FMI: Corse-to-Fine Black-box Model Inversion Attack, IEEE
 * Transactions on Dependable and Secure Computing 2023. The coarse stage asks the target once about
 * each public picture; moving the vector asks it nothing, because the generator is the adversary's
 * own. The fine stage is {@link DifferentialEvolution} around the vector.
 *
 * <p>Answers that are rounded, cut to the top k or noisy: the network learns from them as they come
 * ({@link ScoreVectors}), and evolution counts them by rank, moving on where they are equal; where
 * a rounded answer says nothing of a class that is far away, the coarse start still does.
 *
 * <p>Departs from the paper in that vectors are brought near the network's picture itself, not near
 * features of it under a face recogniser of the adversary's own: audits are not of faces alone. And
 * in its evolution: the authors start from the best of several vectors of a class and mixtures of
 * them, and move towards the best found so far; here it starts around one vector, and three others
 * drawn from the generation move each.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class C2fMi extends LatentClimb<C2fMi.Settings> {

  /**
   * The settings.
   *
   * @param prior what is searched
   * @param rule how long evolution goes on
   * @param publicRows that are asked about for the coarse start, at most; 0: there is none
   * @param decoder the network that learns from them
   * @param coarseSteps by which vectors are brought near what it draws
   * @param width of the first generation around a coarse start; without one that is the prior's
   * @param generation vectors in a generation
   * @param weight of the difference of two vectors
   * @param crossover chance that a number of a vector is changed
   * @param clip greatest number of a vector
   */
  public record Settings(
      PriorChoice prior,
      Climbing.Rule rule,
      @Setting("public pictures asked about for a coarse start, at most; 0: start anywhere")
          int publicRows,
      DecoderSettings decoder,
      @Setting("steps by which a vector is brought near what the decoder draws of its class")
          int coarseSteps,
      @Setting("standard deviation of the first generation around a coarse start") double width,
      @Setting("vectors in a generation") int generation,
      @Setting("share of the difference of two vectors that a third is moved by") double weight,
      @Setting("chance that a number of a vector is changed") double crossover,
      @Setting("numbers of latent vectors are cut off here") double clip)
      implements LatentClimb.Settings {
    public Settings {
      check(
          publicRows == 0 || publicRows >= PublicRows.FEWEST,
          "--public-rows must be 0 or at least %d, but is %d",
          PublicRows.FEWEST,
          publicRows);
      inRange("--coarse-steps", coarseSteps, 1, 1_000_000);
      above("--width", width, 0, 10);
      inRange("--generation", generation, 4, 100_000);
      above("--weight", weight, 0, 2);
      inRange("--crossover", crossover, 0, 1);
      above("--clip", clip, 0, 1e6);
    }

    /** The coarse start needs public pictures also where a generator is brought along. */
    @Override
    public Optional<String> refusal(Split split) {
      return publicRows == 0
          ? prior.refusal(split)
          : PublicRows.refusal(split)
              .map(reason -> reason + "; or --generator together with --public-rows 0");
    }
  }

  public C2fMi() {
    super(
        "c2f-mi",
        "draws a class roughly, then evolves a generator's pictures from there by the model's scores",
        "Ye, Luo, Naseem, Yang, Shi, Jia, IEEE TDSC 2023");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.DCGAN);
    return settings(prior, Climbing.Rule.of(100, 20), 10_000, DecoderSettings.usual(), 100, 40);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.VAE);
    DecoderSettings decoder = DecoderSettings.small(8, 20);
    return settings(prior, Climbing.Rule.of(25, 2), 200, decoder, 30, 20);
  }

  private static Settings settings(
      PriorChoice prior,
      Climbing.Rule rule,
      int publicRows,
      DecoderSettings decoder,
      int coarseSteps,
      int generation) {
    return new Settings(
        prior, rule, publicRows, decoder, coarseSteps, 0.5, generation, 0.5, 0.9, 3);
  }

  @Override
  protected Starts starts(
      ScoreTarget target,
      LatentSpace space,
      Split split,
      double[][] drawn,
      Settings settings,
      Run run) {
    if (settings.publicRows() == 0) {
      return super.starts(target, space, split, drawn, settings, run);
    }
    long first = (long) drawn.length * (1 + settings.generation());
    OptionalInt wanted = OptionalInt.of(settings.publicRows());
    PublicRows known = PublicRows.of(target, split, wanted, first, run);
    double[][] vectors =
        CoarseStarts.learned(target, space, known, settings.decoder(), run)
            .near(drawn, settings.coarseSteps(), settings.clip(), run);
    return new Starts(vectors, known.count());
  }

  @Override
  protected Search search(
      double[] start, LatentCanvas canvas, Settings settings, RandomGenerator random) {
    double[][] first = new double[settings.generation()][start.length];
    boolean coarse = settings.publicRows() > 0;
    for (int i = 1; i < first.length; i++) {
      Arrays.setAll(
          first[i],
          j ->
              coarse ? start[j] + settings.width() * random.nextGaussian() : random.nextGaussian());
    }
    first[0] = start.clone();
    Arrays.stream(first).forEach(vector -> clip(vector, settings.clip()));
    return new DifferentialEvolution(
        first,
        settings.weight(),
        settings.crossover(),
        challenger -> clip(challenger, settings.clip()),
        random);
  }

  private static void clip(double[] vector, double most) {
    Arrays.setAll(vector, i -> Math.max(-most, Math.min(most, vector[i])));
  }
}
