package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.latent.Aim;
import io.afterimage.attack.inversion.latent.ClassGaussians;
import io.afterimage.attack.inversion.latent.LatentAttack;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.VectorAttack;
import io.afterimage.attack.inversion.latent.Walk;
import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.attack.inversion.picture.Completion;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.train.PriorSettings;
import java.util.Optional;

/**
 * VMI: for each class a distribution of latent vectors, near to the prior's own, whose pictures the
 * target takes for the class; then draws from it.
 *
 * <p>Wang, Fu, Li, Khisti, Zemel, Makhzani: Variational Model Inversion Attacks, NeurIPS 2021.
 * Descends {@code E[cross-entropy] + divergence * KL(q || prior)} a class over independent
 * Gaussians, by draws of the noise that are learned through. Departs from the paper in that the
 * distribution is Gaussian, its simplest family, not a flow.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class Vmi extends VectorAttack<Vmi.Settings> {

  /**
   * The settings.
   *
   * @param prior what is searched
   * @param completing what is known of the pictures
   * @param walk how far distributions are moved, and how many pictures are drawn of each
   * @param divergence weight of the distance from the prior
   * @param samples drawn of each class in a step
   */
  public record Settings(
      PriorChoice prior,
      Completing completing,
      Walk walk,
      @Setting("weight of the distance from the prior; 0: any distribution will do")
          double divergence,
      @Setting("vectors drawn of each class in a step") int samples)
      implements LatentAttack.Settings {
    public Settings {
      inRange("--divergence", divergence, 0, 1e6);
      inRange("--samples", samples, 1, 100_000);
    }
  }

  public Vmi() {
    super(
        "vmi",
        "learns for each class which of a generator's pictures the model takes for it, and how they"
            + " vary",
        "Wang, Fu, Li, Khisti, Zemel, Makhzani, NeurIPS 2021");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.DCGAN);
    return new Settings(prior, Completing.NONE, new Walk(500, 0.02, 20, 100_000), 0.01, 16);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.VAE);
    return new Settings(prior, Completing.NONE, new Walk(60, 0.1, 2, 100_000), 0.01, 4);
  }

  /** Where every class's distribution has its middle and, as logarithms, its widths. */
  @Override
  protected Optional<Aim.Learned> learned(Aim aim, Settings settings, Run run) {
    int classes = aim.target().info().classes().size();
    Tensor drawn = ClassGaussians.each(classes, settings.samples());
    Completion.OfRows completion = aim.completion(drawn);
    Way way = Way.ofAll();
    Tensor end =
        settings
            .walk()
            .byAdam()
            .from(
                info().id(),
                ClassGaussians.start(classes, aim.space().prior().latent()),
                (at, step) ->
                    cost(aim, at, drawn, completion, settings, run.seedFor("step/" + step)),
                at -> {},
                way,
                run);
    return Optional.of(new Aim.Learned(end, way));
  }

  @Override
  protected Tensor search(Aim aim, Tensor start, Settings settings, Run run) {
    // The noise is drawn as it was learned from; what is known has shaped the distribution.
    Tensor noise = aim.draw("latent");
    Aim.Learned learned = aim.learned().orElseThrow();
    aim.passed(learned.way(), at -> ClassGaussians.vectors(at, aim.classes(), noise));
    return ClassGaussians.vectors(learned.at(), aim.classes(), noise);
  }

  private static Tensor cost(
      Aim aim,
      Tensor at,
      Tensor drawn,
      Completion.OfRows completion,
      Settings settings,
      long seed) {
    Tensor unsure;
    try (Draws draws = new Draws(seed)) {
      Tensor noise = draws.normal(drawn.size(0), at.size(1) / 2);
      Tensor made = aim.space().pictures(ClassGaussians.vectors(at, drawn, noise));
      Tensor logits = aim.target().logits(completion.whole(made));
      Tensor all = Nn.crossEntropyOfRows(logits, drawn, 0).sum();
      unsure = completion.pulled(all, made).div(settings.samples());
    }
    long latent = at.size(1) / 2;
    Tensor mean = at.narrow(1, 0, latent);
    Tensor width = at.narrow(1, latent, latent);
    // KL(N(m, e^2w) || N(0, 1)) = (m^2 + e^2w - 1) / 2 - w, number by number
    Tensor divergence = mean.square().add(width.mul(2).exp()).sub(1).div(2).sub(width).sum();
    return unsure.add(divergence, settings.divergence());
  }
}
