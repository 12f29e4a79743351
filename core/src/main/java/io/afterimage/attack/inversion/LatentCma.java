package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.CovarianceAdaptation;
import io.afterimage.attack.common.FullCovariance;
import io.afterimage.attack.common.Search;
import io.afterimage.attack.inversion.latent.LatentCanvas;
import io.afterimage.attack.inversion.latent.LatentClimb;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.picture.Climbing;
import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.train.PriorSettings;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Evolution of latent vectors by the target's scores: CMA-ES with a full covariance over what a
 * generator of public pictures can make.
 *
 * <p>Hansen, Ostermeier: Completely Derandomized Self-Adaptation in Evolution Strategies,
 * Evolutionary Computation 2001; a plain rival of attacks that search latent spaces with more
 * thought. Rounded or cut off answers count by rank, noisy ones by the mean of several.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class LatentCma extends LatentClimb<LatentCma.Settings> {

  /**
   * The settings.
   *
   * @param prior what is searched
   * @param completing what is known of the pictures
   * @param rule how long
   * @param generation pictures in a generation, beside its centre
   * @param width standard deviation of the first generation
   */
  public record Settings(
      PriorChoice prior,
      Completing completing,
      Climbing.Rule rule,
      @Setting("pictures in a generation, even; by default 4 + 3 ln(numbers of a latent vector)")
          OptionalInt generation,
      @Setting("standard deviation of the first generation, in those of the prior") double width)
      implements LatentClimb.Settings {
    public Settings {
      int size = generation.orElse(8);
      check(
          size >= 8 && size <= 100_000 && size % 2 == 0,
          "--generation must be even and between 8 and 100000, but is %d",
          size);
      above("--width", width, 0, 10);
    }
  }

  public LatentCma() {
    super(
        "latent-cma",
        "evolves a generator's pictures by asking the model which it takes for a class",
        "Hansen and Ostermeier, Evolutionary Computation 2001");
  }

  @Override
  public Settings defaults() {
    return settings(PriorChoice.of(PriorSettings.Kind.DCGAN), Climbing.Rule.of(200, 20));
  }

  @Override
  public Settings small() {
    return settings(PriorChoice.small(PriorSettings.Kind.VAE), Climbing.Rule.of(30, 2));
  }

  private static Settings settings(PriorChoice prior, Climbing.Rule rule) {
    return new Settings(prior, Completing.NONE, rule, OptionalInt.empty(), 0.5);
  }

  @Override
  protected Search search(
      double[] start, LatentCanvas canvas, Settings settings, RandomGenerator random) {
    int size = settings.generation().orElse(CovarianceAdaptation.usualSize(start.length));
    FullCovariance covariance = new FullCovariance(start.length);
    return new CovarianceAdaptation(
        start, covariance, size, settings.width(), 1, canvas::bound, random);
  }
}
