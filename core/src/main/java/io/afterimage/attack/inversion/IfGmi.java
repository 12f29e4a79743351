package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.latent.Aim;
import io.afterimage.attack.inversion.latent.L1Ball;
import io.afterimage.attack.inversion.latent.LatentAttack;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.Walk;
import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.attack.inversion.picture.Descending;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * IF-GMI: after the latent vectors the generator's inner values are moved as well, layer after
 * layer, so that pictures are reached which no latent vector makes.
 *
 * <p>Qiu, Fang, Yu, Chen, Qiu, Xia: A Closer Look at GAN Priors: Exploiting Intermediate Features
 * for Enhanced Model Inversion Attacks, ECCV 2024. Vectors are chosen, moved and kept as in {@link
 * Ppa}, with Poincaré's distance; between moving and keeping, the values at each inner layer are
 * moved down the same distance, starting from what the layer before ended at, in an L1 ball around
 * that start. The ball of each layer is as much wider than the one before as the first is wide.
 *
 * <p>Departs from the paper in that the radius is a share of the start's own size, so that it means
 * the same in generators of any width, and in that the generator is a chain of layers: the paper's
 * StyleGAN2 also hears its style vector at every layer, moves that along, and gives the first inner
 * layer twice the first radius. Pictures are kept by {@link Ppa}'s choice in the end, of the last
 * layer, where the authors count all of them.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class IfGmi extends LatentAttack<IfGmi.Settings> {

  /**
   * The settings.
   *
   * @param vectors how latent vectors are chosen, moved and kept
   * @param layers how many inner layers are moved, at most; 0: latent vectors alone
   * @param layerSteps steps of each
   * @param radius of the first layer's ball, a share of its values' size
   */
  public record Settings(
      Ppa.Settings vectors,
      @Setting("inner layers of the generator moved after the latent vector, at most; 0: none")
          int layers,
      @Setting("steps of each inner layer") int layerSteps,
      @Setting(
              "how far the first inner layer may go, as a share of the sum of its numbers' sizes;"
                  + " the second twice as far, and so on")
          double radius)
      implements LatentAttack.Settings {
    public Settings {
      inRange("--layers", layers, 0, 1_000);
      inRange("--layer-steps", layerSteps, 1, 1_000_000);
      above("--radius", radius, 0, 1e6);
    }

    @Override
    public PriorChoice prior() {
      return vectors.prior();
    }

    @Override
    public Completing completing() {
      return vectors.completing();
    }

    @Override
    public Walk walk() {
      return vectors.walk();
    }
  }

  /** Points that a generator makes pictures of: latent vectors, or values of an inner layer. */
  private record Depth(LatentSpace space, Optional<String> layer) {
    Tensor pictures(Tensor points) {
      return layer
          .map(name -> space.pictures(name, points))
          .orElseGet(() -> space.pictures(points));
    }

    Tensor onward(Tensor points, String to) {
      return layer
          .map(name -> space.inner(name, points, to))
          .orElseGet(() -> space.inner(points, to));
    }
  }

  public IfGmi() {
    super(
        "if-gmi",
        "improves a generator's pictures, then the values inside the generator that they come from",
        "Qiu, Fang, Yu, Chen, Qiu, Xia, ECCV 2024");
  }

  @Override
  public Settings defaults() {
    return new Settings(new Ppa().defaults(), 3, 25, 0.2);
  }

  @Override
  public Settings small() {
    return new Settings(new Ppa().small(), 1, 15, 0.2);
  }

  @Override
  protected int steps(LatentSpace space, Settings settings) {
    int layers = layers(space, settings.layers()).size();
    return settings.walk().steps() + layers * settings.layerSteps();
  }

  /** The latent vectors, as many as are moved on. */
  private Tensor vectors(Aim aim, Settings settings, Way way, Run run) {
    PlugAndPlay play = new PlugAndPlay(info().id(), aim, settings.vectors(), run);
    int steps = settings.walk().steps();
    return play.moved(play.candidates(), aim.space()::pictures, steps, at -> {}, way);
  }

  @Override
  @SuppressWarnings("try") // the guard is there to close
  protected Tensor found(Aim aim, Tensor start, Settings settings, Run run) {
    List<String> layers = layers(aim.space(), settings.layers());
    PlugAndPlay play = new PlugAndPlay(info().id(), aim, settings.vectors(), run.keyed("layers"));
    Way way = Way.ofAll();
    Tensor points = vectors(aim, settings, way, run);
    Depth depth = new Depth(aim.space(), Optional.empty());
    for (int i = 0; i < layers.size(); i++) {
      Depth next = new Depth(aim.space(), Optional.of(layers.get(i)));
      L1Ball ball = L1Ball.around(depth.onward(points, layers.get(i)), (i + 1) * settings.radius());
      points =
          play.moved(
              ball.centre(),
              next::pictures,
              settings.layerSteps(),
              ball::pull,
              Descending.Watch.NONE);
      depth = next;
    }
    int[] kept = play.kept(points, depth::pictures);
    aim.passed(way, at -> Way.select(at, kept));
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      return depth.pictures(Way.select(points, kept));
    }
  }

  /** The first inner layers, so many at most. */
  private static List<String> layers(LatentSpace space, int most) {
    List<String> all = most == 0 ? List.of() : space.layers();
    check(
        most == 0 || !all.isEmpty(),
        "--layers is %d, but the generator has no inner value from which alone its pictures can be"
            + " made; give --layers 0, or another generator than the one %s",
        most,
        space.prior().origin());
    return all.subList(0, Math.min(most, all.size()));
  }
}
