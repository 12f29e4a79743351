package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.inversion.picture.Codes;
import io.afterimage.attack.inversion.picture.Descent;
import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.Partial;
import io.afterimage.attack.inversion.picture.Raster;
import io.afterimage.attack.inversion.picture.Smoothing;
import io.afterimage.attack.inversion.picture.Trails;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One run of {@link MiFace}: what its settings mean for this target, and what comes out. */
final class FaceDescent implements Descent.Surroundings, AutoCloseable {
  private final GradientTarget target;
  private final MiFace.Settings settings;
  private final Run run;
  private final Shape shape;
  private final InputRange range;
  private final Optional<Planes> planes;
  private final Optional<Partial> partial;
  private final Optional<Codes> codes;

  // Picture after picture: where each starts and ends, for which class, how sure, after how long.
  private final int[] classes;
  private final float[] starts;
  private final float[] pixels;
  private final double[] confidence;
  private final int[] steps;
  private final Trails trails;

  FaceDescent(GradientTarget target, Split split, MiFace.Settings settings, Run run) {
    TargetInfo info = target.info();
    this.target = target;
    this.settings = settings;
    this.run = run;
    this.shape = info.arrayInput().orElseThrow(() -> takesColumns(info));
    this.range = InputRange.of(split.reference(), settings.pixels());
    this.planes = Planes.of(shape, split.reference());
    check(
        planes.isPresent() || (settings.totalVariation() == 0 && settings.denoising() == 0),
        "--total-variation and --denoise-every need pictures, but %s takes rows of shape %s",
        info.name(),
        shape);
    check(
        settings.totalVariation() == 0 || settings.decoder().isEmpty(),
        "--total-variation is the cost of pixels, and steps move codes with --decoder; give one");
    this.partial = settings.knownPixels().read(shape, info.classes().size());
    int restarts = settings.restarts();
    this.classes =
        IntStream.range(0, info.classes().size() * restarts).map(row -> row / restarts).toArray();
    this.codes = settings.decoder().map(file -> codes(file, split));
    this.starts = starts(info.classes());
    this.pixels = new float[starts.length];
    this.confidence = new double[classes.length];
    this.steps = new int[classes.length];
    this.trails = Trails.of(Stages.kept(classes, shape));
  }

  private static BadInputException takesColumns(TargetInfo info) {
    return new BadInputException(
        info.name() + " takes columns; mi-face needs a model that takes one array of numbers");
  }

  private Codes codes(Path decoder, Split split) {
    Dataset probe = split.reference().select(new int[] {0});
    return Codes.of(target, decoder, settings.layer(), probe, run);
  }

  private float[] starts(List<String> names) {
    float[] pictures = new float[Math.multiplyExact(classes.length, shape.size())];
    float[] picture = new float[shape.size()];
    for (int row = 0; row < classes.length; row++) {
      String key = names.get(classes[row]) + "/" + row % settings.restarts();
      start(picture, key);
      if (partial.isPresent()) {
        partial.get().draw(picture, 0, classes[row]);
      }
      System.arraycopy(picture, 0, pictures, row * picture.length, picture.length);
    }
    return pictures;
  }

  /** Of codes, zero is a code as well. */
  private void start(float[] picture, String key) {
    if (codes.isPresent() && settings.start() == Start.ZERO) {
      codes.get().zero(picture);
    } else {
      settings.start().fill(picture, range, run, key);
    }
  }

  /** Rebuilds every class, so many pictures at once as the settings allow. */
  Reconstructions reconstructions() {
    for (int from = 0; from < classes.length; from += settings.batch()) {
      rebuild(from, Math.min(classes.length, from + settings.batch()));
    }
    return Reconstructions.of(
            shape, pixels, starts, classes, target.info().classes(), confidence, steps, List.of())
        .along(trails.stages())
        .knowing(partial.map(Partial::places).orElse(new int[0]));
  }

  @SuppressWarnings("try") // the scope is there to close
  private void rebuild(int from, int to) {
    int size = shape.size();
    try (TensorScope scope = new TensorScope()) {
      Tensor start =
          Tensors.of(Arrays.copyOfRange(starts, from * size, to * size), shape.batch(to - from));
      int[] chosen = Arrays.copyOfRange(classes, from, to);
      Descent.Outcome outcome =
          Descent.run(target, start, chosen, rule(), this, trails.among(from, to), run);
      System.arraycopy(outcome.pictures().toFloats(), 0, pixels, from * size, (to - from) * size);
      System.arraycopy(outcome.confidence(), 0, confidence, from, to - from);
      System.arraycopy(outcome.steps(), 0, steps, from, to - from);
    }
  }

  /**
   * In units of the range's width, the gradient is that much longer and the step that much too.
   * Codes have no range.
   */
  private Descent.Rule rule() {
    double unit = codes.isPresent() ? 1 : range.width() * range.width();
    return new Descent.Rule(
        settings.steps(),
        settings.patience(),
        settings.stopAt(),
        settings.rate() * unit,
        settings.momentum());
  }

  @Override
  public Tensor cost(Tensor x, Tensor confidence) {
    Tensor cost = confidence.neg().add(1);
    if (settings.totalVariation() == 0) {
      return cost;
    }
    double weight = settings.totalVariation() / range.width();
    return cost.add(Smoothing.totalVariation(raster().pictures(x)).mul(weight));
  }

  @Override
  public Tensor project(Tensor before, Tensor x, int step) {
    Tensor next = x;
    if (settings.denoising() > 0 && step % settings.denoising() == 0) {
      double noise = settings.noise() * range.width();
      next = raster().rows(Smoothing.denoiseAndSharpen(raster().pictures(x), noise), x);
    }
    InPlace.clamp(next, range.low(), range.high());
    return partial.isPresent() ? before.where(known(partial.get()), next) : next;
  }

  @Override
  public GradientTarget.Slope slope(GradientTarget asked, Tensor x, GradientTarget.Cost cost) {
    return codes.isPresent()
        ? codes.get().slope(x, cost)
        : Descent.Surroundings.super.slope(asked, x, cost);
  }

  @Override
  public Tensor moved(@Nullable Tensor spare, Tensor x, Tensor move, double factor) {
    return codes.isPresent()
        ? codes.get().moved(x, move, factor)
        : Descent.Surroundings.super.moved(spare, x, move, factor);
  }

  private Tensor known(Partial drawn) {
    return Tensors.of(drawn.known(), shape.batch(1)).gt(0);
  }

  private Raster raster() {
    return new Raster(planes.orElseThrow());
  }

  @Override
  public void close() {
    codes.ifPresent(Codes::close);
  }
}
