package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.latent.Aim;
import io.afterimage.attack.inversion.latent.LatentAttack;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.VectorAttack;
import io.afterimage.attack.inversion.latent.Walk;
import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.tensor.Tensor;
import io.afterimage.train.PriorSettings;
import java.util.function.UnaryOperator;

/**
 * PPA: many vectors are drawn for each class, those whose pictures the target is surest of are
 * moved nearer to the class, and those that stay sure when the picture is shifted are kept.
 *
 * <p>Struppek, Hintersdorf, De Almeida Correia, Adler, Kersting: Plug &amp; Play Attacks: Towards
 * Robust and Flexible Model Inversion Attacks, ICML 2022. Descends Poincaré's distance of the
 * target's scores, divided by the sum of their sizes, from the class's corner of the unit ball,
 * which keeps its slope where cross-entropy loses it. Works with any generator.
 *
 * <p>Departs from the paper in that pictures are shifted at random, not cropped and resized: of
 * small pictures crops leave little.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class Ppa extends VectorAttack<Ppa.Settings> {
  /**
   * The settings.
   *
   * @param prior what is searched
   * @param completing what is known of the pictures
   * @param walk how far, and how many pictures are kept
   * @param candidates drawn for each vector that is moved
   * @param shift pixels by which pictures are shifted at most
   * @param views of a picture by which it is judged
   * @param surplus vectors that are moved for each picture that is kept
   */
  public record Settings(
      PriorChoice prior,
      Completing completing,
      Walk walk,
      @Setting("vectors drawn for each that is moved") int candidates,
      @Setting("pixels by which pictures are shifted at random, to each side") int shift,
      @Setting("shifted views of a picture by which it is chosen") int views,
      @Setting("vectors moved for each picture that is kept") int surplus)
      implements LatentAttack.Settings {
    public Settings {
      inRange("--candidates", candidates, 1, 100_000);
      inRange("--shift", shift, 0, 1_000);
      inRange("--views", views, 1, 10_000);
      inRange("--surplus", surplus, 1, 1_000);
      check(shift > 0 || views == 1, "--views must be 1 without --shift, but is %d", views);
    }
  }

  public Ppa() {
    super(
        "ppa",
        "draws many of a generator's pictures, improves the best and keeps the steadiest",
        "Struppek, Hintersdorf, De Almeida Correia, Adler, Kersting, ICML 2022");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.DCGAN);
    return new Settings(prior, Completing.NONE, new Walk(70, 0.05, 20, 512), 25, 2, 16, 2);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.VAE);
    return new Settings(prior, Completing.NONE, new Walk(30, 0.1, 2, 512), 4, 0, 1, 2);
  }

  @Override
  protected Tensor search(Aim aim, Tensor start, Settings settings, Run run) {
    PlugAndPlay play = new PlugAndPlay(info().id(), aim, settings, run);
    UnaryOperator<Tensor> pictures = aim.space()::pictures;
    Way way = Way.ofAll();
    Tensor end = play.moved(play.candidates(), pictures, settings.walk().steps(), at -> {}, way);
    int[] kept = play.kept(end, pictures);
    aim.passed(way, at -> Way.select(at, kept));
    return Way.select(end, kept);
  }
}
