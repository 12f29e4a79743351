package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.GeneticSearch;
import io.afterimage.attack.common.Search;
import io.afterimage.attack.inversion.latent.LatentCanvas;
import io.afterimage.attack.inversion.latent.LatentClimb;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.picture.Climbing;
import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.train.PriorSettings;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * MIRROR without gradients: a genetic algorithm breeds latent vectors whose pictures the target
 * takes for a class, kept where the prior's own vectors lie.
 *
 * <p>An, Tao, Xu, Liu, Shen, Yao, Xu, Zhang: MIRROR: Model Inversion for Deep Learning Network with
 * High Fidelity, NDSS 2022, its black-box form. There vectors are kept within the prior's spread in
 * a space before StyleGAN's activations; the latent numbers of the generators here are Gaussian
 * themselves, so that the cut stands on them. Rounded or cut off answers count by rank, noisy ones
 * by the mean of several.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class Mirror extends LatentClimb<Mirror.Settings> {

  /**
   * The settings.
   *
   * @param prior what is searched
   * @param completing what is known of the pictures
   * @param rule how long
   * @param generation vectors in a generation
   * @param elites that live on
   * @param mutated chance that a number of a child is changed
   * @param width standard deviation of that change
   * @param clip greatest number of a vector
   */
  public record Settings(
      PriorChoice prior,
      Completing completing,
      Climbing.Rule rule,
      @Setting("vectors in a generation") int generation,
      @Setting("the best of a generation that live on") int elites,
      @Setting("chance that a number of a child is changed") double mutated,
      @Setting("standard deviation of that change") double width,
      @Setting("numbers of latent vectors are cut off here") double clip)
      implements LatentClimb.Settings {
    public Settings {
      inRange("--generation", generation, 4, 100_000);
      inRange("--elites", elites, 1, generation - 1);
      inRange("--mutated", mutated, 0, 1);
      above("--width", width, 0, 10);
      above("--clip", clip, 0, 1e6);
    }
  }

  public Mirror() {
    super(
        "mirror",
        "breeds a generator's pictures by asking the model which it takes for a class",
        "An, Tao, Xu, Liu, Shen, Yao, Xu, Zhang, NDSS 2022");
  }

  @Override
  public Settings defaults() {
    return settings(PriorChoice.of(PriorSettings.Kind.DCGAN), Climbing.Rule.of(100, 20), 40);
  }

  @Override
  public Settings small() {
    return settings(PriorChoice.small(PriorSettings.Kind.VAE), Climbing.Rule.of(25, 2), 20);
  }

  private static Settings settings(PriorChoice prior, Climbing.Rule rule, int generation) {
    return new Settings(prior, Completing.NONE, rule, generation, 4, 0.2, 0.5, 2);
  }

  @Override
  protected Search search(
      double[] start, LatentCanvas canvas, Settings settings, RandomGenerator random) {
    double[][] first = new double[settings.generation()][start.length];
    for (int i = 0; i < first.length; i++) {
      Arrays.setAll(first[i], j -> random.nextGaussian());
    }
    first[0] = start.clone();
    Arrays.stream(first).forEach(vector -> clip(vector, settings.clip()));
    return new GeneticSearch(
        first,
        settings.elites(),
        settings.mutated(),
        settings.width(),
        child -> clip(child, settings.clip()),
        random);
  }

  private static void clip(double[] vector, double most) {
    Arrays.setAll(vector, i -> Math.max(-most, Math.min(most, vector[i])));
  }
}
