package io.afterimage.attack.inversion;

import io.afterimage.attack.inversion.latent.Aim;
import io.afterimage.attack.inversion.picture.Completion;
import io.afterimage.attack.inversion.picture.Descending;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Schedule;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The steps of {@link Ppa}, on whatever a generator makes pictures of: vectors are chosen, points
 * are moved, the steadiest are kept. Points stand as many of each class, one class after the other.
 */
final class PlugAndPlay {
  /** How near to the corner of the ball the class stands; at 1 all is infinitely far. */
  private static final double CORNER = 0.9999;

  private static final double LEAST_ROOM = 1e-7;

  private final String name;
  private final Aim aim;
  private final Ppa.Settings settings;
  private final Run run;
  private final RandomGenerator random;
  private final int names;
  private final int kept;
  private final int moved;

  /**
   * Steps towards an aim.
   *
   * @param name for progress: the attack's id
   */
  PlugAndPlay(String name, Aim aim, Ppa.Settings settings, Run run) {
    this.name = name;
    this.aim = aim;
    this.settings = settings;
    this.run = run;
    this.random = run.random("shift/" + aim.rows()[0]);
    this.names = aim.target().info().classes().size();
    this.kept = aim.rows().length / names;
    this.moved = kept * settings.surplus();
  }

  /**
   * The vectors that are to be moved, the best of many drawn, fitted to what is known: [moved,
   * latent].
   */
  Tensor candidates() {
    int drawn = Math.multiplyExact(moved, settings.candidates());
    int[] numbers =
        IntStream.range(0, Math.multiplyExact(names, drawn)).map(i -> i % drawn).toArray();
    Tensor all = aim.space().draw("candidate/" + aim.rows()[0], ofEach(drawn), numbers);
    Tensor chosen = Way.select(all, best(all, aim.space()::pictures, moved));
    return aim.space().fitted(chosen, ofEach(moved));
  }

  /**
   * Where points end that are moved down Poincaré's distance from their class's corner.
   *
   * @param from [moved, ...], left as it is
   * @param pictures of points
   * @param bound brings points back to where they may be, in place
   */
  Tensor moved(
      Tensor from,
      UnaryOperator<Tensor> pictures,
      int steps,
      Consumer<Tensor> bound,
      Descending.Watch watch) {
    int[] each = ofEach(moved);
    Tensor classes = Tensors.of(wide(each), each.length);
    Tensor corners = Indexing.oneHot(classes, names).mul(CORNER);
    Completion.OfRows completion = aim.completion(classes);
    return new Descending(
            Optimiser.Adam.of(settings.walk().learningRate()), new Schedule.Constant(), steps)
        .from(
            name,
            from,
            (at, step) -> {
              Tensor made = pictures.apply(at);
              Tensor apart = distance(logits(completion.whole(made)), corners).sum();
              return completion.pulled(apart, made);
            },
            bound,
            watch,
            run);
  }

  /**
   * Where those points stand, as many as pictures are wanted, that the target is surest of however
   * shifted.
   */
  int[] kept(Tensor points, UnaryOperator<Tensor> pictures) {
    return best(points, pictures, kept);
  }

  /** Each class so many times, one class after the other. */
  private int[] ofEach(int times) {
    return IntStream.range(0, Math.multiplyExact(names, times)).map(i -> i / times).toArray();
  }

  private static long[] wide(int[] numbers) {
    return Arrays.stream(numbers).asLongStream().toArray();
  }

  private Tensor logits(Tensor pictures) {
    return aim.target().logits(aim.space().raster().shifted(pictures, settings.shift(), random));
  }

  /**
   * Poincaré's distance in the unit ball, [rows].
   *
   * @param logits [rows, classes]
   * @param corners where the classes stand, [rows, classes]
   */
  private static Tensor distance(Tensor logits, Tensor corners) {
    Tensor at = logits.div(logits.abs().sum(true, 1));
    Tensor apart = at.sub(corners).square().sum(false, 1);
    Tensor room = Maths.clamp(at.square().sum(false, 1).neg().add(1), LEAST_ROOM, 1);
    double cornersRoom = 1 - CORNER * CORNER;
    return Maths.acosh(apart.mul(2 / cornersRoom).div(room).add(1));
  }

  /** Where those of each class's points stand, so many, whose pictures the target is surest of. */
  private int[] best(Tensor points, UnaryOperator<Tensor> pictures, int keep) {
    double[] sure = aim.sureness(points, pictures, settings.shift(), settings.views(), random);
    int each = sure.length / names;
    return IntStream.range(0, names)
        .flatMap(
            c ->
                IntStream.range(c * each, (c + 1) * each)
                    .boxed()
                    .sorted((i, j) -> Double.compare(sure[j], sure[i]))
                    .limit(keep)
                    .mapToInt(i -> i))
        .toArray();
  }
}
