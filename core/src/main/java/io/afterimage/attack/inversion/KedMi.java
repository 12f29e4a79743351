package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.latent.Aim;
import io.afterimage.attack.inversion.latent.ClassGaussians;
import io.afterimage.attack.inversion.latent.LatentAttack;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.PriorLesson;
import io.afterimage.attack.inversion.latent.VectorAttack;
import io.afterimage.attack.inversion.latent.Walk;
import io.afterimage.attack.inversion.picture.Descending;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.train.Prior;
import io.afterimage.train.PriorSettings;
import java.util.Optional;

/**
 * KED-MI: a generator learns against a critic that knows what the target says of public pictures;
 * then for each class a Gaussian of its latent vectors is found whose pictures the target takes for
 * the class and the critic for real.
 *
 * <p>Chen, Kahla, Jia, Qi: Knowledge-Enriched Distributional Model Inversion Attacks, ICCV 2021.
 * Descends {@code identity * cross-entropy - log(critic's probability of real)}, on average over
 * draws of each class's Gaussian, which are learned through; without {@code --distribution} (the
 * paper's ablation) the same over points. The paper's rate, and its weight of 100.
 *
 * <p>Departs from the paper in that generator and critic are Afterimage's own and move by turns,
 * once each; that Gaussians start as the prior's, and each step learns from several draws; and that
 * points descend by Adam as well, without bounds. Each reconstruction is measured against the
 * picture of its vector by a generator that never asked the target.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class KedMi extends VectorAttack<KedMi.Settings> {

  /**
   * The settings.
   *
   * @param prior how the generator learns
   * @param walk how far vectors are moved, and how many pictures are kept of each class
   * @param identity weight of the target's answer beside the critic's
   * @param distribution whether a Gaussian of vectors is looked for, not single vectors
   * @param samples drawn of each class's Gaussian in a step
   */
  public record Settings(
      PriorChoice prior,
      Walk walk,
      @Setting("weight of what the target says beside what the critic says") double identity,
      @Setting("find a distribution of vectors for each class; false: a vector for each picture")
          boolean distribution,
      @Setting("vectors drawn of each class's distribution in a step") int samples)
      implements LatentAttack.Settings {
    public Settings {
      inRange("--identity", identity, 0, 1e9);
      inRange("--samples", samples, 1, 100_000);
      check(
          prior.generator().isEmpty(),
          "--generator never learned from the target, and that of ked-mi must; leave it out");
      check(
          prior.priorKind() == PriorSettings.Kind.DCGAN,
          "--prior-kind must be dcgan, whose critic can learn the target's answers, but is %s",
          prior.priorKind());
    }

    @Override
    public Optional<String> refusal(Split split) {
      return PublicRows.lacking(split);
    }
  }

  public KedMi() {
    super(
        "ked-mi",
        "looks among the pictures of a generator whose critic learned the model's answers for each"
            + " class's distribution",
        "Chen, Kahla, Jia, Qi, ICCV 2021");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.DCGAN);
    return new Settings(prior, new Walk(1500, 0.02, 20, 100_000), 100, true, 4);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.DCGAN);
    return new Settings(prior, new Walk(60, 0.1, 2, 100_000), 100, true, 4);
  }

  @Override
  protected Optional<Prior> taught(
      GradientTarget target, LatentSpace space, Split split, Settings settings, Run run) {
    PriorLesson lesson = settings.prior().lesson(space.raster().planes(), split, run);
    return Optional.of(lesson.answered(target.scores(lesson.rows()).probabilities()));
  }

  @Override
  protected Tensor search(Aim aim, Tensor start, Settings settings, Run run) {
    Descending descending = settings.walk().byAdam();
    Tensor rows = aim.classes();
    Way way = Way.ofAll();
    if (!settings.distribution()) {
      Tensor end =
          descending.from(
              info().id(),
              start,
              (at, step) -> cost(aim, at, rows, settings.identity()),
              at -> {},
              way,
              run);
      aim.passed(way, at -> at);
      return end;
    }
    int classes = aim.target().info().classes().size();
    Tensor drawn = ClassGaussians.each(classes, settings.samples());
    Tensor end =
        descending.from(
            info().id(),
            ClassGaussians.start(classes, start.size(1)),
            (at, step) ->
                cost(
                        aim,
                        vectors(at, drawn, run.seedFor("step/" + step)),
                        drawn,
                        settings.identity())
                    .div(settings.samples()),
            at -> {},
            way,
            run);
    aim.passed(way, at -> ClassGaussians.vectors(at, rows, start));
    return ClassGaussians.vectors(end, rows, start);
  }

  private static Tensor vectors(Tensor at, Tensor drawn, long seed) {
    try (Draws draws = new Draws(seed)) {
      return ClassGaussians.vectors(at, drawn, draws.normal(drawn.size(0), at.size(1) / 2));
    }
  }

  private static Tensor cost(Aim aim, Tensor latents, Tensor classes, double identity) {
    Tensor pictures = aim.space().pictures(latents);
    Tensor unsure = Nn.crossEntropyOfRows(aim.target().logits(pictures), classes, 0);
    Tensor real = Nn.logSigmoid(aim.space().realism(pictures));
    return unsure.sum().mul(identity).sub(real.sum());
  }
}
