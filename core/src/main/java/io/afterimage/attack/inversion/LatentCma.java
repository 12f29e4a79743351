package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.CovarianceAdaptation;
import io.afterimage.attack.common.FullCovariance;
import io.afterimage.attack.common.Search;
import io.afterimage.train.PriorSettings;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Evolution of latent vectors by the target's scores: CMA-ES with a full covariance over what a
 * generator of public pictures can make.
 *
 * <p>Hansen, Ostermeier: Completely Derandomized Self-Adaptation in Evolution Strategies,
 * Evolutionary Computation 2001, applied to latent spaces as in Wang et al.: Reinforcement
 * Learning-Based Black-Box Model Inversion Attacks, CVPR 2023, to which it is a plain rival.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class LatentCma extends LatentClimb<LatentCma.Settings> {

  /**
   * The settings.
   *
   * @param prior what is searched
   * @param steps at most so many generations
   * @param generation pictures in a generation, beside its centre
   * @param width standard deviation of the first generation
   * @param stopAt a search is done once the target is so sure
   * @param restarts pictures for each class
   * @param repeats answers averaged
   */
  public record Settings(
      PriorChoice prior,
      @Setting("at most so many generations") int steps,
      @Setting("pictures in a generation, even; by default 4 + 3 ln(numbers of a latent vector)")
          OptionalInt generation,
      @Setting("standard deviation of the first generation, in those of the prior") double width,
      @Setting("stop a search once the target is so sure; above 1: never") double stopAt,
      @Setting("pictures for each class") int restarts,
      @Setting(
              "answers averaged for each picture; by default 1, or 4 where answers are noisy;"
                  + " fewer where the query budget is short")
          OptionalInt repeats)
      implements LatentClimb.Settings {
    public Settings {
      inRange("--steps", steps, 1, 10_000_000);
      int size = generation.orElse(8);
      check(
          size >= 8 && size <= 100_000 && size % 2 == 0,
          "--generation must be even and between 8 and 100000, but is %d",
          size);
      above("--width", width, 0, 10);
      inRange("--stop-at", stopAt, 0, 2);
      inRange("--restarts", restarts, 1, 1_000);
      inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
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
    return settings(PriorChoice.of(PriorSettings.Kind.DCGAN), 200, 20);
  }

  @Override
  public Settings small() {
    return settings(PriorChoice.small(PriorSettings.Kind.VAE), 30, 2);
  }

  private static Settings settings(PriorChoice prior, int steps, int restarts) {
    OptionalInt usual = OptionalInt.empty();
    return new Settings(prior, steps, usual, 0.5, 0.9999, restarts, usual);
  }

  @Override
  Search search(double[] start, LatentCanvas canvas, Settings settings, RandomGenerator random) {
    int size = settings.generation().orElse(CovarianceAdaptation.usualSize(start.length));
    FullCovariance covariance = new FullCovariance(start.length);
    return new CovarianceAdaptation(
        start, covariance, size, settings.width(), 1, canvas::bound, random);
  }
}
