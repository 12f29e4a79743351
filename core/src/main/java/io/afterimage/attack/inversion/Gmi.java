package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.latent.Aim;
import io.afterimage.attack.inversion.latent.LatentAttack;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.VectorAttack;
import io.afterimage.attack.inversion.latent.Walk;
import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.attack.inversion.picture.Completion;
import io.afterimage.attack.inversion.picture.Descending;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.train.Optimiser;
import io.afterimage.train.PriorSettings;
import io.afterimage.train.Schedule;
import java.util.Optional;

/**
 * GMI: among the pictures that a generator of public ones can make, those that the target takes for
 * a class and the generator's critic for real.
 *
 * <p>Zhang, Jia, Pei, Wang, Li, Song: The Secret Revealer: Generative Model-Inversion Attacks
 * Against Deep Neural Networks, CVPR 2020. Descends {@code identity * cross-entropy - critic} by
 * momentum; latent vectors are cut off at {@code clip}. Departs from it in that the generator is
 * one of Afterimage's own, as large as the pictures ask for, and in the weight: the paper's 100,
 * with its rate of 0.02, is for its critic; with ours more digits of MNIST are recognised the less
 * is heard of it. A partly known picture is no second input of that generator: it pulls the
 * vectors, as in {@link Completion}.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class Gmi extends VectorAttack<Gmi.Settings> {

  /**
   * The settings.
   *
   * @param prior what is searched
   * @param completing what is known of the pictures
   * @param walk how far, and for how many pictures
   * @param momentum share of the last step that is taken again
   * @param identity weight of the target's answer beside the critic's
   * @param clip greatest number of a latent vector
   */
  public record Settings(
      PriorChoice prior,
      Completing completing,
      Walk walk,
      @Setting("share of the last step that is taken again, below 1") double momentum,
      @Setting("weight of what the target says beside what the critic says") double identity,
      @Setting("numbers of latent vectors are cut off here") double clip)
      implements LatentAttack.Settings {
    public Settings {
      inRange("--momentum", momentum, 0, 0.999);
      inRange("--identity", identity, 0, 1e9);
      above("--clip", clip, 0, 1e6);
      check(
          prior.generator().isEmpty(),
          "--generator brings no critic, and gmi asks the one that its generator learned against;"
              + " leave it out, or take vmi or ppa");
      check(
          prior.priorKind() != PriorSettings.Kind.VAE,
          "--prior-kind vae has no critic, and gmi asks one; give wgan-gp or dcgan");
    }

    @Override
    public Optional<String> refusal(Split split) {
      return PublicRows.lacking(split);
    }
  }

  public Gmi() {
    super(
        "gmi",
        "looks among a generator's pictures for those that the model takes for a class",
        "Zhang, Jia, Pei, Wang, Li, Song, CVPR 2020");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.WGAN_GP);
    return new Settings(prior, Completing.NONE, new Walk(1500, 2e-4, 20, 256), 0.9, 1e5, 1);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.DCGAN);
    return new Settings(prior, Completing.NONE, new Walk(40, 0.02, 2, 256), 0.9, 100, 2);
  }

  @Override
  protected Tensor search(Aim aim, Tensor start, Settings settings, Run run) {
    Optimiser momentum =
        new Optimiser.Sgd(settings.walk().learningRate(), settings.momentum(), false, 0);
    Tensor classes = aim.classes();
    Completion.OfRows completion = aim.completion(classes);
    Way way = Way.ofAll();
    Tensor end =
        new Descending(momentum, new Schedule.Constant(), settings.walk().steps())
            .from(
                info().id(),
                start,
                (at, step) -> cost(aim, at, classes, completion, settings.identity()),
                at -> InPlace.clamp(at, -settings.clip(), settings.clip()),
                way,
                run);
    aim.passed(way, at -> at);
    return end;
  }

  private static Tensor cost(
      Aim aim, Tensor at, Tensor classes, Completion.OfRows completion, double identity) {
    Tensor made = aim.space().pictures(at);
    Tensor logits = aim.target().logits(completion.whole(made));
    Tensor unsure = Nn.crossEntropyOfRows(logits, classes, 0).sum();
    return completion.pulled(unsure, made).mul(identity).sub(aim.space().realism(made).sum());
  }
}
