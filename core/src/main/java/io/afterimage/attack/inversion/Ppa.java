package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.base.Run;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Optimiser;
import io.afterimage.train.PriorSettings;
import io.afterimage.train.Schedule;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

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
public final class Ppa extends LatentAttack<Ppa.Settings> {
  /** How near to the corner of the ball the class stands; at 1 all is infinitely far. */
  private static final double CORNER = 0.9999;

  private static final double LEAST_ROOM = 1e-7;

  /**
   * The settings.
   *
   * @param prior what is searched
   * @param walk how far, and how many pictures are kept
   * @param candidates drawn for each vector that is moved
   * @param shift pixels by which pictures are shifted at most
   * @param views of a picture by which it is judged
   * @param surplus vectors that are moved for each picture that is kept
   */
  public record Settings(
      PriorChoice prior,
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
    return new Settings(prior, new Walk(70, 0.05, 20, 512), 25, 2, 16, 2);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.VAE);
    return new Settings(prior, new Walk(30, 0.1, 2, 512), 4, 0, 1, 2);
  }

  @Override
  Tensor search(Aim aim, Tensor start, Settings settings, Run run) {
    int names = aim.target().info().classes().size();
    int kept = aim.rows().length / names;
    int moved = kept * settings.surplus();
    String key = "candidate/" + aim.rows()[0];
    RandomGenerator random = run.random("shift/" + aim.rows()[0]);
    int drawn = Math.multiplyExact(moved, settings.candidates());
    Tensor candidates = aim.space().draw(key, ofEach(names, drawn), numbers(names, drawn));
    Tensor best = best(aim, candidates, moved, settings, random);
    int[] classes = ofEach(names, moved);
    Tensor corners = Indexing.oneHot(Tensors.of(wide(classes), classes.length), names).mul(CORNER);
    Tensor end =
        new Descending(
                Optimiser.Adam.of(settings.walk().learningRate()),
                new Schedule.Constant(),
                settings.walk().steps())
            .from(
                info().id(),
                best,
                (at, step) -> distance(logits(aim, at, settings, random), corners).sum(),
                at -> {},
                run);
    return best(aim, end, kept, settings, random);
  }

  /** Each class so many times, one class after the other. */
  private static int[] ofEach(int classes, int times) {
    return IntStream.range(0, Math.multiplyExact(classes, times)).map(i -> i / times).toArray();
  }

  private static int[] numbers(int classes, int times) {
    return IntStream.range(0, Math.multiplyExact(classes, times)).map(i -> i % times).toArray();
  }

  private static long[] wide(int[] numbers) {
    return Arrays.stream(numbers).asLongStream().toArray();
  }

  private static Tensor logits(Aim aim, Tensor latents, Settings settings, RandomGenerator random) {
    Tensor pictures = aim.space().pictures(latents);
    return aim.target().logits(aim.space().raster().shifted(pictures, settings.shift(), random));
  }

  /**
   * Poincaré's distance in the unit ball, [rows].
   *
   * @param logits [rows, classes]
   * @param corners where the classes stand, [rows, classes]
   */
  static Tensor distance(Tensor logits, Tensor corners) {
    Tensor at = logits.div(logits.abs().sum(true, 1));
    Tensor apart = at.sub(corners).square().sum(false, 1);
    Tensor room = Maths.clamp(at.square().sum(false, 1).neg().add(1), LEAST_ROOM, 1);
    double cornersRoom = 1 - CORNER * CORNER;
    return Maths.acosh(apart.mul(2 / cornersRoom).div(room).add(1));
  }

  /**
   * Of each class's vectors the so many whose pictures the target is surest of, however shifted.
   */
  private static Tensor best(
      Aim aim, Tensor latents, int keep, Settings settings, RandomGenerator random) {
    double[] sure = aim.sureness(latents, settings.shift(), settings.views(), random);
    int classes = aim.target().info().classes().size();
    int each = sure.length / classes;
    int[] chosen =
        IntStream.range(0, classes)
            .flatMap(
                c ->
                    IntStream.range(c * each, (c + 1) * each)
                        .boxed()
                        .sorted((i, j) -> Double.compare(sure[j], sure[i]))
                        .limit(keep)
                        .mapToInt(i -> i))
            .toArray();
    return Indexing.indexSelect(latents, 0, Tensors.of(wide(chosen), chosen.length));
  }
}
